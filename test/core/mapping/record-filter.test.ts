import { expect, test } from 'vitest';
import {
  filterFaults,
  filterFields,
  isInsideFilter,
  type Restriction,
} from '../../../functions/core/mapping/record-filter.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';
import type { FieldType, Value } from '../../../functions/core/values/value.ts';

function field(key: string, type: FieldType, more: Partial<FieldMetadata> = {}): FieldMetadata {
  return { key, label: key, type, maxLength: 0, access: 'normal', searchable: false, ...more };
}

const erpFields = [
  field('NAME', 'text'),
  field('SIZE', 'integer'),
  field('RATE', 'decimal'),
  field('BLOCKED', 'checkbox'),
  field('GROUP', 'list', { listName: 'group' }),
  field('SINCE', 'date'),
  field('SEEN', 'datetime'),
  field('SECRET', 'password'),
  field('OLD', 'text', { missing: true }),
];

function inside(
  key: string,
  value: Value,
  operator: Restriction['operator'],
  ...values: Restriction['values']
): boolean {
  return isInsideFilter({ erpFields, filter: [{ field: key, operator, values }] }, { [key]: value });
}

test('texts are compared without regard to case and outer spaces', () => {
  expect(inside('NAME', ' Acme ', '=', 'ACME')).toBe(true);
  expect(inside('NAME', 'Acme', 'isnot', 'acme')).toBe(false);
  expect(inside('NAME', 'Acme BV', 'begins', 'acme')).toBe(true);
  expect(inside('NAME', 'Acme BV', 'contains', 'ME b')).toBe(true);
  expect(inside('NAME', 'Acme BV', 'ends', 'bv')).toBe(true);
  expect(inside('NAME', 'Acme BV', 'notbegins', 'acme')).toBe(false);
  expect(inside('NAME', 'Acme BV', 'notcontains', 'x')).toBe(true);
  expect(inside('NAME', 'Acme BV', 'notends', 'bv')).toBe(false);
  expect(inside('NAME', 'Bol', 'between', 'a', 'c')).toBe(true);
});

test('numbers are compared by value, whatever their form', () => {
  expect(inside('SIZE', 10, '>', 9)).toBe(true);
  expect(inside('SIZE', 10, '<', '9')).toBe(false);
  expect(inside('RATE', '1.50', '=', '1.5')).toBe(true);
  expect(inside('RATE', '1.50', '!=', 1.5)).toBe(false);
  expect(inside('RATE', '10', '>=', '9.99')).toBe(true);
  expect(inside('RATE', '10', '<=', '10.0')).toBe(true);
  expect(inside('SIZE', 5, 'between', 5, 6)).toBe(true);
});

test('yes and no, list items, days and times are compared as such', () => {
  expect(inside('BLOCKED', true, '=', false)).toBe(false);
  expect(inside('BLOCKED', null, '=', false)).toBe(true);
  expect(inside('GROUP', '3', 'oneof', '1', '3')).toBe(true);
  expect(inside('GROUP', '3', 'notoneof', '1', '3')).toBe(false);
  expect(inside('SINCE', '2026-01-02', 'after', '2026-01-01')).toBe(true);
  expect(inside('SINCE', '2026-01-02', 'before', '2026-01-02')).toBe(false);
  expect(inside('SINCE', '2026-01-02', 'beforeOrEqual', '2026-01-02')).toBe(true);
  expect(inside('SEEN', '2026-01-02T08:00:00.000Z', 'afterOrEqual', '2026-01-02T09:00:00+01:00')).toBe(true);
  expect(inside('SINCE', '2026-01-02', 'between', '2026-01-02', '2026-01-03')).toBe(true);
});

test('a blank is inside only what excludes a value', () => {
  for (const operator of ['isnot', 'notbegins', 'notcontains', 'notends'] as const) {
    expect(inside('NAME', null, operator, 'x'), operator).toBe(true);
  }
  for (const operator of ['=', 'begins', 'contains', 'ends'] as const) {
    expect(inside('NAME', null, operator, 'x'), operator).toBe(false);
  }
  expect([inside('SIZE', null, '!=', 1), inside('SIZE', null, '<', 1)]).toEqual([true, false]);
  expect([inside('GROUP', null, 'notoneof', '1'), inside('GROUP', null, 'oneof', '1')]).toEqual([true, false]);
  expect(inside('SINCE', null, 'before', '2026-01-01')).toBe(false);
});

test('a record is inside if every condition is met, and outside where a field is gone that one asks for', () => {
  const filter: Restriction[] = [
    { field: 'NAME', operator: 'begins', values: ['a'] },
    { field: 'SIZE', operator: '>', values: [1] },
  ];
  expect(isInsideFilter({ erpFields, filter }, { NAME: 'Acme', SIZE: 2 })).toBe(true);
  expect(isInsideFilter({ erpFields, filter }, { NAME: 'Acme', SIZE: 1 })).toBe(false);
  expect(isInsideFilter({ erpFields, filter: undefined }, {})).toBe(true);
  const gone: Restriction[] = [{ field: 'OLD', operator: 'isnot', values: ['x'] }];
  expect(isInsideFilter({ erpFields, filter: gone }, {})).toBe(false);
  expect(filterFields({ erpFields, filter: [...filter, ...gone] })).toEqual(['NAME', 'SIZE']);
});

test('a condition that nothing can be compared with is met by no record', () => {
  for (const operator of ['=', 'isnot', 'contains', 'notcontains', 'between'] as const) {
    expect(inside('NAME', 'undefined', operator, ' ', 'x'), operator).toBe(false);
    expect(inside('NAME', null, operator, ' ', 'x'), operator).toBe(false);
  }
  expect(inside('SIZE', 5, '!=', 'many')).toBe(false);
});

test('the first instant of 1970 is one like any other', () => {
  expect(inside('SEEN', '1970-01-01T00:00:00Z', 'before', '1970-01-02T00:00:00Z')).toBe(true);
  expect(inside('SEEN', '2026-01-02T00:00:00Z', 'after', '1970-01-01T00:00:00Z')).toBe(true);
});

test('each fault of a filter is named with its place', () => {
  const faultsOf = (...filter: Restriction[]) => filterFaults({ erpFields }, filter).map(({ path }) => path);
  expect(faultsOf({ field: 'NOWHERE', operator: '=', values: ['x'] })).toEqual(['filter[0].field']);
  expect(faultsOf({ field: 'OLD', operator: '=', values: ['x'] })).toEqual(['filter[0].field']);
  expect(faultsOf({ field: 'SECRET', operator: '=', values: ['x'] })).toEqual(['filter[0].field']);
  expect(faultsOf({ field: 'SIZE', operator: 'begins', values: [1] })).toEqual(['filter[0].operator']);
  expect(faultsOf({ field: 'SIZE', operator: 'between', values: [1] })).toEqual(['filter[0].values']);
  expect(faultsOf({ field: 'NAME', operator: '=', values: ['a', 'b'] })).toEqual(['filter[0].values']);
  expect(faultsOf({ field: 'SIZE', operator: '=', values: ['many'] })).toEqual(['filter[0].values[0]']);
  expect(faultsOf({ field: 'BLOCKED', operator: '=', values: ['yes'] })).toEqual(['filter[0].values[0]']);
  expect(faultsOf({ field: 'SINCE', operator: 'after', values: ['01-02-2026'] })).toEqual(['filter[0].values[0]']);
  expect(faultsOf({ field: 'NAME', operator: '=', values: [1] })).toEqual(['filter[0].values[0]']);
  expect(faultsOf({ field: 'GROUP', operator: 'oneof', values: ['1', '2'] })).toEqual([]);
  expect(faultsOf({ field: 'NAME', operator: 'isnot', values: [''] })).toEqual(['filter[0].values[0]']);
  expect(faultsOf({ field: 'GROUP', operator: 'oneof', values: ['1', ' '] })).toEqual(['filter[0].values[1]']);
});
