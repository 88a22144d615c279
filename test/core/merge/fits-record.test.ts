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

/** As many fields as told that are only read, each with values so long on both sides. */
function planToRead(count: number, value: Value): Plan {
  return planOf(
    planWith(count, value).fields.map((field): FieldPlan => {
      const { write: _none, conflict: _neither, ...rest } = field;
      return rest;
    }),
  );
}

const nothing = { fieldStates: {} };
/** Of which nothing was ever agreed. */
const unagreed = (plan: Plan): Plan => planOf(plan.fields.map((field) => ({ ...field, state: {} })));

/** The longest value that the link may remember beside such a small plan. */
function roomBeside(plan: Plan): number {
  const fits = (length: number) =>
    fitsRecord({ fieldStates: { 'G~g': { agreed: { crm: 'x'.repeat(length), erp: null } } } }, plan);
  let [most, tooMany] = [3_490_000, 3_500_000];
  while (tooMany - most > 1) {
    const half = Math.floor((most + tooMany) / 2);
    if (fits(half)) most = half;
    else tooMany = half;
  }
  return most;
}

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
  expect(fitsRecord(nothing, planToRead(250, 'x'.repeat(8_000)))).toBe(false);
});

test('a record takes 3.5 MB, and not a byte more', () => {
  const namesQuotesAndBlank = 1_000 + 2 + 4;
  expect(roomBeside(planOf([]))).toBe(3_500_000 - namesQuotesAndBlank);
});

test('a row of the log takes 60 kB, and each has to fit', () => {
  const rows = (...lengths: number[]) => {
    const fields = lengths.flatMap((length) => planWith(1, 'x'.repeat(length)).fields);
    return fitsRecord(nothing, planOf(fields.map((field) => ({ ...field, conflict: undefined }))));
  };
  const most = (60_000 - 1_000) / 2 - 2;
  expect(rows(most)).toBe(true);
  expect(rows(1, most + 1)).toBe(false);
});

test('a value that is sent takes room in the log, in the intent and in what may become agreed', () => {
  const sends = (value: string) =>
    roomBeside(planOf(planWith(1, 'A').fields.map((field) => ({ ...field, write: { side: 'erp', value } }))));
  expect(sends('x') - sends('xx')).toBe(3);
});

test('what was agreed of a field and what it may become take room once, as much as the larger', () => {
  const room = roomBeside(planToRead(1, 'A'));
  expect(room - roomBeside(planToRead(1, 'AA'))).toBe(2);
  const grown = planToRead(1, 'AA').fields.map((field) => ({ ...field, state: agreed('A') }));
  expect(room - roomBeside(planOf(grown))).toBe(2);
});

test('what the link remembers of a field that is planned counts once', () => {
  const plan = planToRead(1, 'x'.repeat(1_000_000));
  const [{ field, state } = { field: '', state: {} }] = plan.fields;
  expect(fitsRecord({ fieldStates: { [field]: state } }, plan)).toBe(true);
});

test('what was never agreed takes no room', () => {
  const written = unagreed(planWith(1, 'A'));
  const [conflict] = written.fields.map((field) => field.conflict && { ...field.conflict, base: undefined });
  const plan = planOf(written.fields.map((field) => ({ ...field, conflict })));
  expect(fitsRecord({ fieldStates: { 'G~g': { held: 'choice-void' } } }, plan)).toBe(true);
});
