import { expect, test } from 'vitest';
import { recordTypes } from '../../../../../functions/adapters/crm/superoffice/fields/record-types.ts';
import { keyOf, rawItems, shownIn } from '../../../../../functions/adapters/crm/superoffice/read/item-rows.ts';

const fields = recordTypes.company.fields.filter(({ metadata }) => metadata.key === 'category');
const value = { RawValue: '[I:2]', DisplayValue: 'Supplier' };

test.each([
  { 'Column.category.RawValue': '[I:2]', 'Column.category.DisplayValue': 'Supplier' },
  { Column: { category: value } },
  { category: value },
])('raw values are read however the answer nests them (%j)', (row) => {
  expect(rawItems(row, fields)).toEqual({ category: '[I:2]' });
  expect(shownIn(row, 'category')).toBe('Supplier');
  expect(keyOf(row, 'category')).toBe('[I:2]');
});

test('a row without raw values is refused in words, and never taken for blanks', () => {
  for (const row of [{}, { category: 'Supplier' }, { Column: {} }]) {
    expect(() => rawItems(row, fields)).toThrow('does not tell the raw value of category');
  }
  expect(keyOf({ contactId: 7 }, 'contactId')).toBe(7);
});
