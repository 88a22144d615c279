import { expect, test } from 'vitest';
import { putLast } from '../../functions/core/put-last.ts';

test('an entry that is put anew stands last, and the foremost go beyond what is kept', () => {
  const map = new Map<string, number>();
  for (const [key, value] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
    ['c', 4],
  ] as const)
    putLast(map, key, value, 2);
  expect([...map]).toEqual([
    ['a', 3],
    ['c', 4],
  ]);
  putLast(map, 'd', 5, 1);
  expect([...map]).toEqual([['d', 5]]);
});
