// Invariant: where a server that had answered ended otherwise than in order, the state folder says so until it is emptied.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const markOf = (folder: string) => path.join(folder, 'cut-off');

/** Something may not have stored all of its data. */
export function noteCutOff(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(markOf(folder), '');
}

export function isCutOff(folder: string): boolean {
  return existsSync(markOf(folder));
}
