import { expect, test } from 'vitest';
import {
  abandonedAfterMs,
  isAbandoned,
  isStalled,
  timesHelped,
} from '../../../functions/core/timing/stalled-or-abandoned.ts';

const lastProgressAt = '2026-11-23T09:00:00.000Z';
const progressMs = Date.parse(lastProgressAt);
const settings = { stalledAfterMs: 120_000 };
const until = (ms: number) => ({
  lastProgressAt,
  waiting: { kind: 'transient' as const, attempt: 1, until: new Date(ms).toISOString() },
});

test('a run has failed after six hours without progress, not sooner', () => {
  expect(abandonedAfterMs).toBe(21_600_000);
  expect(isAbandoned({ lastProgressAt }, progressMs + abandonedAfterMs)).toBe(false);
  expect(isAbandoned({ lastProgressAt }, progressMs + abandonedAfterMs + 1)).toBe(true);
});

test('the messages of a run count as lost once it has been quiet for as long as they take to come back', () => {
  expect(isStalled({ lastProgressAt }, progressMs + 119_999, settings)).toBe(false);
  expect(isStalled({ lastProgressAt }, progressMs + 120_000, settings)).toBe(true);
});

test('a run that waits is no stalled one until its wait is well over', () => {
  const waits = until(progressMs + 300_000);
  expect(isStalled(waits, progressMs + 300_000 + 119_999, settings)).toBe(false);
  expect(isStalled(waits, progressMs + 300_000 + 120_000, settings)).toBe(true);
  expect(isStalled(until(progressMs - 60_000), progressMs + 119_999, settings)).toBe(false);
});

test('a run that was helped on and stays quiet is helped on again after twice the time, and twice that', () => {
  const helped = (ms: number, times: number) => ({ lastProgressAt, helped: { at: new Date(ms).toISOString(), times } });
  const firstMs = progressMs + 120_000;
  expect(isStalled(helped(firstMs, 1), firstMs + 239_999, settings)).toBe(false);
  expect(isStalled(helped(firstMs, 1), firstMs + 240_000, settings)).toBe(true);
  expect(isStalled(helped(firstMs, 2), firstMs + 479_999, settings)).toBe(false);
  expect(isStalled(helped(firstMs, 2), firstMs + 480_000, settings)).toBe(true);
});

test('a run that was helped on the moment it last moved was helped since', () => {
  expect(timesHelped({ lastProgressAt, helped: { at: lastProgressAt, times: 1 } })).toBe(1);
});

test('a run that moved since it was helped on is a new stall', () => {
  const run = { lastProgressAt, helped: { at: new Date(progressMs - 1).toISOString(), times: 5 } };
  expect(isStalled(run, progressMs + 120_000, settings)).toBe(true);
});
