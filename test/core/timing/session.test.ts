import { expect, test } from 'vitest';
import {
  askAgainFromMs,
  askingMs,
  hasEnded,
  isAnswerHeld,
  isToBeAsked,
} from '../../../functions/core/timing/session.ts';

const minuteMs = 60_000;
const times = { endsAtMs: 10_000 * minuteMs, usedAtMs: 0, answeredAtMs: 0, askFromMs: askAgainFromMs(0) };

test('an answer that is asked for in time is in use for no more than ten minutes, a kept verdict included', () => {
  const lastUseMs = askAgainFromMs(0) + askingMs + minuteMs;
  expect(lastUseMs).toBe(10 * minuteMs);
  expect(isToBeAsked(times, askAgainFromMs(0) - 1)).toBe(false);
  expect(isToBeAsked(times, askAgainFromMs(0))).toBe(true);
  expect(isToBeAsked({ ...times, askFromMs: undefined }, 10 ** 12)).toBe(false);
});

test('an answer is held for an hour, a kept verdict included; an API key needs none', () => {
  expect([isAnswerHeld(times, 59 * minuteMs), isAnswerHeld(times, 59 * minuteMs + 1)]).toEqual([true, false]);
  expect(isAnswerHeld({ ...times, answeredAtMs: undefined }, 10 ** 12)).toBe(true);
});

test('a session ends at its end, or eight hours after its last use', () => {
  expect([hasEnded(times, 480 * minuteMs - 1), hasEnded(times, 480 * minuteMs)]).toEqual([false, true]);
  expect(hasEnded({ ...times, endsAtMs: 5 }, 5)).toBe(true);
});
