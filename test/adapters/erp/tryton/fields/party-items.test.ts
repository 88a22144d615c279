import { expect, test } from 'vitest';
import { categoryValue, composeCategory } from '../../../../../functions/adapters/erp/tryton/fields/party-items.ts';
import type { PartyRow } from '../../../../../functions/adapters/erp/tryton/fields/party-row.ts';

const roles = ['Customer', 'Supplier'];

function party(...categories: [id: number, name: string][]): PartyRow {
  const row = { 'categories.': categories.map(([id, name]) => ({ id, name })) };
  // Nothing else of a party is looked at.
  return row as PartyRow;
}

const compose = (row: PartyRow, value: string | null) => composeCategory(row, { field: 'CATEGORY', value, roles });

test('the category is the one that makes no role; of several it is none of them', () => {
  expect(categoryValue(party([1, 'Customer']), roles)).toBeNull();
  expect(categoryValue(party([1, 'Customer'], [7, 'Wholesale']), roles)).toBe('7');
  expect(categoryValue(party([9, 'Retail'], [1, 'Customer'], [7, 'Wholesale']), roles)).toBe('7+9');
});

test('one category takes the place of the other, and roles stay', () => {
  expect(compose(party([1, 'Customer']), '7')).toEqual([['add', [7]]]);
  expect(compose(party([1, 'Customer'], [7, 'Wholesale']), '9')).toEqual([
    ['remove', [7]],
    ['add', [9]],
  ]);
  expect(compose(party([7, 'Wholesale']), null)).toEqual([['remove', [7]]]);
});

test('of several categories none is changed', () => {
  expect(() => compose(party([7, 'Wholesale'], [9, 'Retail']), '9')).toThrow('cannot be written');
});
