import { expect, test } from 'vitest';
import { outcomeOf } from '../../../functions/core/merge/outcome.ts';
import { planLink } from '../../../functions/core/merge/plan.ts';
import {
  blanksIn,
  drop,
  fieldsOf,
  type KeptBack,
  refillsIn,
  withhold,
  withKeptBack,
} from '../../../functions/core/merge/withhold.ts';
import { limitOf } from '../../../functions/core/model/brake.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';
import type { FieldState } from '../../../functions/core/model/link.ts';
import type { Values } from '../../../functions/core/values/value.ts';
import { lookFacts } from './two-field-look.ts';

function text(key: string, group?: string): FieldMetadata {
  return { key, label: key, type: 'text', maxLength: 0, access: 'normal', searchable: false, group };
}

/** First and last name are one stored value in the CRM. */
const mapping = [
  { erpField: 'PHONE', crmField: 'phone', erp: text('PHONE'), crm: text('phone') },
  { erpField: 'FIRST', crmField: 'first', erp: text('FIRST'), crm: text('first', 'name') },
  { erpField: 'LAST', crmField: 'last', erp: text('LAST'), crm: text('last', 'name') },
].map((row) => ({ ...row, direction: 'both' as const, showInSearch: false, showInErpTab: false }));

const agreed: Record<string, FieldState> = Object.fromEntries(
  mapping.map(({ erpField, crmField }) => [`${erpField}~${crmField}`, { agreed: { crm: 'A', erp: 'A' } }]),
);

function planned(crm: Values, erp: Values, fieldStates = agreed) {
  return planLink({
    fieldStates,
    choices: {},
    crm: { values: { phone: 'A', first: 'A', last: 'A', ...crm } },
    erp: { values: { PHONE: 'A', FIRST: 'A', LAST: 'A', ...erp } },
    mapping,
    policy: { kind: 'crm-wins' },
    timeResolutionMs: { crm: 0, erp: 0 },
  });
}

test('a blank over a value is an act, on either side; any other write is none', () => {
  const keys = (plan: ReturnType<typeof planned>) => blanksIn(plan).map(({ field }) => field);
  expect(keys(planned({}, { PHONE: null }))).toEqual(['PHONE~phone']);
  expect(keys(planned({ phone: '' }, {}))).toEqual(['PHONE~phone']);
  expect(keys(planned({ phone: 'B' }, {}))).toEqual([]);
  expect(keys(planned({ phone: 'B' }, { PHONE: null }))).toEqual([]);
  expect(keys(planned({ phone: null }, { PHONE: null }))).toEqual([]);
});

test('a value over a blank that was kept from replacing one is a refill: the blank may only be hidden', () => {
  const state: FieldState = { agreed: { crm: 'A', erp: null }, differs: true, keptBack: true };
  const plan = planned({ phone: 'B' }, { PHONE: null }, { ...agreed, 'PHONE~phone': state });
  expect(refillsIn(plan).map(({ field }) => field)).toEqual(['PHONE~phone']);
});

test('a value over a blank is a refill where a value was last agreed there; any other write is none', () => {
  const keys = (...of: Parameters<typeof planned>) => refillsIn(planned(...of)).map(({ field }) => field);
  const last = (crm: string | null, erp: string | null) => ({ ...agreed, 'PHONE~phone': { agreed: { crm, erp } } });
  expect(keys({ phone: 'B' }, { PHONE: null })).toEqual(['PHONE~phone']);
  expect(keys({ phone: 'B' }, { PHONE: null }, last('A', null))).toEqual([]);
  expect(keys({ phone: 'B' }, { PHONE: null }, {})).toEqual([]);
  expect(keys({ phone: 'B' }, {})).toEqual([]);
  expect(keys({}, { PHONE: null })).toEqual([]);
});

test('what is withheld of a group holds the rest of it that goes to that side, and nothing else', () => {
  const plan = planned({ phone: 'B' }, { FIRST: null, LAST: 'B' });
  const left = withhold(plan, blanksIn(plan), agreed);
  expect(left.writes).toEqual({ crm: {}, erp: { PHONE: 'B' } });
  expect(left.fields.map(({ rule }) => rule)).toEqual(['changed-in-crm', 'withheld', 'part-refused']);
  expect(left.fields[2]?.part).toBe('FIRST~first');
  expect(left.fields.map(({ state }) => state)).toEqual(Object.values(agreed));
});

test('a dropped field is held on both its values until one of them changes', () => {
  const plan = planned({}, { PHONE: null });
  const held = drop(plan, blanksIn(plan), agreed);
  expect(held.writes).toEqual({ crm: {}, erp: {} });
  const state = held.fields[0]?.state;
  expect(state).toMatchObject({ held: 'dropped', agreed: { crm: 'A', erp: 'A' } });
  const states = { ...agreed, 'PHONE~phone': state ?? {} };
  expect(planned({}, { PHONE: null }, states).fields[0]?.rule).toBe('dropped');
  const moved = planned({}, { PHONE: 'B' }, states).fields[0];
  expect(moved).toMatchObject({ rule: 'changed-in-erp', write: { side: 'crm', value: 'B' } });
  expect(moved?.state.held).toBeUndefined();
});

test('a dropped part of a group holds the rest of it, which goes once the dropped value itself has changed', () => {
  const plan = planned({}, { FIRST: null, LAST: 'B' });
  const held = drop(plan, blanksIn(plan), agreed);
  expect(held.writes).toEqual({ crm: {}, erp: {} });
  expect(held.fields.map(({ rule }) => rule)).toEqual(['unchanged', 'dropped', 'part-refused']);
  const states = Object.fromEntries(held.fields.map(({ field, state }) => [field, state]));
  expect(states['LAST~last']).toEqual(agreed['LAST~last']);
  const later = planned({}, { FIRST: null, LAST: 'C' }, states);
  expect(later.writes).toEqual({ crm: {}, erp: {} });
  expect(later.fields[2]).toMatchObject({ rule: 'part-refused', part: 'FIRST~first' });
  expect(planned({}, { FIRST: 'D', LAST: 'C' }, states).writes.crm).toEqual({ first: 'D', last: 'C' });
});

test('a part that may not be read holds the rest of its group, though nothing of its own was to be written', () => {
  const plan = planned({}, { LAST: 'B' });
  const hidden = fieldsOf(plan, { crm: [], erp: ['FIRST'] });
  expect(withhold(plan, hidden, agreed).writes).toEqual({ crm: {}, erp: {} });
});

test('of a look whose outcome is unknown nothing is recorded, nor what it kept back', () => {
  const facts = lookFacts({ crm: { name: 'B' }, answer: { outcome: 'unknown' } });
  const unknown = outcomeOf(facts);
  const plan = planned({}, { PHONE: null });
  const kept: KeptBack = { withheld: { blanks: { fields: ['X'], reason: 'braked' } }, dropped: blanksIn(plan) };
  expect(withKeptBack(unknown, kept, facts)).toEqual(unknown);
  const { verdict, after, changes } = withKeptBack(outcomeOf(lookFacts({})), kept, facts);
  expect({ verdict, withheld: after.withheld, changes: changes.length }).toEqual({
    verdict: 'stays-due',
    withheld: kept.withheld,
    changes: 1,
  });
});

test('a dropped write has a row of the log: what stands on its side won', () => {
  const facts = lookFacts({});
  const plan = planned({}, { PHONE: null });
  const { changes } = withKeptBack(outcomeOf(facts), { dropped: plan.fields }, facts);
  expect(changes).toMatchObject([
    {
      linkId: 'l',
      erpField: 'PHONE',
      crmField: 'phone',
      side: 'crm',
      oldValue: 'A',
      newValue: null,
      rule: 'dropped',
      outcome: 'dropped',
      conflict: { winner: 'crm', policy: 'dropped', base: { crm: 'A', erp: 'A' }, crm: 'A', erp: null },
    },
  ]);
});

test('a look that kept nothing back is as it was', () => {
  const facts = lookFacts({});
  expect(withKeptBack(outcomeOf(facts), {}, facts)).toEqual(outcomeOf(facts));
});

test('a link with something withheld is counted, and stays due, once a look at it ends', () => {
  const withheld: KeptBack['withheld'] = { blanks: { fields: ['X'], reason: 'braked' } };
  const ended = outcomeOf(lookFacts({}));
  const kept = withKeptBack(ended, { withheld }, lookFacts({}));
  expect(kept).toMatchObject({ verdict: 'stays-due', counts: { ...ended.counts, withheld: 1 } });
  const facts = lookFacts({ crm: { name: 'B' }, answer: { outcome: 'stale' } });
  const again = outcomeOf(facts);
  expect(withKeptBack(again, { withheld }, facts)).toMatchObject({ verdict: 'again', counts: again.counts });
  expect(withKeptBack(again, { withheld }, facts).counts).not.toHaveProperty('withheld');
});

test('fields are found by the keys of either side', () => {
  const fields = fieldsOf(planned({}, {}), { crm: ['phone'], erp: ['LAST'] });
  expect(fields.map(({ field }) => field)).toEqual(['PHONE~phone', 'LAST~last']);
});

test('an allowance is a number of links or a share of them, whichever is more, and a setting', () => {
  expect([0, 10_000, 10_999, 50_000].map((links) => limitOf('blanks', undefined, links))).toEqual([10, 10, 10, 50]);
  expect([0, 3_000, 50_000].map((links) => limitOf('breaks', {}, links))).toEqual([3, 3, 50]);
  const allowances = { blanks: { links: 0, share: 0.5 } };
  expect([limitOf('blanks', allowances, 5), limitOf('breaks', allowances, 5)]).toEqual([2, 3]);
});
