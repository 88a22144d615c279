import { expect, test } from 'vitest';
import {
  afterSharing,
  inNewWindow,
  newRateCount,
  type RateCount,
  rateVerdict,
} from '../../../functions/core/timing/rate.ts';

/** What is let through from now on until it learns more. */
function room(count: RateCount, limit: number): number {
  let { own } = count;
  while (rateVerdict({ ...count, own }, limit) === 'free') own += 1;
  return own - count.own;
}

test('newcomers together may let through no more than twice the limit, however many come at once', () => {
  const rooms = Array.from({ length: 20 }, (_, others) => room(newRateCount(0, others), 600));
  expect(rooms.slice(0, 3)).toEqual([600, 150, 67]);
  expect(rooms.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(1_200);
});

test('who had all that was counted last has all that is left, who had a part the square of it, who had none a thirtieth', () => {
  const joined = { known: 100, own: 60, part: 0.5, joined: 7 };
  const learnt = (sent: number, total: number) => afterSharing(joined, { sent, total, instances: 3, window: 7 });
  expect(learnt(60, 160)).toEqual({ known: 160, own: 0, part: 1, joined: 7 });
  expect(learnt(60, 220)).toEqual({ known: 220, own: 0, part: 0.25, joined: 7 });
  expect(learnt(0, 220)).toEqual({ known: 220, own: 60, part: 1 / 30, joined: 7 });
  expect(learnt(0, 100)).toEqual({ ...joined });
});

test('a new window counts anew, and keeps whose traffic it was', () => {
  const count = { known: 600, own: 3, part: 0.25, joined: 7 };
  expect(inNewWindow(count)).toEqual({ known: 0, own: 0, part: 0.25, joined: 7 });
});

test('the limit is full by what is known and what is let through here', () => {
  expect(rateVerdict({ known: 590, own: 9, part: 1 }, 600)).toBe('free');
  expect(rateVerdict({ known: 590, own: 10, part: 1 }, 600)).toBe('full');
  expect(rateVerdict({ known: 300, own: 10, part: 1 / 30 }, 600)).toBe('own-part');
});
