import { expect, test } from 'vitest';
import { fieldOutcome } from '../../../functions/core/merge/field-outcome.ts';
import { linkFailureId } from '../../../functions/core/model/failure.ts';
import type { FieldState } from '../../../functions/core/model/link.ts';
import type { Value } from '../../../functions/core/values/value.ts';
import { agreed, base, cityField, type Given, lookFacts, nameField } from './two-field-look.ts';

/** What such a look leaves of its first field, the name. */
function nameAfter(given: Given) {
  const facts = lookFacts(given);
  const [plan] = facts.plan.fields;
  if (!plan) throw new Error('a mapped field is always planned');
  return fieldOutcome(facts, plan);
}

function linkOf(state: FieldState, openFailures: string[] = []) {
  return { fieldStates: { ...base, [nameField]: state }, openFailures };
}

const failureId = linkFailureId('l', nameField);

test('a field without a write keeps its state, has no row of the log and no failure', () => {
  expect(nameAfter({ crm: { city: 'V' }, answer: { outcome: 'ok' } })).toEqual({
    field: nameField,
    state: agreed('A'),
    newlyParked: false,
    opens: false,
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
    failure: { id: failureId, field: nameField, kind: 'rejected', reason: 'refused-by-system', explanation: 'No' },
    opens: true,
  });
  expect(nameAfter({ ...both, answer: { ...name, field: 'CITY' } })).toMatchObject({
    state: agreed('A'),
    newlyParked: false,
    failure: undefined,
  });
});

test('a value that cannot be converted is parked and listed without being sent', () => {
  const outcome = nameAfter({ crm: { name: 'long' }, erpFields: { maxLength: 2 } });
  expect(outcome).toMatchObject({
    newlyParked: true,
    failure: { kind: 'rejected', reason: 'too-long', explanation: undefined, forms: undefined },
    opens: true,
  });
  expect(outcome.change).toBeUndefined();
});

test('a parked field keeps its one failure, and is listed again only if it is refused anew', () => {
  const { state } = nameAfter({ crm: { name: 'long' }, erpFields: { maxLength: 2 } });
  const again = (value: string) =>
    nameAfter({ link: linkOf(state, [failureId]), crm: { name: value }, erpFields: { maxLength: 2 } });
  expect(again('long')).toMatchObject({ state, newlyParked: false, failure: { id: failureId }, opens: false });
  expect(again('longer')).toMatchObject({ newlyParked: true, opens: true });
});

test('a held field is listed once, as a conflict with the two forms that people are to choose from', () => {
  const held = { ...agreed('A'), held: 'reformatted-in-turn' } as const;
  const after = (openFailures: string[]) => nameAfter({ link: linkOf(held, openFailures), crm: { name: 'a' } });
  const { failure } = after([]);
  expect(failure).toMatchObject({
    id: failureId,
    tenantId: 't',
    connectionId: 'c',
    linkId: 'l',
    runId: 'r',
    kind: 'conflict',
    reason: 'reformatted-in-turn',
    explanation: undefined,
    forms: { crm: 'a', erp: 'A' },
    attempts: 1,
  });
  expect(after([]).opens).toBe(true);
  expect(after([failureId]).opens).toBe(false);
  expect(after([linkFailureId('l', cityField)]).opens).toBe(true);
});

test('a held field whose failure somebody took off the list stays off it', () => {
  const held = { ...agreed('A'), held: 'choice-void', dismissed: true } as const;
  const outcome = nameAfter({ link: linkOf(held), crm: { name: 'B' } });
  expect(outcome).toMatchObject({ state: held, failure: { reason: 'choice-void' }, opens: false });
});

test('the forms of a held field are texts of at most a thousand characters, or null for a blank', () => {
  const held = { ...agreed('A'), held: 'choice-void' } as const;
  const forms = (crm: Value, erp: Value) =>
    nameAfter({ link: linkOf(held), crm: { name: crm }, erp: { NAME: erp } }).failure?.forms;
  expect(forms(null, 12)).toEqual({ crm: null, erp: '12' });
  expect(forms('a'.repeat(1001), 'b'.repeat(1000))).toEqual({ crm: 'a'.repeat(1000), erp: 'b'.repeat(1000) });
});
