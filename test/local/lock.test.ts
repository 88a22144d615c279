import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test } from 'vitest';
import { tryLock, withLock } from '../../local/lock.ts';
import { temporaryFolder } from './temporary-folder.ts';

const LOCK_MODULE = path.resolve(import.meta.dirname, '../../local/lock.ts');

test('a lock has one holder until it is released', () => {
  const file = path.join(temporaryFolder(), 'deep', 'lock');
  const first = tryLock(file);
  expect(first).not.toBeNull();
  expect(tryLock(file)).toBeNull();
  first?.release();
  const second = tryLock(file);
  expect(second).not.toBeNull();
  second?.release();
});

test('the lock of a killed process is free', async () => {
  const file = path.join(temporaryFolder(), 'lock');
  const script = `const { tryLock } = await import(${JSON.stringify(LOCK_MODULE)});
    globalThis.lock = tryLock(${JSON.stringify(file)}); process.stdout.write('held'); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  expect(tryLock(file)).toBeNull();
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const lock = tryLock(file);
  expect(lock).not.toBeNull();
  lock?.release();
});

test('who waits for a lock hears it once, and may give it up', async () => {
  const file = path.join(temporaryFolder(), 'lock');
  const holder = tryLock(file);
  const stop = new AbortController();
  let heard = 0;
  const waits = () => {
    heard += 1;
  };
  const work = () => Promise.reject(new Error('nobody may be at it'));
  const waiting = withLock(file, work, { waits, signal: stop.signal });
  setTimeout(() => stop.abort(new Error('stop')), 150);
  await expect(waiting).rejects.toThrow(/^stop$/);
  expect(heard).toBe(1);
  holder?.release();
  await withLock(file, async () => {}, { waits });
  expect(heard).toBe(1);
});

test('work under one lock never overlaps and a failure frees it', async () => {
  const file = path.join(temporaryFolder(), 'lock');
  let inside = 0;
  const work = async () => {
    inside += 1;
    expect(inside).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    inside -= 1;
  };
  await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await Promise.all([withLock(file, work), withLock(file, work), withLock(file, work)]);
});
