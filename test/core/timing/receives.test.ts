import { expect, test } from 'vitest';
import {
  failAtReceive,
  failPageAtReceive,
  maxReceives,
  splitAtReceive,
  visibilitySeconds,
} from '../../../functions/core/timing/receives.ts';
import { stalledSeconds } from '../../../functions/core/timing/stalled-or-abandoned.ts';

test('a chunk is split, then its poisoned link fails, before the queue gives the message up', () => {
  expect([splitAtReceive, failAtReceive, maxReceives]).toEqual([3, 4, 5]);
});

test('a page that only fails is an open failure before the queue gives its message up', () => {
  expect(failPageAtReceive).toBe(3);
});

test('a message counts as lost only after it could have come back', () => {
  expect(visibilitySeconds(60)).toBe(360);
  expect(stalledSeconds(60)).toBeGreaterThan(visibilitySeconds(60));
});
