import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { isCutOff } from '../../local/cut-off.ts';
import { startTime } from '../../local/leftovers.mjs';
import { startServer } from '../../local/server-process.ts';
import { startParts } from '../../local/start-parts.ts';
import { temporaryFolder } from './temporary-folder.ts';

function options(folder: string, script: string, isReady: () => Promise<boolean>) {
  return {
    ...{ name: 'The test server', id: 'test', folder, command: process.execPath, args: ['-e', script] },
    ...{ env: {}, cwd: folder, isReady, readyTimeoutMs: 5_000, stopTimeoutMs: 5_000 },
  };
}

/** Resolves when the process is gone or, where nobody reaps orphans, only waits to be reaped. */
async function gone(pid: number): Promise<void> {
  const stat = `/proc/${pid}/stat`;
  while (startTime(pid) !== '' && !(existsSync(stat) && readFileSync(stat, 'utf8').includes(') Z '))) await sleep(20);
}

test('stopping a server ends what it started too', async () => {
  const folder = temporaryFolder();
  const note = path.join(folder, 'child');
  const script = `const c = require('child_process').spawn('sleep', ['60']); require('fs').writeFileSync(${JSON.stringify(note)}, String(c.pid)); setInterval(() => {}, 1000);`;
  const server = await startServer(options(folder, script, async () => readFileSync(note, 'utf8') !== ''));
  const child = Number(readFileSync(note, 'utf8'));
  expect(startTime(child)).not.toBe('');
  await server.stop();
  await server.stop();
  await gone(child);
});

test('a server that does not start says why in one sentence', async () => {
  const folder = temporaryFolder();
  const script = `console.error('some line'); console.error('Error: no room'); process.exit(3);`;
  await expect(startServer(options(folder, script, async () => false))).rejects.toThrow(
    `The test server did not start (exit 3): Error: no room (all of it: ${path.join(folder, 'logs', 'test.log')})`,
  );
});

test('a program that is missing is named', async () => {
  const folder = temporaryFolder();
  const missing = { ...options(folder, '', async () => false), command: '/nowhere/python' };
  await expect(startServer(missing)).rejects.toThrow('The test server did not start (spawn /nowhere/python ENOENT)');
});

test('a server that never answers is ended', async () => {
  const folder = temporaryFolder();
  const silent = { ...options(folder, 'setInterval(() => {}, 1000)', async () => false), readyTimeoutMs: 300 };
  await expect(startServer(silent)).rejects.toThrow('The test server does not answer after 0.3 s');
});

test('when one part fails the others are stopped, also one that is still starting', async () => {
  const stopped: string[] = [];
  const part = async (name: string, delayMs: number) => {
    await sleep(delayMs);
    return { stop: async () => void stopped.push(name) };
  };
  const parts = startParts();
  await parts.add(part('first', 0));
  const slow = parts.add(part('slow', 50));
  await expect(parts.add(Promise.reject(new Error('no')))).rejects.toThrow('no');
  await parts.stop();
  await slow;
  expect(stopped).toEqual(['slow', 'first']);
});

test('what a server stored counts as cut off where it ended otherwise than told, once it had answered', async () => {
  const idle = 'setInterval(() => {}, 1000)';
  const told = temporaryFolder();
  await (await startServer(options(told, idle, async () => true))).stop();
  expect(isCutOff(told)).toBe(false);
  const killed = temporaryFolder();
  const server = await startServer(options(killed, idle, async () => true));
  process.kill(server.pid, 'SIGKILL');
  await server.ended;
  expect(isCutOff(killed)).toBe(true);
  const stubborn = temporaryFolder();
  const script = `process.on('SIGTERM', () => {}); require('fs').writeFileSync('up', ''); ${idle}`;
  const isUp = async () => existsSync(path.join(stubborn, 'up'));
  await (await startServer({ ...options(stubborn, script, isUp), stopTimeoutMs: 100 })).stop();
  expect(isCutOff(stubborn)).toBe(true);
  const silent = temporaryFolder();
  const never = { ...options(silent, idle, async () => false), readyTimeoutMs: 200 };
  await expect(startServer(never)).rejects.toThrow('does not answer');
  expect(isCutOff(silent)).toBe(false);
});
