import { expect, test } from 'vitest';
import { queryUnits, readUnits, writeUnits } from '../../bench/item-units.ts';
import type { Item } from '../../functions/ports/table.ts';

/** An item of exactly so many bytes: names and values count. */
const ofBytes = (bytes: number): Item => ({ pk: 'p', sk: 's', t: 'x'.repeat(bytes - 7) });

test.each([
  [undefined, 1],
  [ofBytes(100), 1],
  [ofBytes(4096), 1],
  [ofBytes(4097), 2],
])('a read costs a unit for every started 4 KB', (item, units) => {
  expect(readUnits(item)).toBe(units);
});

test('the items of a query are summed before they are rounded, and an index costs half', () => {
  const page = Array.from({ length: 10 }, () => ofBytes(500));
  expect(queryUnits(page, false)).toBe(2);
  expect(queryUnits(page, true)).toBe(1);
  expect(queryUnits([], false)).toBe(1);
});

test.each([
  [undefined, ofBytes(1024), 1],
  [undefined, ofBytes(1025), 2],
  [ofBytes(5000), ofBytes(100), 5],
  [ofBytes(2048), undefined, 2],
  [undefined, undefined, 1],
])('a write costs a unit for every started KB of the larger item', (before, after, units) => {
  expect(writeUnits({ before, after }, false)).toBe(units);
  expect(writeUnits({ before, after }, true)).toBe(2 * units);
});
