import { expect, test } from 'vitest';
import { dispositionOf, maxAttempts, plannedWaitMs } from '../../../functions/core/timing/retry.ts';

/** From the first attempt to the last one, in minutes. */
function spanMinutes(random: number): number {
  let spanMs = 0;
  for (let attempt = 1; attempt < maxAttempts; attempt += 1) spanMs += plannedWaitMs(attempt, random);
  return spanMs / 60_000;
}

test('six attempts span 16 to 24 minutes', () => {
  expect(maxAttempts).toBe(6);
  expect(spanMinutes(0)).toBeCloseTo(16.1, 1);
  expect(spanMinutes(0.5)).toBeCloseTo(20.2, 1);
  expect(spanMinutes(1)).toBeCloseTo(24.2, 1);
});

test('a wait the other system asks for is waited as asked, but a second at least', () => {
  expect(plannedWaitMs(5, 0.9, 42_000)).toBe(42_000);
  expect(plannedWaitMs(1, 0.5, 0)).toBe(1_000);
});

test('trouble that passes is waited out, what an administrator must mend suspends, all else fails', () => {
  expect((['transient', 'throttled', 'unknown-outcome'] as const).map(dispositionOf)).toEqual(['wait', 'wait', 'wait']);
  expect((['unauthorised', 'misconfigured'] as const).map(dispositionOf)).toEqual(['suspend', 'suspend']);
  expect((['rejected', 'missing', 'defect'] as const).map(dispositionOf)).toEqual(['fail', 'fail', 'fail']);
});
