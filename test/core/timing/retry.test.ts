import { expect, test } from 'vitest';
import type { ErrorKind } from '../../../functions/core/errors.ts';
import {
  dispositionOf,
  hourlyRetryMs,
  nextWait,
  plannedWaitMs,
  spendsAttempt,
} from '../../../functions/core/timing/retry.ts';

test('waits triple from ten seconds', () => {
  const waits = [1, 2, 3, 4, 5].map((attempt) => plannedWaitMs(attempt, 0.5));
  expect(waits).toEqual([10_000, 30_000, 90_000, 270_000, 810_000]);
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

const nowMs = Date.parse('2025-06-01T12:00:00.000Z');

function next(over: { attempt?: number; kind?: ErrorKind; waitMs?: number; spends?: boolean } = {}) {
  const { attempt = 1, kind, waitMs = 60_000 } = over;
  return nextWait({ attempt, kind, waitMs, spends: over.spends ?? spendsAttempt(kind) }, nowMs);
}

test('a wait is a message of the next attempt, and the sixth attempt is the last', () => {
  const until = '2025-06-01T12:01:00.000Z';
  expect(next({ kind: 'transient' })).toEqual({ next: 'message', attempt: 2, until });
  expect(next({ attempt: 5, kind: 'unknown-outcome' })).toEqual({ next: 'message', attempt: 6, until });
  const givenUp = { next: 'give-up', notBefore: '2025-06-01T13:00:00.000Z' };
  expect(next({ attempt: 6, kind: 'transient' })).toEqual(givenUp);
  expect(next({ attempt: 6 })).toEqual(givenUp);
});

test('throttling and a busy link spend no attempt, however often', () => {
  const sixth = { next: 'message', attempt: 6 };
  expect(next({ attempt: 6, kind: 'throttled' })).toMatchObject(sixth);
  expect(next({ attempt: 6, spends: false })).toMatchObject(sixth);
});

test('what waits longer than a message can is left to the polls for as long as was asked', () => {
  expect(next({ kind: 'throttled', waitMs: 900_000 })).toMatchObject({ next: 'message' });
  const notBefore = '2025-06-01T12:15:00.001Z';
  expect(next({ kind: 'throttled', waitMs: 900_001 })).toEqual({ next: 'give-up', notBefore });
});

test('trouble that does not pass by itself is given up at once', () => {
  for (const kind of ['rejected', 'defect', 'unauthorised'] as const) {
    expect(next({ kind })).toMatchObject({ next: 'give-up' });
  }
});
