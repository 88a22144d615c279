// Invariant: when the work has failed or was killed, the emulator's data is that of before, or the folder says that it
// is cut off. A copy under its name is whole; it has the name until the work is done. The note of what is deployed goes
// where a killed work is undone, and then the same is deployed again. Attacked by test/local/or-as-before.test.ts.
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { forgetCutOff, noteCutOff } from './cut-off.ts';
import { deploymentNote } from './deploy.ts';

const dataOf = (folder: string) => path.join(folder, 'aws');
const copyOf = (folder: string) => path.join(folder, 'aws-before');
/** Of a copy that is being made, or taken away. */
const partOf = (folder: string) => path.join(folder, 'aws-before.part');

/**
 * Does work that may leave the stored data half changed, such as a deployment; if it fails, nothing has happened. Of what
 * the folder holds only the emulator may be at work meanwhile.
 */
export async function orAsBefore<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const data = dataOf(folder);
  const note = deploymentNote(folder);
  if (!existsSync(data)) return work();
  const deployed = existsSync(note) ? readFileSync(note, 'utf8') : undefined;
  rmSync(partOf(folder), { recursive: true, force: true });
  cpSync(data, partOf(folder), { recursive: true, filter: (file) => file !== path.join(data, 'tmp') });
  renameSync(partOf(folder), copyOf(folder));
  try {
    const result = await work();
    discardCopy(folder);
    return result;
  } catch (error) {
    try {
      putBack(folder);
      if (deployed !== undefined) writeFileSync(note, deployed);
      // The emulator was, if anything; its data is whole again.
      forgetCutOff(folder);
    } catch {
      noteCutOff(folder);
    }
    throw error;
  }
}

/** Undoes work that was killed. */
export function asBefore(folder: string): void {
  if (existsSync(copyOf(folder))) putBack(folder);
}

function putBack(folder: string): void {
  rmSync(deploymentNote(folder), { force: true });
  rmSync(dataOf(folder), { recursive: true, force: true });
  renameSync(copyOf(folder), dataOf(folder));
}

/** In one step: what is left of it is no copy any more. */
function discardCopy(folder: string): void {
  renameSync(copyOf(folder), partOf(folder));
  rmSync(partOf(folder), { recursive: true, force: true });
}
