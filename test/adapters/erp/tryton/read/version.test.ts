import { expect, test } from 'vitest';
import type { RowStamp } from '../../../../../functions/adapters/erp/tryton/read/record.ts';
import { lastWriterIs, provenOwn, versionOf } from '../../../../../functions/adapters/erp/tryton/read/version.ts';

const row = (id: number, timestamp: string, writerId: number): RowStamp => ({
  ...{ mayWrite: true, model: 'party.address', id, timestamp, writerId },
  modifiedAtMs: Number(timestamp) * 1000,
});
const us = 7;

test('a version is the same in whatever order the rows come, and another one with every row', () => {
  const rows = [row(10, '1.5', 1), row(9, '2.5', 1)];
  expect(versionOf([...rows].reverse())).toBe(versionOf(rows));
  expect(versionOf(rows.slice(1))).not.toBe(versionOf(rows));
  expect(versionOf([row(10, '1.6', 1), row(9, '2.5', 1)])).not.toBe(versionOf(rows));
});

test('what was read after a write is ours only if every row is as before or last written by us', () => {
  const before = [row(1, '1', 1), row(2, '1', 1)];
  expect(provenOwn(us, before, [row(1, '2', us), row(2, '1', 1), row(3, '2', us)], [])).toBe(true);
  expect(provenOwn(us, before, [row(1, '2', us), row(2, '2', 1)], [])).toBe(false);
  expect(provenOwn(us, before, [row(1, '2', us), row(2, '1', 1), row(3, '2', 1)], [])).toBe(false);
  expect(provenOwn(us, before, [row(1, '2', us)], [])).toBe(false);
  expect(provenOwn(us, before, [row(1, '2', us)], ['party.address,2'])).toBe(true);
});

test('the last writer is us only where the newest row is ours', () => {
  expect(lastWriterIs(us, [row(1, '1', 1), row(2, '2', us)])).toBe(true);
  expect(lastWriterIs(us, [row(1, '2', 1), row(2, '2', us)])).toBe(false);
});
