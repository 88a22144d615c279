import { expect, test } from 'vitest';
import { sawValue } from '../../../functions/core/merge/chosen.ts';
import { halfOf, isUnclearRefusal, upTo } from '../../../functions/core/merge/halving.ts';
import { choiceFingerprint } from '../../../functions/core/merge/plan-group.ts';
import type { SideAnswer } from '../../../functions/core/merge/side-answer.ts';
import type { FieldState } from '../../../functions/core/model/link.ts';
import { key, planned } from './several-field-plan.ts';
import { agreed, lookFacts } from './two-field-look.ts';

const both = { crm: { name: 'B', city: 'V' } };
const nameOnly = { crm: { name: 'B' } };

test('a refusal is unclear only if it names no field of several that were written on its side', () => {
  const unclear = (given: object, answer: SideAnswer) => isUnclearRefusal(lookFacts({ ...given, answer }));
  expect(unclear(both, { outcome: 'rejected' })).toBe(true);
  expect(unclear(both, { outcome: 'rejected', field: 'NAME' })).toBe(false);
  expect(unclear(nameOnly, { outcome: 'rejected' })).toBe(false);
  expect(unclear({ ...nameOnly, erp: { CITY: 'V' } }, { outcome: 'rejected' })).toBe(false);
  expect(unclear(both, { outcome: 'ok' })).toBe(false);
});

test('the CRM may refuse unclearly as well as the ERP', () => {
  const erp = { NAME: 'B', CITY: 'V' };
  expect(isUnclearRefusal(lookFacts({ erp, crmAnswer: { outcome: 'rejected' } }))).toBe(true);
});

const still = { base: 'A', crm: 'A', erp: 'A' };
const changed = { base: 'A', crm: 'B', erp: 'A' };
const clash = { base: 'A', crm: 'C', erp: 'E' };

test('half of a plan is half of its writes, an odd one included', () => {
  expect(halfOf(planned({ one: changed, two: still, three: still, four: changed }))).toBe(1);
  expect(halfOf(planned({ one: changed, two: changed, three: clash }))).toBe(2);
});

test('a plan that writes no more than it may is left whole', () => {
  const whole = planned({ one: changed, two: still, three: changed });
  for (const most of [undefined, 2, 3]) expect(upTo(most, whole, {})).toEqual({ plan: whole, partial: false });
});

test('a plan with the first of the two writes of an entered value leaves the other for a next round', () => {
  const entered = { to: { crm: 'C', erp: 'C' }, saw: sawValue('A', 'B') };
  const choice = { side: 'crm', fingerprint: choiceFingerprint('A', 'B'), entered } as const;
  const whole = planned({ one: { crm: 'A', erp: 'B' }, two: changed }, { choices: { [key('one')]: choice } });
  expect(upTo(undefined, whole, {})).toEqual({ plan: whole, partial: true });
});

test('a plan with fewer writes keeps its first ones, and the rest as it was before', () => {
  const whole = planned({ one: changed, two: still, three: clash, four: changed });
  const before: Record<string, FieldState> = { [key('three')]: { ...agreed('A'), dismissed: true } };
  const { plan, partial } = upTo(1, whole, before);
  expect(partial).toBe(true);
  expect(plan.writes).toEqual({ crm: {}, erp: { ONE: 'B' } });
  expect(plan.fields.map(({ rule }) => rule)).toEqual([
    'changed-in-crm',
    'unchanged',
    'changed-on-both',
    'changed-in-crm',
  ]);
  expect(plan.fields[2]).toMatchObject({ field: key('three'), state: before[key('three')] });
  expect(plan.fields[2]?.conflict).toBeUndefined();
  expect(plan.fields[3]?.state).toEqual({});
});

test('a field without a write uses up no place among the writes of a round, and keeps its state', () => {
  const whole = planned({ one: still, two: changed, three: still, four: changed, five: changed, six: still });
  const { plan } = upTo(2, whole, {});
  expect(plan.writes).toEqual({ crm: {}, erp: { TWO: 'B', FOUR: 'B' } });
  expect(plan.fields[5]).toEqual(whole.fields[5]);
});
