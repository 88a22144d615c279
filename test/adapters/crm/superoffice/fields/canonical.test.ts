import { expect, test } from 'vitest';
import { valuesOfRow } from '../../../../../functions/adapters/crm/superoffice/fields/canonical.ts';
import { recordTypes } from '../../../../../functions/adapters/crm/superoffice/fields/record-types.ts';

test('half a character, as a field that cuts by code units leaves it, is read as text that can be stored', () => {
  const fields = recordTypes.company.fields.filter(({ metadata }) => metadata.type === 'text');
  const row = Object.fromEntries(fields.map(({ column }) => [column, 'cut \ud83d']));
  expect(valuesOfRow(row, fields)).toMatchObject({ name: 'cut \ufffd' });
});

test('an item is read by its id in any form that the CRM gives it, and a text is never taken for one', () => {
  const fields = recordTypes.company.fields.filter(({ metadata }) => metadata.key === 'category');
  const read = (raw: unknown) => valuesOfRow({ category: raw }, fields).category;
  expect(['[I:23]', 23, '23', '[I:0]', 0, null, ''].map(read)).toEqual(['23', '23', '23', null, null, null, null]);
  for (const text of ['Customer', '23 customers', '[I:x]', true]) {
    expect(() => read(text)).toThrow('without its id');
  }
});
