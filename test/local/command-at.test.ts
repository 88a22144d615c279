import { expect, test } from 'vitest';
import { commandAtMs } from '../../local/command-at.ts';

test('time is counted from the command that is told, and else from the start of the process', () => {
  expect(commandAtMs('1000.5', 61_000.5)).toBe(-60_000);
  expect(commandAtMs(undefined, 61_000)).toBe(0);
});

test('a time that is none, or after the start of the process, is the start of the process', () => {
  expect([commandAtMs('', 5), commandAtMs('soon', 5), commandAtMs('6', 5)]).toEqual([0, 0, 0]);
});
