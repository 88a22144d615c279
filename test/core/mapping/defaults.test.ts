import { expect, test } from 'vitest';
import {
  defaultFaults,
  type FieldDefault,
  inRankOrder,
  orderFaults,
} from '../../../functions/core/mapping/defaults.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';

function field(key: string, more: Partial<FieldMetadata> = {}): FieldMetadata {
  return { key, label: key, type: 'text', maxLength: 0, access: 'normal', searchable: false, ...more };
}

const erpFields = [
  field('NAME', { access: 'mandatory' }),
  field('CODE', { maxLength: 3 }),
  field('SIZE', { type: 'integer' }),
  field('RATE', { type: 'decimal' }),
  field('BLOCKED', { type: 'checkbox' }),
  field('SINCE', { type: 'date' }),
  field('TERM', { type: 'list', listName: 'term' }),
  field('NUMBER', { access: 'read-only' }),
  field('HINT', { type: 'label' }),
  field('OLD', { missing: true }),
];
const items = new Map([['term', [{ key: '7', text: '30 days' }]]]);
const faultsOf = (...defaults: Partial<FieldDefault>[]) =>
  defaultFaults(
    erpFields,
    defaults.map((one) => ({ erpField: 'NAME', ask: false, mandatory: false, ...one })),
    items,
  ).map(({ path }) => path);

test('a default is fixed, asked for, or both, and mandatory or not, in every combination that says something', () => {
  for (const value of [undefined, 'x']) {
    for (const ask of [false, true]) {
      for (const mandatory of [false, true]) {
        const says = value !== undefined || ask || mandatory;
        expect(faultsOf({ value, ask, mandatory }), JSON.stringify({ value, ask, mandatory })).toEqual(
          says ? [] : ['defaults[0]'],
        );
      }
    }
  }
});

test('a fixed value is one of the type of its field, and of a list one of its items', () => {
  const good = { CODE: 'abc', SIZE: 4, RATE: '1.5', BLOCKED: true, SINCE: '2026-11-27', TERM: '7' };
  const bad = { CODE: 'abcd', SIZE: 'many', RATE: 'x', BLOCKED: 'perhaps', SINCE: '27-11-2026', TERM: '8', NAME: '  ' };
  for (const [erpField, value] of Object.entries(good)) expect(faultsOf({ erpField, value }), erpField).toEqual([]);
  for (const [erpField, value] of Object.entries(bad)) {
    expect(faultsOf({ erpField, value }), erpField).toEqual(['defaults[0].value']);
  }
});

test('only a field that takes a value has a default, and each field one', () => {
  for (const erpField of ['NUMBER', 'HINT', 'OLD', 'NOWHERE']) {
    expect(faultsOf({ erpField, ask: true }), erpField).toEqual(['defaults[0].erpField']);
  }
  expect(faultsOf({ ask: true }, { value: 'x' })).toEqual(['defaults[1].erpField']);
});

test('fields stand in the order given, what came since follows, what is gone comes last', () => {
  const order = ['SIZE', 'NAME', 'GONE'];
  const keys = inRankOrder(erpFields, order).map(({ key }) => key);
  expect(keys.slice(0, 3)).toEqual(['SIZE', 'NAME', 'CODE']);
  expect(keys.at(-1)).toBe('OLD');
  expect(inRankOrder(erpFields).map(({ rank }) => rank)).toEqual(erpFields.map((_, at) => at));
});

test('an order names each field that is offered once', () => {
  const whole = erpFields.filter(({ missing }) => !missing).map(({ key }) => key);
  expect(orderFaults(erpFields, whole.toReversed())).toEqual([]);
  expect(orderFaults(erpFields, [...whole.slice(1), 'CODE', 'OLD']).map(({ path }) => path)).toEqual([
    `erpFields[${whole.length - 1}]`,
    `erpFields[${whole.length}]`,
    'erpFields',
  ]);
});
