/** Plans of links with several fields: what one field's change means for another, and which rule each is planned by. */
import { expect, test } from 'vitest';
import { choiceFingerprint } from '../../../functions/core/merge/plan-group.ts';
import type { FieldState } from '../../../functions/core/model/link.ts';
import { type Field, key, mappedAs, planned, text } from './several-field-plan.ts';

const rulesOf = (plan: ReturnType<typeof planned>) => plan.fields.map(({ rule }) => rule);

test('every field is written on the side that did not change, under the key it has there, with its rule', () => {
  const plan = planned({
    name: { base: 'A', crm: 'B', erp: 'A' },
    city: { base: 'A', crm: 'A', erp: 'C' },
    fax: { base: 'A', crm: 'A', erp: 'A' },
    terms: { base: 'A', crm: 'A', erp: 'D', direction: 'none' },
  });
  expect(plan.writes).toEqual({ crm: { city: 'C' }, erp: { NAME: 'B' } });
  expect(rulesOf(plan)).toEqual(['changed-in-crm', 'changed-in-erp', 'unchanged']);
});

test('a one-way field travels its way and not back', () => {
  const there = planned({ note: { base: 'A', crm: 'B', erp: 'A', direction: 'toErp' } });
  expect(there.writes).toEqual({ crm: {}, erp: { NOTE: 'B' } });
  expect(rulesOf(planned({ note: { base: 'A', crm: 'A', erp: 'B', direction: 'toErp' } }))).toEqual(['one-way']);
});

test('first syncs say why they write', () => {
  const choice = { side: 'crm', fingerprint: choiceFingerprint('C', 'E') } as const;
  const plan = planned(
    {
      clash: { crm: 'C', erp: 'E' },
      chosen: { crm: 'C', erp: 'E' },
      kept: { crm: 'C', erp: 'E', direction: 'toCrm' },
      blank: { crm: null, erp: 'E' },
      back: { crm: 'C', erp: null, direction: 'toCrm' },
    },
    { choices: { [key('chosen')]: choice, [key('kept')]: choice } },
  );
  expect(rulesOf(plan)).toEqual([
    'first-sync',
    'chosen-at-connect',
    'chosen-at-connect',
    'first-sync-fills-blank',
    'one-way',
  ]);
  expect(plan.writes).toEqual({ crm: { blank: 'E' }, erp: { CLASH: 'C', CHOSEN: 'C' } });
});

test('a one-way field clashes for its source, to the ERP as to the CRM', () => {
  const plan = planned(
    { note: { base: 'A', crm: 'C', erp: 'E', direction: 'toErp' } },
    { policy: { kind: 'erp-wins' } },
  );
  expect(plan.writes).toEqual({ crm: {}, erp: { NOTE: 'C' } });
  expect(plan.fields[0]?.conflict).toMatchObject({ winner: 'crm', policy: 'one-way' });
});

test('agreement ends whatever stood in the way, and nothing else moves last agreed', () => {
  const parked = { side: 'erp', fingerprint: 'f', reason: 'too-long' } as const;
  const states: FieldState[] = [
    { overtaken: 'unclear' },
    { parked },
    { held: 'reformatted-in-turn' },
    { unproven: { side: 'crm', rounds: 1 } },
  ];
  for (const state of states) {
    expect(planned({ name: { base: 'A', crm: 'A', erp: 'A', state } }).fields[0]).toMatchObject({
      rule: 'agrees',
      state: { agreed: { crm: 'A', erp: 'A' } },
    });
  }
  const [field] = planned({ name: { base: 'A', crm: 'A', erp: 'A', state: { parked } } }).fields;
  expect(field?.state).toEqual({ agreed: { crm: 'A', erp: 'A' } });
});

test('a parked value is tried again once the mapping changes', () => {
  const narrow = { ...mappedAs('name', 'both'), erp: { ...text('NAME'), maxLength: 2 } };
  const field = { base: 'A', crm: 'long', erp: 'A' };
  const { state } = planned({ name: field }, { mapping: [narrow] }).fields[0] ?? {};
  const wide = { ...narrow, crm: { ...text('name'), maxLength: 3 } };
  const still = planned({ name: { ...field, ...(state && { state }) } }, { mapping: [narrow] });
  const anew = planned({ name: { ...field, ...(state && { state }) } }, { mapping: [wide] });
  expect(still.fields[0]?.parked).toBeUndefined();
  expect(anew.fields[0]?.parked).toMatchObject({ reason: 'too-long' });
});

test('times count only where every changed field of that side clashes', () => {
  const time = (changedAtMs: number) => ({ changedAtMs, lastWriterIsUs: false, sure: true });
  const clash = { base: 'A', crm: 'C', erp: 'E' };
  const won = (fields: Readonly<Record<string, Field>>) => {
    const values = (side: 'crm' | 'erp') =>
      Object.fromEntries(
        Object.entries(fields).map(([name, field]) => [side === 'crm' ? name : name.toUpperCase(), field[side]]),
      );
    const sides = {
      crm: { values: values('crm'), time: time(200_000) },
      erp: { values: values('erp'), time: time(100_000) },
    };
    const plan = planned(fields, { policy: { kind: 'latest-wins', fallback: 'erp' }, ...sides });
    return plan.fields[0]?.conflict?.policy;
  };
  const still = { base: 'A', crm: 'A', erp: 'A' };
  expect(won({ name: clash, city: clash, fax: still })).toBe('latest-wins');
  expect(won({ name: clash, city: { base: 'A', crm: 'B', erp: 'A' } })).toBe('latest-wins-fallback-erp');
  expect(won({ name: clash, city: { base: 'A', crm: 'A', erp: 'B' } })).toBe('latest-wins-fallback-erp');
  expect(won({ name: clash, city: { base: 'A', crm: 'B', erp: 'B' } })).toBe('latest-wins-fallback-erp');
  expect(won({ name: { crm: 'C', erp: 'E' } })).toBe('latest-wins-fallback-erp');
});

test('only a value that comes back in turn counts as re-formatted, and never one that clashes', () => {
  const state = (side: 'crm' | 'erp'): FieldState => ({ unproven: { side, rounds: 2 } });
  expect(planned({ name: { base: 'a', crm: 'b', erp: 'a', state: state('erp') } }).writes.erp).toEqual({ NAME: 'b' });
  expect(planned({ name: { base: 'a', crm: 'b', erp: 'c', state: state('crm') } }).writes.erp).toEqual({ NAME: 'b' });
  expect(rulesOf(planned({ name: { base: 'a', crm: 'b', erp: 'a', state: state('crm') } }))).toEqual([
    'reformatted-in-turn',
  ]);
});
