import { expect, test } from 'vitest';
import { baselineOf, stepsBack } from '../../bench/check.ts';
import { type Figure, median, ofRuns, percentile } from '../../bench/figure.ts';

const calls = (value: number): Figure => ({ name: 'calls.poll', value, unit: 'calls', worse: 'higher' });
const atOnce = (value: number): Figure => ({ name: 'latency.at-once', value, unit: 'calls', worse: 'lower' });

test('a figure that is worse than the baseline by more than a fifth is a step back, whichever way is worse', () => {
  const baseline = baselineOf([calls(10), atOnce(10)]);
  expect(stepsBack([calls(12), atOnce(8)], baseline)).toEqual([]);
  expect(stepsBack([calls(1), atOnce(100)], baseline)).toEqual([]);
  expect(stepsBack([calls(12.1), atOnce(7.9)], baseline)).toEqual([
    'calls.poll is 12.1 calls, was 10',
    'latency.at-once is 7.9 calls, was 10',
  ]);
});

test('what was nothing may not become something', () => {
  expect(stepsBack([calls(1)], baselineOf([calls(0)]))).toHaveLength(1);
  expect(stepsBack([calls(0)], baselineOf([calls(0)]))).toEqual([]);
});

test('times are not held to the baseline, nor is what it does not know', () => {
  const time = ofRuns('engine.changes', [1, 2, 3], 'links/s');
  expect(baselineOf([time])).toEqual({});
  expect(stepsBack([time, calls(5)], {})).toEqual([]);
});

test('a median is the middle, or between the two in the middle', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(ofRuns('a', [5, 1, 3], 's')).toMatchObject({ value: 3, spread: [1, 5] });
});

test('a percentile is a value that so many do not exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
  expect([percentile(hundred, 0.5), percentile(hundred, 0.95), percentile(hundred, 1)]).toEqual([50, 95, 100]);
  expect(percentile([], 0.5)).toBe(0);
});
