// Invariant: where a server that had answered ended otherwise than in order, the state folder says so until it is emptied
// or what that server had stored is put back.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const markOf = (folder: string) => path.join(folder, 'cut-off');

/** Something may not have stored all of its data. */
export function noteCutOff(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(markOf(folder), '');
}

/** What was stored before is put back. */
export function forgetCutOff(folder: string): void {
  rmSync(markOf(folder), { force: true });
}

export function isCutOff(folder: string): boolean {
  return existsSync(markOf(folder));
}
