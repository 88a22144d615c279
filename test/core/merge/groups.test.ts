/** Plans of fields that share one stored value: written whole, or not at all. */
import { expect, test } from 'vitest';
import { halfOf, isUnclearRefusal, upTo } from '../../../functions/core/merge/halving.ts';
import { outcomeOf } from '../../../functions/core/merge/outcome.ts';
import { testedFields } from '../../../functions/core/merge/plan.ts';
import { choiceFingerprint } from '../../../functions/core/merge/plan-group.ts';
import type { Choice } from '../../../functions/core/model/link.ts';
import type { Value } from '../../../functions/core/values/value.ts';
import { type Field, key, planned } from './several-field-plan.ts';
import { cityField, lookFacts, nameField } from './two-field-look.ts';

const named = { crmGroup: 'name' } as const;
type Plan = ReturnType<typeof planned>;
const rulesOf = (plan: Plan) => plan.fields.map(({ rule }) => rule);
const statesOf = (plan: Plan) => Object.fromEntries(plan.fields.map(({ field, state }) => [field, state]));
const nothing = { crm: {}, erp: {} };

/** First and last name, last agreed as they are given first. */
function name(first: Field, last: Field, more: Parameters<typeof planned>[1] = {}) {
  return planned({ first: { ...named, ...first }, last: { ...named, ...last } }, more);
}

test('a value of several fields is not written in part where one of them is refused', () => {
  const plan = name(
    { base: 'Jo', crm: 'Li', erp: 'Jo' },
    { base: 'Li', crm: 'Bo | van Dam', erp: 'Li', erpMaxLength: 4 },
  );
  expect(plan.writes).toEqual(nothing);
  expect(rulesOf(plan)).toEqual(['part-refused', 'refused']);
  expect(plan.fields[0]).toMatchObject({ part: key('last'), state: { agreed: { crm: 'Jo', erp: 'Jo' } } });
  expect(plan.fields[1]?.parked).toMatchObject({ side: 'erp', reason: 'too-long' });
});

test('a parked group is left alone while none of its values moves, and is then tried again whole', () => {
  const fields = (first: string, last: string, city = 'U'): Record<string, Field> => ({
    first: { ...named, base: 'Jo', crm: first, erp: 'Jo' },
    last: { ...named, base: 'Li', crm: last, erp: 'Li', erpMaxLength: 4 },
    city: { base: 'U', crm: city, erp: 'U' },
  });
  const fieldStates = statesOf(planned(fields('Li', 'too long')));
  const still = planned(fields('Li', 'too long', 'V'), { fieldStates });
  expect(rulesOf(still)).toEqual(['part-refused', 'refused', 'changed-in-crm']);
  expect(still.fields[1]?.parked).toBeUndefined();
  const moved = planned(fields('Lu', 'too long'), { fieldStates });
  expect(moved.fields[1]?.parked).toBeDefined();
  const fits = planned(fields('Lu', 'Dam'), { fieldStates });
  expect(fits.writes.erp).toEqual({ FIRST: 'Lu', LAST: 'Dam' });
  expect(fits.fields.every(({ state }) => state.parked === undefined)).toBe(true);
});

test('what one side changed in a group goes to the other, and the part that did not change is not written', () => {
  const plan = name({ base: 'A', crm: 'B', erp: 'A' }, { base: 'L', crm: 'L', erp: 'L' });
  expect(plan.writes).toEqual({ crm: {}, erp: { FIRST: 'B' } });
  expect(rulesOf(plan)).toEqual(['changed-in-crm', 'unchanged']);
});

test('changes on both sides of one group are one clash: the loser loses all its parts, each of them logged', () => {
  const changed = { first: { base: 'A', crm: 'B', erp: 'A' }, last: { base: 'L', crm: 'L', erp: 'M' } };
  const plan = name(changed.first, changed.last);
  expect(plan.writes).toEqual({ crm: {}, erp: { FIRST: 'B', LAST: 'L' } });
  expect(plan.fields.map(({ conflict }) => conflict)).toEqual([
    { winner: 'crm', policy: 'crm-wins', base: { crm: 'A', erp: 'A' }, crm: 'B', erp: 'A' },
    { winner: 'crm', policy: 'crm-wins', base: { crm: 'L', erp: 'L' }, crm: 'L', erp: 'M' },
  ]);
  const theirs = name(changed.first, changed.last, { policy: { kind: 'erp-wins' } });
  expect(theirs.writes).toEqual({ crm: { first: 'A', last: 'M' }, erp: {} });
  const apart = planned(changed);
  expect(apart.writes).toEqual({ crm: { last: 'M' }, erp: { FIRST: 'B' } });
});

test('a clash of one part is one, whatever its neighbours hold', () => {
  const plan = name({ base: 'A', crm: 'A', erp: 'A' }, { base: 'L', crm: 'M', erp: 'N' });
  expect(rulesOf(plan)).toEqual(['unchanged', 'changed-on-both']);
  expect(plan.fields[1]?.conflict).toMatchObject({ winner: 'crm', erp: 'N' });
});

test('a clash is one of a first sync as long as one of its parts was never agreed', () => {
  const plan = name({ base: 'A', crm: 'B', erp: 'A' }, { crm: 'L', erp: 'M' });
  expect(rulesOf(plan)).toEqual(['first-sync', 'first-sync']);
});

test('an edit beside a clash hides the time of the clash, though its neighbour did not change', () => {
  const time = (changedAtMs: number) => ({ changedAtMs, lastWriterIsUs: false, sure: true });
  const plan = planned(
    {
      first: { ...named, base: 'A', crm: 'B', erp: 'A' },
      last: { ...named, base: 'L', crm: 'L', erp: 'L' },
      city: { base: 'U', crm: 'V', erp: 'W' },
    },
    {
      policy: { kind: 'latest-wins', fallback: 'erp' },
      crm: { values: { first: 'B', last: 'L', city: 'V' }, time: time(100_000) },
      erp: { values: { FIRST: 'A', LAST: 'L', CITY: 'W' }, time: time(50_000) },
    },
  );
  expect(plan.fields[2]?.conflict?.policy).toBe('latest-wins-fallback-erp');
});

test('both sides of a group changed to the same agree without a clash', () => {
  const plan = name({ base: 'A', crm: 'B', erp: 'B' }, { base: 'L', crm: 'M', erp: 'M' });
  expect(rulesOf(plan)).toEqual(['agrees', 'agrees']);
});

test('at first sync a group that only adds parts to the other is no clash', () => {
  const plan = name({ crm: 'Jo', erp: 'Jo' }, { crm: 'Li', erp: null }, { policy: { kind: 'erp-wins' } });
  expect(plan.writes).toEqual({ crm: {}, erp: { LAST: 'Li' } });
  expect(rulesOf(plan)).toEqual(['agrees', 'first-sync-fills-blank']);
  expect(plan.fields[1]?.conflict).toBeUndefined();
});

test('at first sync two groups that each have a part of their own clash as a whole', () => {
  const plan = name({ crm: 'Damrak 7', erp: null }, { crm: null, erp: '1012 KK' });
  expect(plan.writes).toEqual({ crm: {}, erp: { FIRST: 'Damrak 7', LAST: null } });
  expect(plan.fields[1]?.conflict).toMatchObject({ winner: 'crm', erp: '1012 KK' });
  expect(rulesOf(plan)).toEqual(['first-sync', 'first-sync']);
});

test('a choice for one part of a group is one for all of it, and a void one holds it all', () => {
  const choice = (side: 'crm' | 'erp', crm: Value, erp: Value): Choice => ({
    side,
    fingerprint: choiceFingerprint(crm, erp),
  });
  const chosen = (first: Choice, last?: Choice) =>
    name(
      { crm: 'A', erp: 'B' },
      { crm: 'L', erp: 'M' },
      { choices: { [key('first')]: first, ...(last && { [key('last')]: last }) } },
    );
  const forAll = chosen(choice('erp', 'A', 'B'));
  expect(forAll.writes).toEqual({ crm: { first: 'B', last: 'M' }, erp: {} });
  expect(rulesOf(forAll)).toEqual(['chosen-at-connect', 'chosen-at-connect']);
  const voided = chosen(choice('erp', 'A', 'moved'));
  expect(rulesOf(voided)).toEqual(['choice-void', 'part-refused']);
  expect(voided.fields[1]).toMatchObject({ part: key('first') });
  const against = chosen(choice('erp', 'A', 'B'), choice('crm', 'L', 'M'));
  expect(against.writes).toEqual(nothing);
  const bothVoid = chosen(choice('erp', 'A', 'moved'), choice('erp', 'L', 'moved'));
  expect(rulesOf(bothVoid)).toEqual(['choice-void', 'choice-void']);
});

test('a part that waits for a person holds the rest of its group', () => {
  const state = { held: 'reformatted-in-turn' } as const;
  const plan = name({ base: 'A', crm: 'A', erp: 'B', state }, { base: 'L', crm: 'M', erp: 'L' });
  expect(plan.writes).toEqual(nothing);
  expect(rulesOf(plan)).toEqual(['reformatted-in-turn', 'part-refused']);
  const apart = planned({ first: { base: 'A', crm: 'A', erp: 'B', state }, last: { base: 'L', crm: 'M', erp: 'L' } });
  expect(apart.writes.erp).toEqual({ LAST: 'M' });
});

test('a part that both agreed to differ in stays so when another part is written', () => {
  const state = { agreed: { crm: 'Amsterdam', erp: 'Amst' }, differs: true };
  const plan = name({ crm: 'Amsterdam', erp: 'Amst', state }, { base: 'L', crm: 'M', erp: 'L' });
  expect(plan.writes).toEqual({ crm: {}, erp: { LAST: 'M' } });
  expect(plan.fields[0]?.state).toEqual(state);
});

test('groups of the two sides that overlap are one group', () => {
  const plan = planned({
    one: { base: 'A', crm: 'B', erp: 'A', crmGroup: 'g' },
    two: { base: 'A', crm: 'A', erp: 'A', crmGroup: 'g', erpGroup: 'h' },
    three: { base: 'A', crm: 'long', erp: 'A', erpGroup: 'h', erpMaxLength: 1 },
    four: { base: 'A', crm: 'B', erp: 'A', erpGroup: 'other' },
  });
  expect(plan.writes).toEqual({ crm: {}, erp: { FOUR: 'B' } });
  expect(rulesOf(plan)).toEqual(['part-refused', 'unchanged', 'refused', 'changed-in-crm']);
});

test('one name of a group on each side is not one group', () => {
  const plan = planned({
    one: { base: 'A', crm: 'B', erp: 'A', crmGroup: 'address' },
    two: { base: 'A', crm: 'long', erp: 'A', erpGroup: 'address', erpMaxLength: 1 },
  });
  expect(plan.writes.erp).toEqual({ ONE: 'B' });
});

test('a write tests all values of the groups it touches, and no others', () => {
  const still = { base: 'A', crm: 'A', erp: 'A' };
  const plan = planned({
    first: { ...named, base: 'A', crm: 'B', erp: 'A' },
    last: { ...named, ...still },
    city: { ...still, base: 'A', erp: 'C' },
    fax: still,
  });
  expect(testedFields(plan, 'erp')).toEqual(['FIRST', 'LAST']);
  expect(testedFields(plan, 'crm')).toEqual(['city']);
});

test('halving never splits a group', () => {
  const changed = { base: 'A', crm: 'B', erp: 'A' };
  const plan = planned({ first: { ...named, ...changed }, city: changed, last: { ...named, ...changed } });
  expect(halfOf(plan)).toBe(1);
  expect(upTo(1, plan, {}).plan.writes.erp).toEqual({ FIRST: 'B', LAST: 'B' });
  const refusal = { outcome: 'rejected' } as const;
  const answers = { crm: { outcome: 'none' }, erp: refusal } as const;
  expect(isUnclearRefusal({ plan, answers })).toBe(true);
  expect(isUnclearRefusal({ plan: upTo(1, plan, {}).plan, answers })).toBe(false);
});

test('a refusal that names a field which was not sent is as unclear as one that names none', () => {
  const changed = { base: 'A', crm: 'B', erp: 'A' };
  const answers = (field: string) => ({ crm: { outcome: 'none' }, erp: { outcome: 'rejected', field } }) as const;
  const plan = planned({ one: changed, two: changed });
  expect(isUnclearRefusal({ plan, answers: answers('toString') })).toBe(true);
  expect(isUnclearRefusal({ plan, answers: answers('ONE') })).toBe(false);
});

test('a group that a system refused is sent again once any part of it changes', () => {
  const sent = (city: string, more: Parameters<typeof lookFacts>[0] = {}) =>
    lookFacts({ group: 'name', crm: { name: 'B', city }, ...more });
  const { after } = outcomeOf(sent('V', { answer: { outcome: 'rejected', field: 'NAME' } }));
  expect(sent('V', { link: after }).plan.writes).toEqual(nothing);
  expect(sent('W', { link: after }).plan.writes.erp).toEqual({ NAME: 'B', CITY: 'W' });
});

test('a group that was refused alone is one failure, and the part that the system names is the one at fault', () => {
  const both = { group: 'name', crm: { name: 'B', city: 'V' } } as const;
  const parked = (field?: string) => {
    const { after, troubles } = outcomeOf(lookFacts({ ...both, answer: { outcome: 'rejected', field } }));
    expect(troubles).toHaveLength(1);
    return Object.entries(after.fieldStates).flatMap(([name, state]) => (state.parked ? [name] : []));
  };
  expect(parked()).toEqual([nameField]);
  expect(parked('CITY')).toEqual([cityField]);
  expect(parked('FAX')).toEqual([nameField]);
});

/** A name whose parts the ERP divides otherwise: it holds all but the last name in the first one. */
function divided(now: { readonly crm?: readonly Value[]; readonly erp?: readonly Value[] }) {
  const agreed = { crm: ['John', 'Fitzgerald', 'Kennedy'], erp: ['John Fitzgerald', null, 'Kennedy'] };
  const part = (at: number): Field => {
    const base = { crm: agreed.crm[at] ?? null, erp: agreed.erp[at] ?? null };
    const { crm = agreed.crm, erp = agreed.erp } = now;
    const state = { agreed: base, ...(base.crm !== base.erp && { differs: true as const }) };
    return { ...named, crm: crm[at] ?? null, erp: erp[at] ?? null, state };
  };
  return planned({ middle: part(1), first: part(0), last: part(2) });
}

test('where both sides divide the same words otherwise, a change of one part takes all parts along', () => {
  expect(divided({ erp: ['John F.', null, 'Kennedy'] }).writes.crm).toEqual({ first: 'John F.', middle: null });
  expect(divided({ crm: ['Jack', 'Fitzgerald', 'Kennedy'] }).writes.erp).toEqual({
    FIRST: 'Jack',
    MIDDLE: 'Fitzgerald',
  });
  expect(divided({}).writes).toEqual(nothing);
});

test('what one side stored in other words is left where it is when another part changes', () => {
  const cut = { agreed: { crm: 'Lange Voorhout 1', erp: 'Lange Voorhou' }, differs: true } as const;
  const plan = planned({
    street: { ...named, crm: 'Lange Voorhout 1', erp: 'Lange Voorhou', state: cut },
    city: { ...named, base: 'Den Haag', crm: 'Den Haag', erp: 'Delft' },
  });
  expect(plan.writes).toEqual({ crm: { city: 'Delft' }, erp: {} });
});

test('a part that reads otherwise once the rest of its group is written is no edit, and is listed as differing', () => {
  const group = { group: 'name', crm: { name: 'B' } } as const;
  const storedAs = (CITY: string) =>
    outcomeOf(lookFacts({ ...group, answer: { outcome: 'ok', version: 'e2', stored: { NAME: 'B', CITY } } })).after;
  expect(storedAs('de U').fieldStates[cityField]).toEqual({ agreed: { crm: 'U', erp: 'de U' }, differs: true });
  expect(storedAs('U').fieldStates[cityField]).toEqual({ agreed: { crm: 'U', erp: 'U' } });
});
