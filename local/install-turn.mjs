// Invariant: of the processes of one checkout that would install packages one does so at a time, and one that was killed
// holds up nobody. Plain JavaScript: it is needed before Node 24 and its SQLite are there.
// Attacked by test/local/install-turn.test.ts.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, thisProcess } from './leftovers.mjs';

/**
 * Does the work once nobody else is at it.
 * @template Result
 * @param {string} file says who is at it
 * @param {() => Promise<Result>} work
 * @param {(holder: number) => void} [waits] called once if somebody else is
 */
export async function inTurn(file, work, waits = () => {}) {
  makeFolderOf(file);
  for (let isTold = false; !take(file); await sleep(200)) {
    const holder = holderOf(file);
    if (!holder) continue;
    if (!isRunning(holder)) removeOf(file, holder.pid);
    else if (!isTold) {
      waits(holder.pid);
      isTold = true;
    }
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Here it shows first whether the checkout can be written to. */
function makeFolderOf(/** @type {string} */ file) {
  const folder = path.dirname(file);
  const sample = `${file}.sample.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(sample, '');
    rmSync(sample);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'it gave no reason';
    throw new Error(
      `Nothing can be written to ${folder} (${code}): the checkout must be where you may write, with room.`,
    );
  }
}

/** A link appears with all of its content, and only where there is none. */
function take(/** @type {string} */ file) {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify(thisProcess()));
  try {
    linkSync(own, file);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(own);
  }
}

/**
 * @param {string} file
 * @returns {{ pid: number, startedAt: string } | undefined}
 */
function holderOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Takes a dead holder's file away; that of somebody who came first in doing so is put back.
 * @param {string} file
 * @param {number} pid
 */
function removeOf(file, pid) {
  const away = `${file}.of-${pid}.${process.pid}`;
  try {
    renameSync(file, away);
    if (holderOf(away)?.pid !== pid) linkSync(away, file);
  } catch {
    // Somebody else took it away.
  }
  rmSync(away, { force: true });
}
