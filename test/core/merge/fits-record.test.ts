import { expect, test } from 'vitest';
import type { FieldPlan } from '../../../functions/core/merge/field-plan.ts';
import { fitsRecord } from '../../../functions/core/merge/fits-record.ts';
import { type Plan, planOf } from '../../../functions/core/merge/plan.ts';
import type { Value } from '../../../functions/core/values/value.ts';
import { agreed, lookFacts } from './two-field-look.ts';

/** As many fields as told, each with values so long, all of them in conflict. */
function planWith(count: number, value: Value): Plan {
  const [one] = lookFacts({ crm: { name: 'B' } }).plan.fields;
  if (!one) throw new Error('a mapped field is always planned');
  const base = { crm: value, erp: value };
  const conflict = { winner: 'crm', policy: 'crm-wins', base, crm: value, erp: value } as const;
  const fields = Array.from({ length: count }, (_, n): FieldPlan => {
    const write = { side: 'erp', value } as const;
    return { ...one, field: `F${n}~f${n}`, crm: value, erp: value, write, conflict, state: { agreed: base } };
  });
  return planOf(fields);
}

const nothing = { fieldStates: {} };

test('80 fields of 255 wide characters fit, and so do many with values as long as any that is sent', () => {
  expect(fitsRecord(nothing, planWith(80, '😀'.repeat(255)))).toBe(true);
  expect(fitsRecord(nothing, planWith(25, 'x'.repeat(8_000)))).toBe(true);
});

test('what one part of the log, or one transaction, cannot hold does not fit', () => {
  expect(fitsRecord(nothing, planWith(1, 'x'.repeat(9_000)))).toBe(true);
  expect(fitsRecord(nothing, planWith(1, 'x'.repeat(10_000)))).toBe(false);
  expect(fitsRecord(nothing, planWith(1, 'é'.repeat(5_000)))).toBe(false);
  expect(fitsRecord(nothing, planWith(80, 'x'.repeat(8_000)))).toBe(false);
});

test('values of fields that are not written, or no longer mapped, take room too', () => {
  const plan = planWith(25, 'x'.repeat(8_000));
  const former = Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`G${n}~g${n}`, agreed('x'.repeat(8_000))]));
  expect(fitsRecord({ fieldStates: former }, plan)).toBe(false);
  const quiet = planWith(250, 'x'.repeat(8_000)).fields.map((field): FieldPlan => {
    const { write: _none, conflict: _neither, ...rest } = field;
    return rest;
  });
  expect(fitsRecord(nothing, planOf(quiet))).toBe(false);
});
