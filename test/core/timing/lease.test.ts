import { expect, test } from 'vitest';
import { defaultDeadlineMs, leaseSeconds, longestDeadlineMs } from '../../../functions/core/timing/lease.ts';

test('a lease outlasts the function and every call it may have under way', () => {
  expect(leaseSeconds(60)).toBe(70);
  expect(leaseSeconds(60) * 1000).toBeGreaterThanOrEqual(60_000 + longestDeadlineMs);
  expect(defaultDeadlineMs).toBeLessThanOrEqual(longestDeadlineMs);
});
