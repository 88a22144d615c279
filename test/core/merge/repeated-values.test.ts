import { expect, test } from 'vitest';
import { isRepeated, repeatedValues } from '../../../functions/core/merge/repeated-values.ts';
import type { FieldType } from '../../../functions/core/values/value.ts';
import { mappedAs } from './several-field-plan.ts';

function phone(type: FieldType = 'text') {
  const row = mappedAs('phone', 'both');
  return { ...row, crm: { ...row.crm, type }, erp: { ...row.erp, type } };
}

/** Links by what the CRM and the ERP hold. */
function repeats(pairs: readonly (readonly [string | null, string | null])[], of = phone()): boolean {
  const read = pairs.map(([crm, erp]) => ({ mapping: [of], values: { crm: { phone: crm }, erp: { PHONE: erp } } }));
  return isRepeated(repeatedValues(read), of, 'erp', 'same');
}

const others = (count: number) => Array.from({ length: count }, (_, at) => [`old${at}`, `new${at}`] as const);

test('one text in place of three different ones repeats, in place of two, or of one time and again, it does not', () => {
  expect(
    repeats([
      ['a', 'same'],
      ['b', 'same'],
      ['c', 'same'],
    ]),
  ).toBe(true);
  expect(
    repeats([
      ['a', 'same'],
      ['b', 'same'],
    ]),
  ).toBe(false);
  expect(
    repeats([
      ['a', 'same'],
      ['a', 'same'],
      ['b', 'same'],
    ]),
  ).toBe(false);
});

test('a text that comes to few of many that change repeats by nature: people move to the same town', () => {
  const same = [
    ['a', 'same'],
    ['b', 'same'],
    ['c', 'same'],
  ] as const;
  expect(repeats([...same, ...others(6)])).toBe(true);
  expect(repeats([...same, ...others(7)])).toBe(false);
  const atRest = Array.from({ length: 20 }, (_, at) => [`old${at}`, `old${at}`] as const);
  expect(repeats([...same, ...others(6), ...atRest])).toBe(true);
});

test('what fills a blank, or stands there already, replaces nothing', () => {
  expect(
    repeats([
      [null, 'same'],
      [null, 'same'],
      ['c', 'same'],
      ['same', 'same'],
      [' same', 'same'],
    ]),
  ).toBe(false);
});

test('list items, dates and numbers repeat by nature', () => {
  const same = [
    ['a', 'same'],
    ['b', 'same'],
    ['c', 'same'],
  ] as const;
  for (const type of ['list', 'date', 'decimal'] as const) expect(repeats(same, phone(type))).toBe(false);
});
