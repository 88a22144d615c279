// Invariant: at most one process holds the lock of a path. SQLite's lock on the file belongs to the process, so that
// the operating system frees it when the holder dies and no stale lock can be left. Attacked by test/local/lock.test.ts.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

const SQLITE_BUSY = 5;

export interface Lock {
  release(): void;
}

/** Takes the lock of a file path; null when another holder (process, or another call here) has it. */
export function tryLock(file: string): Lock | null {
  mkdirSync(path.dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return null;
    throw error;
  }
  return { release: () => database.close() };
}

export interface Turn {
  /** Called once if another holder has the lock. */
  readonly waits?: () => void;
  /** Gives the waiting up. */
  readonly signal?: AbortSignal;
}

/** Does the work while holding the lock of a file path; waits for its turn. */
export async function withLock<T>(file: string, work: () => Promise<T>, { waits, signal }: Turn = {}): Promise<T> {
  let lock = tryLock(file);
  if (!lock) waits?.();
  while (!lock) {
    signal?.throwIfAborted();
    await sleep(100);
    lock = tryLock(file);
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}
