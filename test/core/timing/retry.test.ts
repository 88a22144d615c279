import { expect, test } from 'vitest';
import {
  dispositionOf,
  hourlyRetryMs,
  longestMessageDelayMs,
  maxAttempts,
  plannedWaitMs,
} from '../../../functions/core/timing/retry.ts';

test('waits triple from ten seconds', () => {
  const waits = [1, 2, 3, 4, 5].map((attempt) => plannedWaitMs(attempt, 0.5));
  expect(waits).toEqual([10_000, 30_000, 90_000, 270_000, 810_000]);
  expect(maxAttempts).toBe(6);
  expect(hourlyRetryMs).toBe(3_600_000);
});

test('six attempts span 16 to 24 minutes', () => {
  const spanMinutes = (random: number) =>
    [1, 2, 3, 4, 5].reduce((sumMs, attempt) => sumMs + plannedWaitMs(attempt, random), 0) / 60_000;
  expect(spanMinutes(0)).toBeCloseTo(16.1, 1);
  expect(spanMinutes(1)).toBeCloseTo(24.2, 1);
});

test('jitter is a fifth either way', () => {
  expect(plannedWaitMs(1, 0)).toBe(8_000);
  expect(plannedWaitMs(1, 1)).toBe(12_000);
});

test('a wait is never longer than a quarter of an hour before jitter', () => {
  expect(plannedWaitMs(9, 0.5)).toBe(900_000);
  expect(longestMessageDelayMs).toBe(900_000);
});

test('the time a system asked for is waited, and at least a second', () => {
  expect(plannedWaitMs(3, 0.9, 42_000)).toBe(42_000);
  expect(plannedWaitMs(3, 0.9, 0)).toBe(1_000);
});

test('what may pass is waited for, what an administrator must mend suspends, the rest fails', () => {
  const disposed = (kinds: readonly Parameters<typeof dispositionOf>[0][]) => kinds.map(dispositionOf);
  expect(disposed(['transient', 'throttled', 'unknown-outcome'])).toEqual(['wait', 'wait', 'wait']);
  expect(disposed(['unauthorised', 'misconfigured'])).toEqual(['suspend', 'suspend']);
  expect(disposed(['rejected', 'defect', 'stale', 'missing'])).toEqual(['fail', 'fail', 'fail', 'fail']);
});
