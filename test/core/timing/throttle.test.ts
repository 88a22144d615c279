import { expect, test } from 'vitest';
import { longestMessageDelayMs } from '../../../functions/core/timing/retry.ts';
import { nextThrottle, Throttle } from '../../../functions/core/timing/throttle.ts';

const nowMs = 1_000_000_000;
const noneGiven = undefined;

test('a wait that is asked for is waited, and never less than a second', () => {
  expect(nextThrottle(undefined, nowMs, 30_000)).toEqual({ untilMs: nowMs + 30_000 });
  expect(nextThrottle(undefined, nowMs, 0)).toEqual({ untilMs: nowMs + 1_000 });
});

test('a wait that stands is made longer by another one, never shorter', () => {
  const before = { untilMs: nowMs + 20_000 };
  expect(nextThrottle(before, nowMs, 5_000)).toEqual(before);
  expect(nextThrottle(before, nowMs, 30_000)).toEqual({ untilMs: nowMs + 30_000 });
});

test('without a time the first wait is ten seconds, whatever was asked for before', () => {
  const first = { untilMs: nowMs + 10_000, chosenMs: 10_000 };
  expect(nextThrottle(undefined, nowMs, noneGiven)).toEqual(first);
  expect(nextThrottle({ untilMs: nowMs - 1 }, nowMs, noneGiven)).toEqual(first);
});

test('a wait of our own that was in vain is followed by one twice as long, up to a quarter of an hour', () => {
  const waits = [nextThrottle(undefined, nowMs, noneGiven)];
  for (const before of waits) {
    if (waits.length < 9) waits.push(nextThrottle(before, before.untilMs, noneGiven));
  }
  const seconds = waits.map(({ chosenMs = 0 }) => chosenMs / 1_000);
  expect(seconds).toEqual([10, 20, 40, 80, 160, 320, 640, 900, 900]);
  expect(waits[1]?.untilMs).toBe(nowMs + 30_000);
});

test('who calls while a wait stands has not met another one', () => {
  const before = { untilMs: nowMs + 1, chosenMs: 10_000 };
  expect(nextThrottle(before, nowMs, noneGiven)).toEqual(before);
});

test('a system that was left in peace for a quarter of an hour starts anew', () => {
  const before = { untilMs: nowMs, chosenMs: 80_000 };
  const after = (ms: number) => nextThrottle(before, nowMs + ms, noneGiven).chosenMs;
  expect(after(longestMessageDelayMs)).toBe(160_000);
  expect(after(longestMessageDelayMs + 1)).toBe(10_000);
});

test('a wait is stored with its end, and with its length only if we chose it', () => {
  const stored = { untilMs: nowMs, chosenMs: 10_000 };
  expect(Throttle.parse(stored)).toEqual(stored);
  expect(Throttle.safeParse({ untilMs: nowMs }).success).toBe(true);
  expect(Throttle.safeParse({ chosenMs: 10_000 }).success).toBe(false);
});
