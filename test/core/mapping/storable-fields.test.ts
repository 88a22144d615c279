import { expect, test } from 'vitest';
import { storableFields } from '../../../functions/core/mapping/storable-fields.ts';
import { FieldMetadata } from '../../../functions/core/model/field.ts';

const plain: FieldMetadata = {
  key: 'NAME',
  label: 'Name',
  description: undefined,
  type: 'text',
  maxLength: 40,
  access: 'normal',
  searchable: true,
};

test('what a system says well stays as it is', () => {
  expect(storableFields([plain])).toEqual([plain]);
});

test.each<[string, Partial<FieldMetadata>, Partial<FieldMetadata>]>([
  ['a label of 300 characters', { label: 'L'.repeat(300) }, { label: 'L'.repeat(200) }],
  [
    'a label with half a character at its cut',
    { label: `${'L'.repeat(199)}😀` },
    { label: `${'L'.repeat(199)}\ufffd` },
  ],
  ['a description of 2,000 characters', { description: 'd'.repeat(2000) }, { description: 'd'.repeat(1000) }],
  ['a length below none', { maxLength: -5 }, { maxLength: 0 }],
  ['a length with a fraction', { maxLength: 30.5 }, { maxLength: 30 }],
  ['a length beyond numbers', { maxLength: 1e308 }, { maxLength: 0 }],
  ['a length that is no number', { maxLength: Number.NaN }, { maxLength: 0 }],
])('%s is made storable', (_what, said, stored) => {
  const fields = storableFields([{ ...plain, ...said }]);
  expect(fields).toEqual([{ ...plain, ...stored }]);
  expect(FieldMetadata.array().safeParse(fields).success).toBe(true);
});

test('a field whose key or list no mapping could name is left out, and its neighbours stay', () => {
  const odd = [
    { ...plain, key: '' },
    { ...plain, key: 'k'.repeat(101) },
    { ...plain, type: 'list' as const, listName: 'l'.repeat(101) },
  ];
  expect(storableFields([...odd, plain])).toEqual([plain]);
});
