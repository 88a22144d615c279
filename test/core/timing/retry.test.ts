import { expect, test } from 'vitest';
import { type ErrorKind, SyncError } from '../../../functions/core/errors.ts';
import {
  dispositionOf,
  hourlyRetryMs,
  nextWait,
  plannedWaitMs,
  putOffSince,
  spendsAttempt,
} from '../../../functions/core/timing/retry.ts';

test('waits grow fourfold from ten seconds', () => {
  const waits = [1, 2, 3, 4, 5].map((attempt) => plannedWaitMs(attempt, 0.5));
  expect(waits).toEqual([10_000, 40_000, 160_000, 640_000, 900_000]);
});

test('six attempts span about half an hour, and jitter cuts none of them off', () => {
  for (const random of [0, 0.25, 0.5, 0.75, 0.999]) {
    let spanMs = 0;
    for (let attempt = 1; attempt < 6; attempt += 1) {
      const waitMs = plannedWaitMs(attempt, random);
      expect(next({ attempt, kind: 'transient', waitMs }), `attempt ${attempt}`).toMatchObject({
        attempt: attempt + 1,
      });
      spanMs += waitMs;
    }
    expect(next({ attempt: 6, kind: 'transient' })).toMatchObject({ next: 'give-up' });
    expect(spanMs / 60_000).toBeGreaterThan(26);
    expect(spanMs / 60_000).toBeLessThan(32.1);
  }
});

test('an open failure is tried again not before 55 minutes, and by a call of the schedule that comes hourly within two hours', () => {
  expect(hourlyRetryMs).toBe(55 * 60_000);
});

test('what has an open failure is tried once at a time', () => {
  expect(nextWait({ attempt: 1, kind: 'transient', waitMs: 10_000, spends: true, isOpen: true }, nowMs)).toEqual({
    next: 'give-up',
    notBefore: '2025-06-01T12:55:00.000Z',
  });
});

test('what has been put off for over a quarter of an hour is given up until it may be asked again', () => {
  const asked = { attempt: 1, kind: 'throttled', spends: false, waitMs: 60_000 } as const;
  expect(nextWait({ ...asked, throttledSinceMs: nowMs - 840_000 }, nowMs)).toMatchObject({ next: 'message' });
  expect(nextWait({ ...asked, throttledSinceMs: nowMs - 840_001 }, nowMs)).toEqual({
    next: 'give-up',
    notBefore: '2025-06-01T12:01:00.000Z',
  });
});

test('jitter is a fifth either way', () => {
  expect(plannedWaitMs(1, 0)).toBe(8_000);
  expect(plannedWaitMs(1, 1)).toBe(12_000);
});

test('a wait is never longer than a quarter of an hour, jitter and all', () => {
  expect(plannedWaitMs(9, 0.999)).toBe(900_000);
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
  return nextWait(
    { attempt, kind, waitMs, spends: over.spends ?? spendsAttempt(kind && { kind, heededUntilMs: undefined }) },
    nowMs,
  );
}

test('a wait is a message of the next attempt, and the sixth attempt is the last', () => {
  const until = '2025-06-01T12:01:00.000Z';
  expect(next({ kind: 'transient' })).toEqual({ next: 'message', attempt: 2, until });
  expect(next({ attempt: 5, kind: 'unknown-outcome' })).toEqual({ next: 'message', attempt: 6, until });
  const givenUp = { next: 'give-up', notBefore: '2025-06-01T12:55:00.000Z' };
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

test('work is put off by a system that asks for patience, not by the throttling of our own storage', () => {
  expect(putOffSince({ heededUntilMs: nowMs + 5_000 }, undefined, nowMs)).toBe(nowMs);
  expect(putOffSince({ heededUntilMs: nowMs + 5_000 }, 7, nowMs)).toBe(7);
  expect(putOffSince(new SyncError('throttled', 'storage', { retryAfterMs: 1_000 }), 7, nowMs)).toBeUndefined();
});

test('trouble that does not pass by itself is given up at once', () => {
  for (const kind of ['rejected', 'defect', 'unauthorised'] as const) {
    expect(next({ kind })).toMatchObject({ next: 'give-up' });
  }
});
