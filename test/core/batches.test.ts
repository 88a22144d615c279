import { expect, test } from 'vitest';
import { batches } from '../../functions/core/batches.ts';

test('a list is cut into batches in its order, none longer than asked, the rest last', () => {
  expect(batches([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(batches([1, 2, 3, 4], 2)).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test('nothing makes no batch, and a short list makes one', () => {
  expect(batches([], 3)).toEqual([]);
  expect(batches(['a'], 3)).toEqual([['a']]);
});
