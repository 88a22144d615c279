import { expect, test } from 'vitest';
import { usage } from '../../bench/main-usage.mjs';
import { optionsOf, partNames } from '../../bench/options.ts';

test('without options every part is measured, with --only those that are named, in their own order', () => {
  expect(optionsOf([]).parts).toEqual(partNames);
  expect(optionsOf(['--only', 'cost', '--only', 'calls', '--check'])).toEqual({
    help: false,
    parts: ['calls', 'cost'],
    check: true,
    update: false,
    report: false,
  });
});

test('a part that there is not is named, with those that there are', () => {
  expect(() => optionsOf(['--only', 'speed'])).toThrow('There is no part speed: they are engine, calls');
});

test('--help is told of, and names every part and option', () => {
  expect(optionsOf(['--help']).help).toBe(true);
  for (const named of [...partNames, '--only', '--report', '--check', '--update']) expect(usage).toContain(named);
});

test.each([['--speed'], ['speed'], ['--only']])('%s is refused, with where to look', (arg) => {
  expect(() => optionsOf([arg])).toThrow(/\(see --help\)$/);
});
