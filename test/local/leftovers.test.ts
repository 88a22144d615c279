import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { endLeftovers, endWholeGroup, noteRunning, startTime } from '../../local/leftovers.mjs';
import { temporaryFolder } from './temporary-folder.ts';

const LEFTOVERS = path.resolve(import.meta.dirname, '../../local/leftovers.mjs');

/** A process that starts another, notes it, and says its number. */
async function starterIn(checkout: string, { detached = false } = {}) {
  const script = `const { noteRunning } = await import(${JSON.stringify(LEFTOVERS)});
    const child = (await import('node:child_process')).spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    noteRunning(child.pid, { checkout: ${JSON.stringify(checkout)} });
    process.stdout.write(String(child.pid)); setInterval(() => {}, 1000);`;
  const starter = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached,
  });
  const [said] = await once(starter.stdout, 'data');
  const pid = Number(said);
  onTestFinished(() => {
    starter.kill('SIGKILL');
    if (startTime(pid) !== '') process.kill(pid, 'SIGKILL');
  });
  return { starter, pid };
}

test('what a killed process left is ended, and what one started that lives still is not', async () => {
  const checkout = temporaryFolder();
  const [killed, alive] = [await starterIn(checkout), await starterIn(checkout)];
  killed.starter.kill('SIGKILL');
  await once(killed.starter, 'exit');
  endLeftovers(checkout);
  expect(startTime(killed.pid)).toBe('');
  expect(startTime(alive.pid)).not.toBe('');
  expect(readdirSync(path.join(checkout, 'running'))).toEqual([`${alive.pid}.json`]);
});

test('what has ended is forgotten', async () => {
  const checkout = temporaryFolder();
  const child = spawn('sleep', ['60'], { detached: true });
  const noteEnded = noteRunning(child.pid, { checkout });
  expect(readdirSync(path.join(checkout, 'running'))).toEqual([`${child.pid}.json`]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  noteEnded();
  expect(readdirSync(path.join(checkout, 'running'))).toEqual([]);
});

test('of a group that was ended nothing runs any more, so that what it had started is found as left', async () => {
  const checkout = temporaryFolder();
  const { starter, pid } = await starterIn(checkout, { detached: true });
  endWholeGroup(starter.pid ?? 0);
  endLeftovers(checkout);
  expect(startTime(pid)).toBe('');
});
