import { expect, test } from 'vitest';
import { optionsOf, partNames } from '../../bench/options.ts';

test('without options every part is measured, with --only those that are named, in their own order', () => {
  expect(optionsOf([]).parts).toEqual(partNames);
  expect(optionsOf(['--only', 'cost', '--only', 'calls', '--check'])).toEqual({
    parts: ['calls', 'cost'],
    check: true,
    update: false,
    report: false,
  });
});

test('a part that there is not is named, with those that there are', () => {
  expect(() => optionsOf(['--only', 'speed'])).toThrow('There is no part speed: they are engine, calls');
});
