// Processes are written down with their start time, so that those of a start or test that was killed can be ended by the
// next one, and a process that merely got the same number is never touched. Plain JavaScript, as what installs needs it.
// Attacked by test/local/leftovers.test.ts.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CACHE } from './checkout.mjs';

const NOTES = 'running';

/**
 * Notes a process, which leads a group, as running for this one: in the folder that it works in and in the checkout's.
 * @param {number | undefined} pid
 * @param {{ folder?: string, checkout?: string }} [where]
 * @returns {() => void} to be called when it has ended
 */
export function noteRunning(pid, { folder, checkout = CACHE } = {}) {
  if (pid === undefined) return () => {};
  const folders = folder === undefined ? [checkout] : [folder, checkout];
  const note = { pid, startedAt: startTime(pid), owner: thisProcess(), folder };
  const files = folders.map((each) => path.join(each, NOTES, `${pid}.json`));
  for (const file of files) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(note));
  }
  return () => {
    for (const file of files) rmSync(file, { force: true });
  };
}

/**
 * Ends what an earlier user of a state folder left running; whoever calls has its lock.
 * @param {string} folder
 */
export function endLeftoversOf(folder) {
  for (const { file, note } of notesIn(folder)) {
    if (isRunning(note)) endGroup(note.pid);
    rmSync(file, { force: true });
  }
}

/**
 * Ends what starts and tests of this checkout left running, but nothing of those that run still.
 * @param {string} [checkout]
 */
export function endLeftovers(checkout = CACHE) {
  let isMore = true;
  while (isMore) {
    isMore = false;
    for (const { file, note } of notesIn(checkout)) {
      if (isRunning(note.owner)) continue;
      rmSync(file, { force: true });
      if (!isRunning(note)) continue;
      endGroup(note.pid);
      whileThere(() => isRunning(note));
      // What it had started itself is nobody's from now on.
      isMore = true;
    }
  }
}

/**
 * Who runs servers on what is installed in this checkout: a start, or tests.
 * @param {string} [checkout]
 * @returns {number | undefined} its process
 */
export function servesHere(checkout = CACHE) {
  const all = notesIn(checkout).map(({ note }) => note);
  return all.find((note) => note.folder !== undefined && isRunning(note.owner) && isRunning(note))?.owner.pid;
}

/** What was ended by force goes in a moment, unless it waits for a disk. */
function whileThere(/** @type {() => boolean} */ isThere) {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let tries = 0; isThere() && tries < 100; tries += 1) Atomics.wait(pause, 0, 0, 20);
}

/** @typedef {{ pid: number, startedAt: string }} Noted */

/**
 * @param {string} folder
 * @returns {{ file: string, note: Noted & { owner: Noted, folder?: string } }[]}
 */
function notesIn(folder) {
  const notes = path.join(folder, NOTES);
  return entriesOf(notes).flatMap((name) => {
    const file = path.join(notes, name);
    try {
      return [{ file, note: JSON.parse(readFileSync(file, 'utf8')) }];
    } catch {
      // Ended meanwhile, or cut off while it was written: its process is not known then.
      return [];
    }
  });
}

/** @param {string} folder */
function entriesOf(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** @returns {Noted} */
export function thisProcess() {
  return { pid: process.pid, startedAt: startTime(process.pid) };
}

/** @param {Noted | undefined} noted */
export function isRunning(noted) {
  return noted !== undefined && noted.startedAt !== '' && startTime(noted.pid) === noted.startedAt;
}

/**
 * Ends a process that leads a group, and all that it started.
 * @param {number} pid
 * @param {NodeJS.Signals} [signal]
 */
export function endGroup(pid, signal = 'SIGKILL') {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nothing of the group is left, which is what was wanted.
  }
}

/**
 * Ends a group, and comes back when nothing of it runs, so that what it had started itself is nobody's.
 * @param {number} pid
 */
export function endWholeGroup(pid) {
  endGroup(pid);
  whileThere(() => {
    try {
      return process.kill(-pid, 0);
    } catch {
      return false;
    }
  });
}

/**
 * When a process started, as the system words it; empty when there is none, or one that only waits to be reaped.
 * @param {number} pid
 */
export function startTime(pid) {
  try {
    // proc(5): the name in parentheses may hold spaces; start time is the 22nd field, the 20th after it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? '' : (fields[18] ?? '');
  } catch {
    if (process.platform === 'linux') return '';
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
  }
}
