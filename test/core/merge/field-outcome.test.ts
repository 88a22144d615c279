import { expect, test } from 'vitest';
import { sawValue } from '../../../functions/core/merge/chosen.ts';
import { fieldOutcome } from '../../../functions/core/merge/field-outcome.ts';
import { choiceFingerprint } from '../../../functions/core/merge/plan-group.ts';
import type { FieldState } from '../../../functions/core/model/link.ts';
import type { Value } from '../../../functions/core/values/value.ts';
import { agreed, base, type Given, lookFacts, nameField } from './two-field-look.ts';

/** What such a look leaves of its first field, the name. */
function nameAfter(given: Given) {
  const facts = lookFacts(given);
  const [plan] = facts.plan.fields;
  if (!plan) throw new Error('a mapped field is always planned');
  return fieldOutcome(facts, plan);
}

function linkOf(state: FieldState) {
  return { fieldStates: { ...base, [nameField]: state } };
}

test('a field without a write keeps its state, has no row of the log and no trouble', () => {
  expect(nameAfter({ crm: { city: 'V' }, answer: { outcome: 'ok' } })).toEqual({
    field: nameField,
    state: agreed('A'),
    newlyParked: false,
  });
});

test('a write that was made is logged with what it replaced and what the other side stored', () => {
  const answer = { outcome: 'ok', version: 'e2', stored: { NAME: 'B.' } } as const;
  const { state, change } = nameAfter({ crm: { name: 'B' }, answer });
  expect(state).toEqual({ agreed: { crm: 'B', erp: 'B.' }, differs: true });
  expect(change).toMatchObject({
    id: 'id1',
    erpField: 'NAME',
    crmField: 'name',
    side: 'erp',
    oldValue: 'A',
    sentValue: 'B',
    newValue: 'B.',
    rule: 'changed-in-crm',
    outcome: 'written',
  });
  const emptied = nameAfter({ crm: { name: 'B' }, answer: { ...answer, stored: { NAME: null } } });
  expect(emptied.state).toEqual({ agreed: { crm: 'B', erp: null }, differs: true });
});

test('a system that stores what it was sent in another form differs in nothing', () => {
  const answer = { outcome: 'ok', version: 'e2', stored: { NAME: 'B' } } as const;
  const { state, change } = nameAfter({ crm: { name: ' B ' }, answer });
  expect(state).toEqual({ agreed: { crm: ' B ', erp: 'B' } });
  expect(change).toMatchObject({ newValue: 'B' });
  expect(change?.sentValue).toBeUndefined();
});

test('the first of the two writes of an entered value is logged, and nothing is agreed yet', () => {
  const entered = { to: { crm: 'C', erp: 'C' }, saw: sawValue('A', 'B') };
  const choices = { [nameField]: { side: 'crm', fingerprint: choiceFingerprint('A', 'B'), entered } } as const;
  const crmAnswer = { outcome: 'ok', version: 'c2', stored: { name: 'C' } } as const;
  const { state, change } = nameAfter({ link: { fieldStates: {}, choices }, erp: { NAME: 'B' }, crmAnswer });
  expect(state).toEqual({});
  expect(change).toMatchObject({ side: 'crm', oldValue: 'A', newValue: 'C', rule: 'resolving' });
});

test('unproven writes count on as long as the side that is written changes in turn', () => {
  const after = (state: FieldState) =>
    nameAfter({ link: linkOf(state), crm: { name: 'B' }, answer: { outcome: 'ok' } });
  expect(after(agreed('A')).state.unproven).toEqual({ side: 'erp', rounds: 1 });
  const bounced = { ...agreed('A'), unproven: { side: 'crm', rounds: 1 } } as const;
  expect(after(bounced).state.unproven).toEqual({ side: 'erp', rounds: 2 });
  const again = { ...agreed('A'), unproven: { side: 'erp', rounds: 1 } } as const;
  expect(after(again).state.unproven).toEqual({ side: 'erp', rounds: 1 });
});

test('a refusal that names its field parks that one only, and leaves its neighbour as it was', () => {
  const name = { outcome: 'rejected', field: 'NAME', explanation: 'No' } as const;
  const both = { crm: { name: 'B', city: 'V' } };
  expect(nameAfter({ ...both, answer: name })).toMatchObject({
    state: { ...agreed('A'), parked: { side: 'erp', reason: 'refused-by-system' } },
    newlyParked: true,
    trouble: { field: nameField, kind: 'rejected', reason: 'refused-by-system', explanation: 'No', anew: true },
  });
  expect(nameAfter({ ...both, answer: { ...name, field: 'CITY' } })).toMatchObject({
    state: agreed('A'),
    newlyParked: false,
    trouble: undefined,
  });
});

test('a value that cannot be converted is parked and listed without being sent', () => {
  const outcome = nameAfter({ crm: { name: 'long' }, erpFields: { maxLength: 2 } });
  expect(outcome).toMatchObject({
    newlyParked: true,
    trouble: { kind: 'rejected', reason: 'too-long', explanation: undefined, forms: undefined, anew: true },
  });
  expect(outcome.change).toBeUndefined();
});

test('a parked field is in trouble as it was, and anew only if it is refused anew', () => {
  const { state } = nameAfter({ crm: { name: 'long' }, erpFields: { maxLength: 2 } });
  const again = (value: string) =>
    nameAfter({ link: linkOf(state), crm: { name: value }, erpFields: { maxLength: 2 } });
  expect(again('long')).toMatchObject({ state, newlyParked: false, trouble: { field: nameField, anew: false } });
  expect(again('longer')).toMatchObject({ newlyParked: true, trouble: { anew: true } });
});

test('a held field is in trouble as a conflict, with the two forms that people are to choose from', () => {
  const held = { ...agreed('A'), held: 'reformatted-in-turn' } as const;
  expect(nameAfter({ link: linkOf(held), crm: { name: 'a' } }).trouble).toEqual({
    field: nameField,
    kind: 'conflict',
    reason: 'reformatted-in-turn',
    explanation: undefined,
    forms: { crm: 'a', erp: 'A' },
    anew: false,
  });
});

test('a held field remembers what it is shown with, and since when it is held', () => {
  const held = { ...agreed('A'), held: 'choice-void' } as const;
  const heldOn = choiceFingerprint('B', 'A');
  const first = nameAfter({ link: linkOf(held), crm: { name: 'B' } }).state;
  expect(first).toEqual({ ...held, heldOn, heldSince: '2026-11-24T00:00:00.000Z' });
  const before = { ...held, heldOn, heldSince: '2026-11-01T00:00:00.000Z' };
  expect(nameAfter({ link: linkOf(before), crm: { name: 'B' } }).state).toEqual(before);
});

test('a held field is listed anew when it is held, and when its values are no longer the listed ones', () => {
  const isAnew = (link: Given['link']) => nameAfter({ link, crm: { name: 'B' } }).trouble?.anew;
  const shown = { ...agreed('A'), held: 'choice-void', heldOn: choiceFingerprint('B', 'A') } as const;
  const choices = { [nameField]: { side: 'crm', fingerprint: 'of other values' } } as const;
  expect(isAnew({ fieldStates: {}, choices })).toBe(true);
  expect(isAnew(linkOf(shown))).toBe(false);
  expect(isAnew(linkOf({ ...shown, heldOn: choiceFingerprint('X', 'A') }))).toBe(true);
});

test('a held field whose failure somebody took off the list stays off it', () => {
  const heldOn = choiceFingerprint('X', 'A');
  const held = { ...agreed('A'), held: 'choice-void', heldOn, dismissed: true } as const;
  const outcome = nameAfter({ link: linkOf(held), crm: { name: 'B' } });
  expect(outcome).toMatchObject({ state: { dismissed: true }, trouble: { reason: 'choice-void', anew: false } });
});

test('the forms of a held field are texts of at most a thousand bytes that end with a whole character, or null for a blank', () => {
  const held = { ...agreed('A'), held: 'choice-void' } as const;
  const forms = (crm: Value, erp: Value) =>
    nameAfter({ link: linkOf(held), crm: { name: crm }, erp: { NAME: erp } }).trouble?.forms;
  expect(forms(null, 12)).toEqual({ crm: null, erp: '12' });
  expect(forms('a'.repeat(1001), 'b'.repeat(1000))).toEqual({ crm: 'a'.repeat(1000), erp: 'b'.repeat(1000) });
  expect(forms(`a${'😀'.repeat(300)}`, null)).toEqual({ crm: `a${'😀'.repeat(249)}`, erp: null });
});
