/** Whose value stands in a CRM field, and who wins where edits of two connections meet there. */
import { expect, test } from 'vitest';
import { crmWritersOf } from '../../../functions/core/merge/crm-writers.ts';
import { choiceFingerprint } from '../../../functions/core/merge/plan-group.ts';
import { sentMark } from '../../../functions/core/model/crm-record.ts';
import { key, planned } from './several-field-plan.ts';

const crmWins = { kind: 'crm-wins' } as const;
const erpWins = { kind: 'erp-wins' } as const;
const both = { city: { crm: 'Zwolle', erp: 'Breda', base: 'Gouda' } };
const sent = { city: sentMark('Zwolle') };

test('of several connections the higher ones come first, and those that are gone do not count', () => {
  const record = { links: [], sent: { c1: { a: '1' }, c2: { a: '2' }, c3: { a: '3' }, gone: { a: '4' } } };
  expect(crmWritersOf(record, 'c2', ['c3', 'c2', 'c1'])).toEqual([
    { connectionId: 'c3', rank: 'higher', sent: { a: '3' } },
    { connectionId: 'c1', rank: 'lower', sent: { a: '1' } },
  ]);
});

test('a value of a higher connection wins before the policy, and one of a lower connection loses', () => {
  const higher = planned(both, { policy: erpWins, crmWriters: [{ connectionId: 'c9', rank: 'higher', sent }] });
  expect(higher.writes).toEqual({ crm: {}, erp: { CITY: 'Zwolle' } });
  expect(higher.fields[0]?.conflict).toEqual({
    winner: 'crm',
    policy: 'sync-priority',
    base: { crm: 'Gouda', erp: 'Gouda' },
    crm: 'Zwolle',
    erp: 'Breda',
  });
  const lower = planned(both, { policy: crmWins, crmWriters: [{ connectionId: 'c9', rank: 'lower', sent }] });
  expect(lower.writes).toEqual({ crm: { city: 'Breda' }, erp: {} });
  expect(lower.fields[0]?.conflict).toMatchObject({ winner: 'erp', policy: 'sync-priority' });
});

test('a value that is no more the one that a connection sent is a person’s, and the policy decides', () => {
  const writers = [{ connectionId: 'c9', rank: 'higher', sent: { city: sentMark('Delft') } }] as const;
  expect(planned(both, { policy: erpWins, crmWriters: writers }).fields[0]?.conflict).toMatchObject({
    winner: 'erp',
    policy: 'erp-wins',
  });
  const other = [{ connectionId: 'c9', rank: 'higher', sent: { zip: sentMark('Zwolle') } }] as const;
  expect(planned(both, { policy: erpWins, crmWriters: other }).fields[0]?.conflict?.policy).toBe('erp-wins');
});

test('where both sent the value that stands there, the higher one counts', () => {
  const writers = [
    { connectionId: 'c9', rank: 'higher', sent },
    { connectionId: 'c9', rank: 'lower', sent },
  ] as const;
  expect(planned(both, { policy: erpWins, crmWriters: writers }).writes.erp).toEqual({ CITY: 'Zwolle' });
});

test('before the first agreement the same holds, unless a person chose', () => {
  const fresh = { city: { crm: 'Zwolle', erp: 'Breda' } };
  const crmWriters = [{ connectionId: 'c9', rank: 'higher', sent }] as const;
  const decided = planned(fresh, { policy: erpWins, crmWriters });
  expect(decided.fields[0]).toMatchObject({ rule: 'first-sync', conflict: { policy: 'sync-priority' } });
  const chosen = { [key('city')]: { side: 'erp', fingerprint: choiceFingerprint('Zwolle', 'Breda') } } as const;
  expect(planned(fresh, { policy: erpWins, crmWriters, choices: chosen }).fields[0]).toMatchObject({
    rule: 'chosen-at-connect',
    write: { side: 'crm', value: 'Breda' },
  });
});

test('a field that goes one way goes that way, whoever wrote it', () => {
  const crmWriters = [{ connectionId: 'c9', rank: 'higher', sent }] as const;
  const toCrm = planned({ city: { ...both.city, direction: 'toCrm' } }, { crmWriters });
  expect(toCrm.fields[0]?.conflict).toMatchObject({ winner: 'erp', policy: 'one-way' });
});

test('the policy does not ask about what the order of the connections decides', () => {
  const plan = planned(both, { policy: { kind: 'ask' }, crmWriters: [{ connectionId: 'c9', rank: 'lower', sent }] });
  expect(plan.fields[0]).toMatchObject({ rule: 'changed-on-both', write: { side: 'crm' } });
});

test('a group is decided as one: by its highest writer, and by the policy if a part of it is a person’s', () => {
  const parts = {
    street: { crm: 'Nieuw 1', erp: 'Oud 1', base: 'Laan 1', crmGroup: 'address' },
    zip: { crm: '1000', erp: '2000', base: '3000', crmGroup: 'address' },
  };
  const street = { street: sentMark('Nieuw 1') };
  const zip = { zip: sentMark('1000') };
  const mixed = planned(parts, {
    policy: erpWins,
    crmWriters: [
      { connectionId: 'c9', rank: 'higher', sent: zip },
      { connectionId: 'c9', rank: 'lower', sent: street },
    ],
  });
  expect(mixed.writes.erp).toEqual({ STREET: 'Nieuw 1', ZIP: '1000' });
  const partly = planned(parts, { policy: erpWins, crmWriters: [{ connectionId: 'c9', rank: 'higher', sent: zip }] });
  expect(partly.fields.map(({ conflict }) => conflict?.policy)).toEqual(['erp-wins', 'erp-wins']);
  expect(partly.fields.map(({ field }) => field)).toEqual([key('street'), key('zip')]);
});

test('an enforced field is not put back over what a higher connection wrote, and is over a lower one and a person', () => {
  const edited = { city: { crm: 'Zwolle', erp: 'Gouda', base: 'Gouda', direction: 'toCrm', enforce: true } } as const;
  const by = (rank: 'higher' | 'lower') => planned(edited, { crmWriters: [{ connectionId: 'c9', rank, sent }] });
  expect(by('higher').fields[0]).toMatchObject({ rule: 'one-way' });
  expect(by('higher').writes.crm).toEqual({});
  expect(by('lower').writes.crm).toEqual({ city: 'Gouda' });
  expect(planned(edited).writes.crm).toEqual({ city: 'Gouda' });
});
