import { expect, test } from 'vitest';
import { directionsOf } from '../../../functions/core/mapping/type-rules.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';
import { type FieldType, fieldTypes } from '../../../functions/core/values/value.ts';

function field(type: FieldType, extra: Partial<FieldMetadata> = {}): FieldMetadata {
  return { key: 'k', label: 'k', type, maxLength: 0, access: 'normal', searchable: false, ...extra };
}

function possible(erp: FieldMetadata, crm: FieldMetadata) {
  return directionsOf(erp, crm).possible;
}

const country = { listName: 'country' };

test('equal types travel both ways', () => {
  for (const type of ['text', 'integer', 'decimal', 'checkbox', 'date', 'datetime'] as const) {
    expect(possible(field(type), field(type))).toEqual(['toCrm', 'toErp', 'both']);
  }
});

test('a checkbox can be shown as text, never two ways', () => {
  const { possible, refused } = directionsOf(field('checkbox'), field('text'));
  expect(possible).toEqual(['toCrm']);
  expect(refused.map(({ direction, reason }) => [direction, reason])).toEqual([
    ['toErp', 'types-differ'],
    ['both', 'types-differ'],
  ]);
});

test('what would lose a part of the value is refused for that', () => {
  expect(directionsOf(field('decimal'), field('integer'))).toMatchObject({
    possible: ['toErp'],
    refused: [{ direction: 'toCrm', reason: 'information-lost' }, { reason: 'information-lost' }],
  });
  expect(directionsOf(field('datetime'), field('date')).possible).toEqual([]);
});

test('lists go to lists and nowhere else, where both systems say which list it is', () => {
  expect(possible(field('list', country), field('list', country))).toEqual(['toCrm', 'toErp', 'both']);
  expect(possible(field('list', { listName: 'terms' }), field('list', country))).toEqual(['toCrm', 'toErp', 'both']);
  expect(directionsOf(field('list'), field('list', country)).refused).toMatchObject([
    { reason: 'list-not-mapped' },
    { reason: 'list-not-mapped' },
    { reason: 'list-not-mapped' },
  ]);
  expect(possible(field('list', country), field('text'))).toEqual([]);
});

test('a read-only field is a source only', () => {
  expect(possible(field('text', { access: 'read-only' }), field('text'))).toEqual(['toCrm']);
  expect(possible(field('text'), field('text', { access: 'read-only' }))).toEqual(['toErp']);
});

test('labels, passwords and fields gone from the ERP go nowhere', () => {
  expect(possible(field('label'), field('text'))).toEqual([]);
  expect(possible(field('text'), field('password'))).toEqual([]);
  expect(directionsOf(field('text', { missing: true }), field('text')).refused[0]?.reason).toBe('missing-in-erp');
});

test('both ways is possible exactly where each way is, and every refusal has words', () => {
  for (const erpType of fieldTypes) {
    for (const crmType of fieldTypes) {
      const { possible, refused } = directionsOf(field(erpType, country), field(crmType, country));
      expect(possible.includes('both')).toBe(possible.includes('toCrm') && possible.includes('toErp'));
      expect(possible.length + refused.length).toBe(3);
      for (const { explanation } of refused) expect(explanation).toMatch(/\.$/);
    }
  }
});
