// Invariant: when the work has failed, the emulator's data and the note of what is deployed are those of before, or the
// folder says that they are cut off. Attacked by test/local/or-as-before.test.ts.
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { noteCutOff } from './cut-off.ts';
import { deploymentNote } from './deploy.ts';

/** Does work that may leave the stored data half changed, such as a deployment; if it fails, nothing has happened. */
export async function orAsBefore<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const data = path.join(folder, 'aws');
  const copy = path.join(folder, 'aws-before');
  const note = deploymentNote(folder);
  rmSync(copy, { recursive: true, force: true });
  if (!existsSync(data)) return work();
  const deployed = existsSync(note) ? readFileSync(note, 'utf8') : undefined;
  cpSync(data, copy, { recursive: true, filter: (file) => file !== path.join(data, 'tmp') });
  try {
    return await work();
  } catch (error) {
    try {
      rmSync(data, { recursive: true, force: true });
      renameSync(copy, data);
      if (deployed !== undefined) writeFileSync(note, deployed);
    } catch {
      noteCutOff(folder);
    }
    throw error;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
