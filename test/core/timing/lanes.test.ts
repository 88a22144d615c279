import { expect, test } from 'vitest';
import { laneOfConnection, laneOfWork } from '../../../functions/core/timing/lanes.ts';

function lanesOf(count: number): string[] {
  return Array.from({ length: count }, (_, place) => laneOfConnection(place, count));
}

test('the first third of the connections is high, the last third low, the rest normal', () => {
  expect(lanesOf(1)).toEqual(['normal']);
  expect(lanesOf(2)).toEqual(['high', 'normal']);
  expect(lanesOf(3)).toEqual(['high', 'normal', 'low']);
  expect(lanesOf(7)).toEqual(['high', 'high', 'high', 'normal', 'normal', 'low', 'low']);
});

test('interactive work is high, polls keep the lane of the connection, background work goes one lower', () => {
  expect(laneOfWork('interactive', 'low')).toBe('high');
  expect(laneOfWork('asked', 'high')).toBe('normal');
  expect(laneOfWork('schedule', 'normal')).toBe('normal');
  expect(laneOfWork('background', 'high')).toBe('normal');
  expect(laneOfWork('background', 'low')).toBe('low');
});
