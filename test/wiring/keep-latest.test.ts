import { expect, test } from 'vitest';
import { keepLatest } from '../../functions/wiring/keep-latest.ts';

function counting(maxOwners = 10) {
  let made = 0;
  const keep = keepLatest<string>({ maxOwners });
  const get = (owner: string, version: string) =>
    keep(owner, version, async () => {
      made += 1;
      return `${owner} ${version} #${made}`;
    });
  return { get, keep };
}

test('an owner keeps its instance while its version stays', async () => {
  const { get } = counting();
  expect(await get('A', '1')).toBe('A 1 #1');
  expect(await get('A', '1')).toBe('A 1 #1');
  expect(await get('A', '2')).toBe('A 2 #2');
  expect(await get('A', '1')).toBe('A 1 #3');
});

test('two callers at once get one instance', async () => {
  const { get } = counting();
  expect(await Promise.all([get('A', '1'), get('A', '1')])).toEqual(['A 1 #1', 'A 1 #1']);
});

test('an instance that could not be made is tried again', async () => {
  const { keep, get } = counting();
  await expect(keep('A', '1', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await get('A', '1')).toBe('A 1 #1');
});

test('the owner that was not asked for the longest goes first', async () => {
  const { get } = counting(2);
  await get('A', '1');
  await get('B', '1');
  await get('A', '1');
  await get('C', '1');
  expect(await get('A', '1')).toBe('A 1 #1');
  expect(await get('B', '1')).toBe('B 1 #4');
});
