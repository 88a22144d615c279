import { expect, test } from 'vitest';
import { itemText, severalItems } from '../../../functions/core/values/several-items.ts';

const texts = new Map([
  ['12', 'Distribution'],
  ['13', 'Prospect'],
  ['a+b', 'An item of its own'],
]);

test('of several items the texts of all are told, and without one of them none', () => {
  expect(itemText(texts, severalItems([12, 13]))).toBe('Distribution + Prospect');
  expect(itemText(texts, '13')).toBe('Prospect');
  for (const item of ['12+14', '12+', '+', '14', '']) expect(itemText(texts, item)).toBeUndefined();
});

test('an item whose key looks like several is itself', () => {
  expect(itemText(texts, 'a+b')).toBe('An item of its own');
});
