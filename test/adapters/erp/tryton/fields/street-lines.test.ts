import { expect, test } from 'vitest';
import { streetLine, withStreetLines } from '../../../../../functions/adapters/erp/tryton/fields/street-lines.ts';

test('lines are read by number, and an all-white one is blank', () => {
  expect([1, 2, 3].map((line) => streetLine('Kade 7\r\n \nachter', line))).toEqual(['Kade 7', null, 'achter']);
  expect(streetLine(null, 1)).toBeNull();
});

test('a written line reads back, and further lines stay', () => {
  const street = withStreetLines('a\nb\nc\nd', new Map([[2, null]]));
  expect(street).toBe('a\n\nc\nd');
  expect(withStreetLines(null, new Map([[3, 'c']]))).toBe('\n\nc');
  expect(withStreetLines('a\nb', new Map([[2, null]]))).toBe('a');
  expect(withStreetLines('a', new Map([[1, null]]))).toBeNull();
});
