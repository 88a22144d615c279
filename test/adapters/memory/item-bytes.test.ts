import { expect, test } from 'vitest';
import { itemBytes } from '../../../functions/adapters/memory/item-bytes.ts';
import type { Attribute } from '../../../functions/ports/table.ts';

const key = { pk: 'p', sk: 's' };
const keyBytes = 'pkpsks'.length;

/** As in https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html. */
test.each<[what: string, value: Attribute, bytes: number]>([
  ['text in UTF-8', 'aé€', 6],
  ['nothing', null, 1],
  ['a truth', true, 1],
  ['zero', 0, 1],
  ['two digits', 42, 2],
  ['three digits', 421, 3],
  ['zeroes at the ends', 4200, 2],
  ['a fraction', 0.0042, 2],
  ['a set, its members alone', new Set(['ab', 'é']), 4],
  ['an empty list', [], 3],
  ['a list, with one byte for each element', ['ab', null], 3 + 2 + 1 + 2],
  ['a map, with its names and one byte for each element', { one: 'ab', two: [] }, 3 + 3 + 2 + 3 + 3 + 2],
])('%s has the documented size', (_what, value, bytes) => {
  expect(itemBytes({ ...key, n: value })).toBe(keyBytes + 'n'.length + bytes);
});

test('an attribute without a value counts nothing', () => {
  expect(itemBytes({ ...key, none: undefined })).toBe(keyBytes);
});
