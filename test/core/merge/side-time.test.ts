import { expect, test } from 'vitest';
import { seenAfter } from '../../../functions/core/merge/seen.ts';
import { clockErrorMs, sideTime } from '../../../functions/core/merge/side-time.ts';
import type { SeenState } from '../../../functions/core/model/link.ts';

const covered = ['name'];
const record = { version: 'v1', values: { name: 'A' }, changedAtMs: 100_000, lastWriterIsUs: false };
const time = (seen: SeenState | undefined, now: object = {}, errorMs = 0, overtaken = false) =>
  sideTime({ record: { ...record, ...now }, seen, covered, clockErrorMs: errorMs, overtaken });
const seenOf = (read: typeof record) => seenAfter({ read, sent: {}, answer: { outcome: 'none' }, covered });

test('a time is told by our clock, however far ahead or behind its server is', () => {
  expect(time(seenOf(record), {}, 3_600_000)?.changedAtMs).toBe(100_000 - 3_600_000);
  expect(time(seenOf(record), {}, -60_000)?.changedAtMs).toBe(160_000);
});

test('a clock is wrong only by what the time of the read itself cannot explain', () => {
  expect(clockErrorMs(3_601_000, 1_000, 1_500)).toBe(3_599_500);
  expect(clockErrorMs(1_200, 1_000, 1_500)).toBe(0);
  expect(clockErrorMs(400, 1_000, 1_500)).toBe(-600);
});

test('a record that something unmapped has moved since it was seen was changed when it was seen', () => {
  const seen = seenOf(record);
  const moved = { version: 'v2', changedAtMs: 900_000 };
  expect(time(seen, moved)).toEqual({ changedAtMs: 100_000, lastWriterIsUs: false, sure: true });
  expect(time(seen, moved, 30_000)?.changedAtMs).toBe(70_000);
  expect(time(seen, { ...moved, lastWriterIsUs: true })?.lastWriterIsUs).toBe(false);
  expect(time(seen, { ...moved, values: { name: 'B' } })?.changedAtMs).toBe(900_000);
  expect(time(seen, { ...moved, changedAtMs: 50_000 })?.changedAtMs).toBe(50_000);
});

test('a record that was last seen as our own write left it has no time of its own once something unmapped moves it', () => {
  const ours = seenAfter({
    read: record,
    sent: { name: 'B' },
    answer: { outcome: 'ok', version: 'v2', stored: { name: 'B' } },
    covered,
  });
  expect(time(ours, { version: 'v3', values: { name: 'B' }, changedAtMs: 900_000 })).toBeUndefined();
  const readBack = seenOf({ ...record, lastWriterIsUs: true });
  expect(time(readBack, { version: 'v2', changedAtMs: 900_000 })).toBeUndefined();
});

test('where a write of ours may have landed in between, what looks as it was seen may have been put back: its own time counts', () => {
  const moved = { version: 'v2', changedAtMs: 900_000 };
  expect(time(seenOf(record), moved, 0, true)).toEqual({ changedAtMs: 900_000, lastWriterIsUs: false, sure: false });
});

test('a time is unsure where the record was never seen, or its system cannot tell who wrote last', () => {
  expect(time(undefined)?.sure).toBe(false);
  expect(time(seenOf(record), { lastWriterIsUs: undefined })?.sure).toBe(false);
  expect(time(seenOf(record))).toEqual({ changedAtMs: 100_000, lastWriterIsUs: false, sure: true });
  expect(time(seenOf(record), { lastWriterIsUs: true })?.lastWriterIsUs).toBe(true);
});

test('a record without a time has none', () => {
  expect(time(seenOf(record), { changedAtMs: undefined })).toBeUndefined();
});
