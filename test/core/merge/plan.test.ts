import { expect, test } from 'vitest';
import type { Direction, MappedField } from '../../../functions/core/mapping/mapping.ts';
import { refusalMark } from '../../../functions/core/merge/field-plan.ts';
import { planLink } from '../../../functions/core/merge/plan.ts';
import { choiceFingerprint } from '../../../functions/core/merge/plan-group.ts';
import type { ConflictPolicy } from '../../../functions/core/merge/policy.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';
import type { FieldState } from '../../../functions/core/model/link.ts';
import type { Value } from '../../../functions/core/values/value.ts';

const text = (key: string, more: Partial<FieldMetadata> = {}): FieldMetadata => ({
  key,
  label: key,
  type: 'text',
  maxLength: 0,
  access: 'normal',
  searchable: false,
  ...more,
});

function mapped(direction: Direction, more: Partial<MappedField> = {}): MappedField {
  return {
    erpField: 'NAME',
    crmField: 'name',
    direction,
    showInSearch: false,
    showInErpTab: false,
    erp: text('NAME'),
    crm: text('name'),
    ...more,
  };
}

interface Case {
  readonly direction?: Direction;
  readonly crm: Value;
  readonly erp: Value;
  readonly base?: { crm: Value; erp: Value };
  readonly state?: FieldState;
  readonly policy?: ConflictPolicy;
  readonly choice?: { side: 'crm' | 'erp'; fingerprint: string };
  readonly more?: Partial<MappedField>;
}

function planOne(given: Case) {
  const mapping = mapped(given.direction ?? 'both', given.more);
  const state = given.state ?? (given.base ? { agreed: given.base } : {});
  const plan = planLink({
    fieldStates: { 'NAME~name': state },
    choices: given.choice ? { 'NAME~name': given.choice } : {},
    crm: { values: { name: given.crm } },
    erp: { values: { NAME: given.erp } },
    mapping: [mapping],
    policy: given.policy ?? { kind: 'crm-wins' },
    timeResolutionMs: { crm: 1000, erp: 1000 },
  });
  const [field] = plan.fields;
  if (!field) throw new Error('a mapped field is always planned');
  return field;
}

const base = { crm: 'A', erp: 'A' };

test('a change in the ERP alone goes to the CRM where the direction allows', () => {
  expect(planOne({ base, crm: 'A', erp: 'B' }).write).toEqual({ side: 'crm', value: 'B' });
  expect(planOne({ direction: 'toCrm', base, crm: 'A', erp: 'B' }).write).toEqual({ side: 'crm', value: 'B' });
  const oneWay = planOne({ direction: 'toErp', base, crm: 'A', erp: 'B' });
  expect(oneWay).toMatchObject({ rule: 'one-way', state: { agreed: base } });
  expect(oneWay.write).toBeUndefined();
});

test('a change in the CRM alone goes to the ERP where the direction allows', () => {
  expect(planOne({ base, crm: 'B', erp: 'A' }).write).toEqual({ side: 'erp', value: 'B' });
  expect(planOne({ direction: 'toCrm', base, crm: 'B', erp: 'A' }).write).toBeUndefined();
});

test('the same change on both sides is agreed without a write', () => {
  expect(planOne({ base, crm: 'B', erp: 'B' })).toMatchObject({
    rule: 'agrees',
    state: { agreed: { crm: 'B', erp: 'B' } },
  });
});

test('different changes on both sides go by the policy, and the loser is kept with its base', () => {
  const crmWins = planOne({ base, crm: 'C', erp: 'E' });
  expect(crmWins).toMatchObject({ rule: 'changed-on-both', write: { side: 'erp', value: 'C' } });
  expect(crmWins.conflict).toEqual({ winner: 'crm', policy: 'crm-wins', base, crm: 'C', erp: 'E' });
  expect(planOne({ base, crm: 'C', erp: 'E', policy: { kind: 'erp-wins' } }).write).toEqual({
    side: 'crm',
    value: 'E',
  });
});

test("a field's own policy goes before that of its connection", () => {
  const more = { conflictPolicy: { kind: 'erp-wins' } } as const;
  expect(planOne({ base, crm: 'C', erp: 'E', more }).conflict).toMatchObject({ winner: 'erp', policy: 'erp-wins' });
});

test('a one-way field overwrites an edit on its target side and logs the loser', () => {
  const plan = planOne({ direction: 'toCrm', base, crm: 'C', erp: 'E' });
  expect(plan).toMatchObject({
    write: { side: 'crm', value: 'E' },
    conflict: { winner: 'erp', policy: 'one-way', base },
  });
});

/** The merge table of a one-way field: what is written to its target, with and without *enforce*. */
const edited = { kept: undefined, putBack: { side: 'crm', value: 'A' } } as const;
const oneWayRows = [
  ['only the source changed', { base, crm: 'A', erp: 'E' }, { side: 'crm', value: 'E' }, { side: 'crm', value: 'E' }],
  ['only the target changed', { base, crm: 'C', erp: 'A' }, edited.kept, edited.putBack],
  ['both changed alike', { base, crm: 'B', erp: 'B' }, undefined, undefined],
  ['both changed', { base, crm: 'C', erp: 'E' }, { side: 'crm', value: 'E' }, { side: 'crm', value: 'E' }],
  ['neither changed', { base, crm: 'A', erp: 'A' }, undefined, undefined],
  ['it never agreed', { crm: 'C', erp: 'E' }, { side: 'crm', value: 'E' }, { side: 'crm', value: 'E' }],
  ['it never agreed, the source is blank', { crm: 'C', erp: null }, undefined, undefined],
  [
    'it never agreed, the target is blank',
    { crm: null, erp: 'E' },
    { side: 'crm', value: 'E' },
    { side: 'crm', value: 'E' },
  ],
] as const;

test.each(oneWayRows)(
  'a one-way field where %s is written as the merge table says, enforced or not',
  (_, row, left, enforced) => {
    expect(planOne({ direction: 'toCrm', ...row }).write).toEqual(left);
    expect(planOne({ direction: 'toCrm', more: { enforce: true }, ...row }).write).toEqual(enforced);
  },
);

/** The merge table where one of the two values is blank: what is written, as usual and with *no blanks*. */
const blankRows = [
  ['the CRM alone was blanked', { base, crm: null, erp: 'A' }, { side: 'erp', value: null }],
  ['the ERP alone was blanked', { base, crm: 'A', erp: null }, { side: 'crm', value: null }],
  ['the winner was blanked, the loser changed', { base, crm: null, erp: 'E' }, { side: 'erp', value: null }],
  ['a one-way source was blanked', { direction: 'toErp', base, crm: null, erp: 'A' }, { side: 'erp', value: null }],
  [
    'a one-way source was blanked, its target edited',
    { direction: 'toErp', base, crm: null, erp: 'E' },
    { side: 'erp', value: null },
  ],
] as const;

test.each(blankRows)('where %s the blank travels, and with no blanks both stay, agreed to differ', (_, row, write) => {
  expect(planOne(row).write).toEqual(write);
  const kept = planOne({ ...row, more: { noBlanks: true } });
  expect(kept).toMatchObject({
    rule: 'blank-kept-back',
    state: { agreed: { crm: row.crm, erp: row.erp }, differs: true },
  });
  expect(kept.write).toBeUndefined();
  expect(kept.conflict).toBeUndefined();
  const again = planOne({ ...row, state: kept.state, more: { noBlanks: true } });
  expect(again).toMatchObject({ rule: 'unchanged', state: kept.state });
});

test('at first sync a blank is filled and never overwrites', () => {
  expect(planOne({ crm: null, erp: 'E' }).write).toEqual({ side: 'crm', value: 'E' });
  expect(planOne({ crm: 'C', erp: null }).write).toEqual({ side: 'erp', value: 'C' });
  expect(planOne({ direction: 'toCrm', crm: 'C', erp: null }).write).toBeUndefined();
  expect(planOne({ crm: 'C', erp: null, policy: { kind: 'erp-wins' } }).write).toEqual({ side: 'erp', value: 'C' });
});

test('a blank after an agreement travels like any other value', () => {
  expect(planOne({ base, crm: null, erp: 'A' }).write).toEqual({ side: 'erp', value: null });
});

test('a choice at connect decides the first sync', () => {
  const chosen = (side: 'crm' | 'erp') => ({ side, fingerprint: choiceFingerprint('C', 'E') });
  expect(planOne({ crm: 'C', erp: 'E', choice: chosen('erp') }).write).toEqual({ side: 'crm', value: 'E' });
  expect(planOne({ crm: 'C', erp: 'E', choice: chosen('crm') }).write).toEqual({ side: 'erp', value: 'C' });
});

test('keeping the side that a one-way mapping would overwrite agrees to differ', () => {
  const choice = { side: 'crm' as const, fingerprint: choiceFingerprint('C', 'E') };
  const plan = planOne({ direction: 'toCrm', crm: 'C', erp: 'E', choice });
  expect(plan.write).toBeUndefined();
  expect(plan.state).toEqual({ agreed: { crm: 'C', erp: 'E' }, differs: true });
  const later = planOne({ direction: 'toCrm', crm: 'C', erp: 'E', base: { crm: 'C', erp: 'E' } });
  expect(later).toMatchObject({ rule: 'unchanged' });
});

test('a choice is void once one of the values it was made on has moved', () => {
  const choice = { side: 'crm' as const, fingerprint: choiceFingerprint('C', 'E') };
  const plan = planOne({ crm: 'C2', erp: 'E', choice });
  expect(plan).toMatchObject({ rule: 'choice-void', state: { held: 'choice-void' } });
  expect(plan.write).toBeUndefined();
});

test('one phone number in two spellings agrees', () => {
  const phone = { crm: text('name', { format: 'phone' }), erp: text('NAME', { format: 'phone' }) };
  expect(planOne({ crm: '+31 20 123', erp: '+31-20-123', more: phone }).rule).toBe('agrees');
  expect(planOne({ crm: '020 123', erp: '+31-20-123', more: phone }).write).toBeDefined();
});

test('a text that is too long is refused whole, and again only for another value', () => {
  const more = { erp: text('NAME', { maxLength: 3 }) };
  const plan = planOne({ base, crm: 'long', erp: 'A', more });
  expect(plan).toMatchObject({ rule: 'refused', parked: { reason: 'too-long', side: 'erp' } });
  const again = planOne({ crm: 'long', erp: 'A', more, state: plan.state });
  expect(again.parked).toBeUndefined();
  expect(planOne({ crm: 'new', erp: 'A', more, state: plan.state }).write).toEqual({ side: 'erp', value: 'new' });
});

test('a value the system refused is not sent again', () => {
  const plan = planOne({ base, crm: 'bad', erp: 'A' });
  const parked = { side: 'erp', fingerprint: refusalMark(plan, 'erp'), reason: 'refused-by-system' } as const;
  const again = planOne({ crm: 'bad', erp: 'A', state: { agreed: base, parked } });
  expect(again.rule).toBe('refused');
  expect(again.write).toBeUndefined();
});

test('list items travel through the pairs, and an unmapped one is refused', () => {
  const more = {
    crm: text('name', { type: 'list', listName: 'country' }),
    erp: text('NAME', { type: 'list', listName: 'country' }),
    listPairs: { '12': '528', '13': '56' },
  };
  expect(planOne({ crm: '528', erp: '12', more }).rule).toBe('agrees');
  expect(planOne({ base: { crm: '528', erp: '12' }, crm: '56', erp: '12', more }).write).toEqual({
    side: 'erp',
    value: '13',
  });
  expect(planOne({ base: { crm: '528', erp: '12' }, crm: '99', erp: '12', more }).parked?.reason).toBe(
    'unmapped-list-item',
  );
});

test('an overtaken write that moved counts as changed on both sides until it agrees', () => {
  const state: FieldState = { agreed: base, overtaken: 'moved' };
  const plan = planOne({ crm: 'A', erp: 'X', state });
  expect(plan).toMatchObject({ rule: 'changed-on-both', write: { side: 'erp', value: 'A' }, conflict: { erp: 'X' } });
  expect(planOne({ crm: 'X', erp: 'X', state }).state).toEqual({ agreed: { crm: 'X', erp: 'X' } });
});

test('a write after an unclear overtaking logs what it replaces as losing', () => {
  const plan = planOne({ crm: 'B', erp: 'A', state: { agreed: base, overtaken: 'unclear' } });
  expect(plan).toMatchObject({ write: { side: 'erp', value: 'B' }, conflict: { policy: 'overtaken', erp: 'A', base } });
});

test('a value that both systems re-format in turn is held after the second round', () => {
  const state: FieldState = { agreed: { crm: 'a', erp: 'a' }, unproven: { side: 'crm', rounds: 2 } };
  expect(planOne({ crm: 'a.', erp: 'a', state })).toMatchObject({
    rule: 'reformatted-in-turn',
    state: { held: 'reformatted-in-turn' },
  });
  const first: FieldState = { agreed: { crm: 'a', erp: 'a' }, unproven: { side: 'crm', rounds: 1 } };
  expect(planOne({ crm: 'a.', erp: 'a', state: first }).write).toEqual({ side: 'erp', value: 'a.' });
});

test('latest wins only where the times can tell', () => {
  const policy: ConflictPolicy = { kind: 'latest-wins', fallback: 'erp' };
  const at = (changedAtMs: number, lastWriterIsUs = false) => ({ changedAtMs, lastWriterIsUs, sure: true });
  const plan = (crm: ReturnType<typeof at>, erp: ReturnType<typeof at>) =>
    planLink({
      fieldStates: { 'NAME~name': { agreed: base } },
      choices: {},
      crm: { values: { name: 'C' }, time: crm },
      erp: { values: { NAME: 'E' }, time: erp },
      mapping: [mapped('both')],
      policy,
      timeResolutionMs: { crm: 1000, erp: 1000 },
    }).fields[0]?.conflict;
  expect(plan(at(100_000), at(90_000))).toMatchObject({ winner: 'crm', policy: 'latest-wins' });
  expect(plan(at(100_000), at(98_000))).toMatchObject({ winner: 'erp', policy: 'latest-wins-fallback-erp' });
  expect(plan(at(100_000, true), at(90_000))).toMatchObject({ winner: 'erp', policy: 'latest-wins-fallback-erp' });
});
