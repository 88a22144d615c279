import { expect, test } from 'vitest';
import { valuesOfRow } from '../../../../../functions/adapters/crm/superoffice/fields/canonical.ts';
import { recordTypes } from '../../../../../functions/adapters/crm/superoffice/fields/record-types.ts';

test('half a character, as a field that cuts by code units leaves it, is read as text that can be stored', () => {
  const { fields } = recordTypes.company;
  const row = Object.fromEntries(fields.map(({ column }) => [column, 'cut \ud83d']));
  expect(valuesOfRow(row, fields)).toMatchObject({ name: 'cut \ufffd' });
});
