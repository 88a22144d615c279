import { expect, test } from 'vitest';
import { added, dollars, noUsage, times, usageOf } from '../../bench/cost-model.ts';
import { prices } from '../../bench/prices.ts';

const counted = { readUnits: 8, writeUnits: 2, messages: 3, invocations: 4, storageRounds: 10, systemRounds: 2 };
const assumed = { storageMs: 5, callMs: 200, invocationMs: 25, functionGb: 0.5, logBytes: 1_000 };

test('functions are paid for while they wait, and a message is three requests', () => {
  expect(usageOf(counted, assumed)).toEqual({
    ...noUsage,
    readUnit: 8,
    writeUnit: 2,
    lambdaGbSecond: 0.275,
    lambdaRequest: 4,
    sqsRequest: 9,
    logGb: 4e-6,
  });
});

test('a million polls of eight read units and a write unit have the price of the list', () => {
  const usage = times({ ...noUsage, readUnit: 8, writeUnit: 1, schedulerCall: 1 }, 1e6);
  expect(dollars(usage, prices['us-east-1'])).toBeCloseTo(8 * 0.125 + 0.625 + 1);
  expect(dollars(usage, prices['eu-west-1'])).toBeCloseTo(8 * 0.141 + 0.705 + 1);
});

test('usage adds up', () => {
  const usage = usageOf(counted, assumed);
  expect(added([usage, usage])).toEqual(times(usage, 2));
  expect(added([])).toEqual(noUsage);
});
