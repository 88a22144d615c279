/** Fields whose mapping says *no blanks*: what a blank may not do, and how edits travel afterwards. */
import { expect, test } from 'vitest';
import { choiceFingerprint } from '../../../functions/core/merge/plan-group.ts';
import { type Field, key, planned } from './several-field-plan.ts';

function one(name: Field, more: Parameters<typeof planned>[1] = {}) {
  const [field] = planned({ name: { noBlanks: true, ...name } }, more).fields;
  if (!field) throw new Error('a mapped field is always planned');
  return field;
}

test('a later edit of either side travels, and a value that never did is logged as losing once it is replaced', () => {
  const known = one({ base: 'A', crm: null, erp: 'A' }).state;
  expect(known).toEqual({ agreed: { crm: null, erp: 'A' }, differs: true, keptBack: true });
  expect(one({ crm: null, erp: 'B', state: known }).write).toEqual({ side: 'crm', value: 'B' });
  const typed = one({ crm: 'B', erp: 'A', state: known });
  expect(typed.write).toEqual({ side: 'erp', value: 'B' });
  expect(typed.conflict).toBeUndefined();
  const news = one({ base: 'A', crm: null, erp: 'E' }).state;
  expect(news).toMatchObject({ untravelled: true });
  expect(one({ crm: 'B', erp: 'E', state: news }).conflict).toEqual({
    winner: 'crm',
    policy: 'untravelled',
    base: { crm: null, erp: 'E' },
    crm: 'B',
    erp: 'E',
  });
});

test('a value that never travelled is known as such as long as the blank keeps it back, whatever is blanked and filled beside it', () => {
  const news = one({ base: 'A', crm: null, erp: 'E' }).state;
  const filled = one({ crm: ' ', erp: 'E', state: news }).state;
  expect(filled).toMatchObject({ keptBack: true, untravelled: true });
  expect(one({ crm: 'B', erp: 'E', state: filled }).conflict).toMatchObject({ policy: 'untravelled', erp: 'E' });
});

test('once both are blank, or both hold the value, it is over', () => {
  const { state } = one({ base: 'A', crm: null, erp: 'E' });
  expect(one({ crm: null, erp: null, state }).state).toEqual({ agreed: { crm: null, erp: null } });
  expect(one({ crm: 'E', erp: 'E', state }).state).toEqual({ agreed: { crm: 'E', erp: 'E' } });
});

test('a blank is filled, and any other value travels, as without it', () => {
  expect(one({ crm: null, erp: 'E' }).write).toEqual({ side: 'crm', value: 'E' });
  expect(one({ base: 'A', crm: 'B', erp: 'A' }).write).toEqual({ side: 'erp', value: 'B' });
  expect(one({ base: 'A', crm: 'B', erp: null }).write).toEqual({ side: 'erp', value: 'B' });
});

test('a resync keeps the blanks of such a field back, and those of all in a resync without blanks', () => {
  const blanked = { base: 'A', crm: null, erp: 'A' } as const;
  const resync = { winner: 'crm', noBlanks: false } as const;
  expect(one(blanked, { resync })).toMatchObject({ rule: 'blank-kept-back' });
  expect(one({ ...blanked, noBlanks: false }, { resync })).toMatchObject({ rule: 'resync', write: { value: null } });
  const none = one({ ...blanked, erp: 'E', noBlanks: false }, { resync: { ...resync, noBlanks: true } });
  expect(none).toMatchObject({ rule: 'blank-kept-back', state: { untravelled: true } });
});

test('the blank that a person chose on just these values is theirs', () => {
  const choice = { side: 'crm', fingerprint: choiceFingerprint(null, 'E') } as const;
  expect(one({ crm: null, erp: 'E' }, { choices: { [key('name')]: choice } })).toMatchObject({
    rule: 'chosen-at-connect',
    write: { side: 'erp', value: null },
  });
  const choices = { [key('name')]: { ...choice, resolves: true } };
  expect(one({ crm: null, erp: 'E' }, { choices }).write).toEqual({ side: 'erp', value: null });
});

const part = { crmGroup: 'address', erpGroup: 'address' } as const;

test('a blank that is kept back keeps all that would have gone with it, and all goes once there is a value', () => {
  const street = { ...part, base: 'S', crm: 'S2', erp: 'S' };
  const plan = planned({ street, zip: { ...part, base: '1', crm: null, erp: '1', noBlanks: true } });
  expect(plan.writes).toEqual({ crm: {}, erp: {} });
  expect(plan.fields.map(({ rule }) => rule)).toEqual(['blank-kept-back', 'blank-kept-back']);
  const fieldStates = Object.fromEntries(plan.fields.map(({ field, state }) => [field, state]));
  const filled = planned({ street, zip: { ...part, crm: '2', erp: '1', noBlanks: true } }, { fieldStates });
  expect(filled.writes.erp).toEqual({ STREET: 'S2', ZIP: '2' });
  const inErp = { street: { ...street, erp: 'S3' }, zip: { ...part, crm: null, erp: '1', noBlanks: true } };
  const back = planned(inErp, { fieldStates });
  expect(back.writes.crm).toEqual({ street: 'S3', zip: '1' });
  expect(back.fields[0]?.conflict).toMatchObject({ winner: 'erp', policy: 'untravelled', crm: 'S2' });
});

test('a part that is refused keeps its group as it is, blank or not', () => {
  const plan = planned({
    street: { ...part, base: 'S', crm: 'too long', erp: 'S', erpMaxLength: 3 },
    zip: { ...part, base: '1', crm: null, erp: '1', noBlanks: true },
  });
  expect(plan.fields.map(({ rule }) => rule)).toEqual(['refused', 'part-refused']);
});

test('a part that both sides changed alike is no news for either: the rest travels as if it had not moved', () => {
  const alike = { ...part, base: '1', crm: null, erp: null };
  const plan = planned(
    { street: { ...part, base: 'S', crm: 'S2', erp: 'S' }, zip: alike },
    { policy: { kind: 'ask' } },
  );
  expect(plan.writes.erp).toEqual({ STREET: 'S2' });
});
