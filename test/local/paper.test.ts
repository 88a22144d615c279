import { expect, test } from 'vitest';
import { paperOf, wrapped } from '../../local/paper.ts';

test('what is written is as wide as the terminal, 80 elsewhere, and never too wide to read', () => {
  const width = (columns?: number, isTTY = true) => paperOf({ isTTY, columns }, {}).width;
  expect([width(80), width(100), width(200), width(10)]).toEqual([80, 100, 110, 40]);
  expect([width(undefined), width(120, false), paperOf({}, {}).width]).toEqual([80, 80, 80]);
});

test.each([
  ['a terminal', true, {}, '\u001b[1mword\u001b[22m'],
  ['a file', false, {}, 'word'],
  ['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, 'word'],
  ['a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, '\u001b[1mword\u001b[22m'],
  ['a terminal that knows no colours', true, { TERM: 'dumb' }, 'word'],
])('on %s words stand out or not', (_, isTTY, environment, expected) => {
  expect(paperOf({ isTTY }, environment).strong('word')).toBe(expected);
});

test('a line is broken at spaces and goes on indented, and a long word stays whole', () => {
  expect(wrapped('Name      one two three', 14, 10)).toBe('Name      one\n          two\n          three');
  expect(wrapped('  http://a.very.long.address and more', 12, 2)).toBe('  http://a.very.long.address\n  and more');
  expect(wrapped('short', 12, 2)).toBe('short');
});
