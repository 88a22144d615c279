import fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorKinds } from '../../../functions/core/errors.ts';
import {
  type Breaker,
  isOutage,
  isTripped,
  type LastCalls,
  openedBreaker,
  probedBreaker,
  withCall,
} from '../../../functions/core/timing/breaker.ts';

test('five bad calls of the last ten leave a side alone, whatever came before', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (all) => {
      let last: LastCalls = [];
      for (const isBad of all) last = withCall(last, isBad);
      expect(last).toEqual(all.slice(-10));
      expect(isTripped(last)).toBe(all.slice(-10).filter(Boolean).length >= 5);
    }),
  );
});

test('a side is left alone for half a minute, twice as long after each probe in vain, a quarter of an hour at most', () => {
  let nowMs = 1_000_000;
  let breaker: Breaker | undefined;
  const opened: number[] = [];
  for (let times = 0; times < 8; times += 1) {
    breaker = openedBreaker(breaker, nowMs);
    opened.push((breaker.untilMs - nowMs) / 1000);
    nowMs = breaker.untilMs;
    breaker = probedBreaker(breaker, nowMs);
    expect(breaker.untilMs - nowMs).toBe(15_000);
    nowMs += 10_000;
  }
  expect(opened).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
});

test('a system is down where it does not answer, not where it refuses or asks for patience', () => {
  const outages = errorKinds.filter((kind) => isOutage({ kind, listTrouble: undefined }));
  expect(outages).toEqual(['transient', 'unknown-outcome']);
  expect(isOutage({ kind: 'transient', listTrouble: 'clock-stepped-back' })).toBe(false);
});
