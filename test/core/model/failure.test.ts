import { expect, test } from 'vitest';
import { Failure, failureAgain, failureOf } from '../../../functions/core/model/failure.ts';

const trouble = {
  tenantId: 't',
  id: 'f',
  connectionId: 'c',
  kind: 'transient',
  reason: 'transient',
  at: '2026-11-23T00:00:00.000Z',
} as const;

test('a failure is opened once, now, with as many of the words of the vendor as are kept', () => {
  const failure = failureOf({ ...trouble, explanation: 'x'.repeat(5_000) });
  expect(failure).toMatchObject({ attempts: 1, firstAt: trouble.at, lastAt: trouble.at, fields: [] });
  expect(Failure.parse(failure).explanation).toHaveLength(4_000);
  expect(failureOf({ ...trouble, attempts: 6 }).attempts).toBe(6);
});

test('the same trouble met again began when it began, and its attempts add up', () => {
  const first = failureOf({ ...trouble, attempts: 6 });
  const later = failureOf({ ...trouble, attempts: 6, reason: 'always-refused', at: '2026-11-23T01:00:00.000Z' });
  expect(failureAgain(first, later)).toEqual({ ...later, attempts: 12, firstAt: first.firstAt });
  expect(failureAgain(undefined, later)).toEqual(later);
});
