import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inTurn } from '../../local/install-turn.mjs';
import { thisProcess } from '../../local/leftovers.mjs';
import { temporaryFolder } from './temporary-folder.ts';

test('work of several never overlaps, each hears once whom it waits for, and nothing is left', async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'installing');
  const heard: number[] = [];
  let inside = 0;
  const work = async () => {
    inside += 1;
    expect(inside).toBe(1);
    await sleep(20);
    inside -= 1;
    return 'done';
  };
  const all = [1, 2, 3].map(() => inTurn(file, work, (holder) => heard.push(holder)));
  expect(await Promise.all(all)).toEqual(['done', 'done', 'done']);
  expect(heard).toEqual([process.pid, process.pid]);
  await expect(inTurn(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(readdirSync(folder)).toEqual([]);
});

test('who was killed holds up nobody, also where another process got the number', async () => {
  const file = path.join(temporaryFolder(), 'installing');
  const { pid } = spawnSync('true');
  for (const holder of [
    { pid, startedAt: '1' },
    { ...thisProcess(), startedAt: 'another time' },
  ]) {
    writeFileSync(file, JSON.stringify(holder));
    expect(await inTurn(file, async () => 'done')).toBe('done');
  }
});

test('a checkout that cannot be written to is named, with what to do', async () => {
  const file = path.join(temporaryFolder(), 'a-file');
  writeFileSync(file, '');
  const wanted = path.join(file, 'cache');
  await expect(inTurn(path.join(wanted, 'installing'), async () => 'done')).rejects.toThrow(
    `Nothing can be written to ${wanted} (ENOTDIR): the checkout must be where you may write, with room.`,
  );
});
