import { expect, test } from 'vitest';
import { fieldsInUse, keysInUse } from '../../../functions/core/mapping/fields-in-use.ts';
import type { FieldMapping } from '../../../functions/core/mapping/mapping.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';

function field(key: string): FieldMetadata {
  const shape = { type: 'text', maxLength: 0, access: 'normal', searchable: false } as const;
  return { key, label: key, description: 'For people.', ...shape };
}

function row(erpField: string, crmField: string, direction: FieldMapping['direction']): FieldMapping {
  return { erpField, crmField, direction, showInSearch: false, showInErpTab: false };
}

const type = {
  fields: [row('NAME', 'name', 'both'), row('PHONE', 'phone', 'none'), row('=', 'source', 'toCrm')],
  filter: [{ field: 'BLOCKED', operator: '=' as const, values: [false] }],
  defaults: [{ erpField: 'COUNTRY', value: 'NL', ask: false, mandatory: false }],
  erpFields: ['NAME', 'PHONE', 'BLOCKED', 'COUNTRY', 'OTHER'].map(field),
  crmFields: ['name', 'phone', 'source', 'other'].map(field),
};

test('the fields of rows, filter and defaults are in use, without what only people read', () => {
  const { erpFields, crmFields } = fieldsInUse(type);
  expect(erpFields.map(({ key }) => key)).toEqual(['NAME', 'PHONE', 'BLOCKED', 'COUNTRY']);
  expect(crmFields.map(({ key }) => key)).toEqual(['name', 'phone', 'source']);
  expect([...erpFields, ...crmFields].filter((one) => 'description' in one)).toEqual([]);
});

test('a row that is only shown puts its fields in no use that drift is told of', () => {
  const { erp, crm } = keysInUse(type);
  expect([...erp]).toEqual(['NAME', '=', 'BLOCKED', 'COUNTRY']);
  expect([...crm]).toEqual(['name', 'source']);
});
