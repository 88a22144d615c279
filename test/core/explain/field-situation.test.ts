import { expect, test } from 'vitest';
import { type FieldSituation, fieldSituation } from '../../../functions/core/explain/field-situation.ts';
import { ruleText } from '../../../functions/core/explain/rule-texts.ts';
import { withoutWithheld } from '../../../functions/core/explain/without-withheld.ts';
import { choiceFingerprint } from '../../../functions/core/merge/plan-group.ts';
import { valueMark } from '../../../functions/core/merge/withheld-mark.ts';
import { sentMark } from '../../../functions/core/model/crm-record.ts';
import type { FieldState, Link } from '../../../functions/core/model/link.ts';
import { type Field, key, planned } from '../merge/several-field-plan.ts';

type Remembered = Partial<Pick<Link, 'withheld' | 'intent' | 'state'>>;
const live = { fieldStates: {}, state: 'active' } as const;
const field = key('name');

/** As a look would plan it. */
function explained(name: Field, link: Remembered = {}, more: Parameters<typeof planned>[1] = {}): FieldSituation {
  const [plan] = withoutWithheld(planned({ name }, more), { ...live, ...link }).fields;
  if (!plan) throw new Error('a mapped field is always planned');
  const now = { crm: name.crm, erp: name.erp };
  return fieldSituation({ link: { ...live, ...link }, mapped: plan.mapped, now, plan });
}

/** Where nothing can be planned. */
function remembered(state: FieldState, now: { crm?: string | null; erp?: string | null }, link: Remembered = {}) {
  const [plan] = planned({ name: { crm: null, erp: null } }).fields;
  if (!plan) throw new Error('a mapped field is always planned');
  return fieldSituation({ link: { ...live, fieldStates: { [field]: state }, ...link }, mapped: plan.mapped, now });
}

const agreed = { crm: 'A', erp: 'A' };
const parked = { side: 'erp', fingerprint: 'x', reason: 'too-long' } as const;
const blanks = { fields: [field], reason: 'braked' as const };
const sent = (value: string) => ({ ...blanks, sent: { [field]: valueMark(field, value) } });
const asks = { policy: { kind: 'ask' } } as const;
const base = 'A';

test.each<[string, FieldSituation['state'], FieldSituation]>([
  ['both hold the same', 'agreed', explained({ base, crm: 'A', erp: 'A' })],
  ['one changed', 'waiting', explained({ base, crm: 'B', erp: 'A' })],
  ['both changed and a person is asked', 'held', explained({ base, crm: 'B', erp: 'C' }, {}, asks)],
  ['it is too long', 'parked', explained({ base, crm: 'long', erp: 'A', erpMaxLength: 3 })],
  ['a blank is withheld', 'withheld', explained({ base, crm: null, erp: 'A' }, { withheld: { blanks } })],
  ['one text is withheld', 'withheld', explained({ base, crm: 'B', erp: 'A' }, { withheld: { uniform: sent('B') } })],
  ['a swap is withheld', 'withheld', explained({ base, crm: 'B', erp: 'A' }, { withheld: { swaps: sent('B') } })],
  ['it is refused', 'withheld', explained({ base, crm: 'C', erp: 'A' }, { withheld: { refusals: sent('B') } })],
  ['a text was put right', 'waiting', explained({ base, crm: 'C', erp: 'A' }, { withheld: { uniform: sent('B') } })],
  ['a swap was put right', 'waiting', explained({ base, crm: 'C', erp: 'A' }, { withheld: { swaps: sent('B') } })],
  ['a blank was put right', 'waiting', explained({ base, crm: 'C', erp: 'A' }, { withheld: { blanks } })],
  ['a blank is kept back', 'agreed-to-differ', explained({ base, crm: null, erp: 'A', noBlanks: true })],
  [
    'both agreed to differ',
    'agreed-to-differ',
    explained({ crm: 'A', erp: 'B', state: { agreed: { crm: 'A', erp: 'B' } } }),
  ],
  ['the target was edited', 'left-alone', explained({ base, crm: 'A', erp: 'B', direction: 'toErp' })],
  [
    'an enforced target was edited',
    'waiting',
    explained({ base, crm: 'A', erp: 'B', direction: 'toErp', enforce: true }),
  ],
])('where %s a field is %s, and the reason is a sentence without a value', (_, state, situation) => {
  expect(situation.state).toBe(state);
  expect(situation.reason).toMatch(/^[A-Z][^<>]+\.$/);
});

test('what the next look would write is told, with its rule', () => {
  expect(explained({ base, crm: 'B', erp: 'A' })).toEqual({
    state: 'waiting',
    reason: 'It was changed in the CRM. The next look writes the ERP.',
    next: { side: 'erp', value: 'B', rule: 'changed-in-crm' },
  });
  const choices = { [field]: { side: 'erp', fingerprint: choiceFingerprint('B', 'C') } } as const;
  expect(explained({ crm: 'B', erp: 'C' }, {}, { choices }).next).toMatchObject({
    side: 'crm',
    rule: 'chosen-at-connect',
  });
});

test.each<[string, FieldSituation['state'], FieldSituation]>([
  ['held', 'held', remembered({ agreed, held: 'asked' }, { crm: 'A' })],
  ['parked', 'parked', remembered({ agreed, parked }, { crm: 'A' })],
  ['withheld', 'withheld', remembered({ agreed }, {}, { withheld: { blanks } })],
  ['withheld as refused', 'withheld', remembered({ agreed }, {}, { withheld: { refusals: sent('B') } })],
  ['agreed to differ', 'agreed-to-differ', remembered({ agreed, differs: true }, { crm: 'A' })],
  ['agreed', 'agreed', remembered({ agreed }, { erp: 'A' })],
  ['agreed, and changed since', 'waiting', remembered({ agreed }, { crm: 'B' })],
  ['never agreed', 'waiting', remembered({}, { crm: 'B' })],
  ['never agreed and the same', 'agreed', remembered({}, { crm: 'B', erp: 'B' })],
])('where nothing can be planned a field that is %s is %s', (_, state, situation) => {
  expect(situation.state).toBe(state);
  expect(situation.next).toBeUndefined();
});

test('a write that was begun and not heard of is told before anything else', () => {
  const begun = {
    field,
    erpField: 'NAME',
    crmField: 'name',
    side: 'erp',
    replaces: 'A',
    sends: 'B',
    source: 'B',
  } as const;
  const intent = {
    token: 't',
    runId: 'r',
    chunkId: 'c',
    expiresAtMs: 1,
    versions: { crm: '1', erp: '1' },
    readAtMs: { crm: 1, erp: 1 },
    writes: [{ ...begun, rule: 'changed-in-crm', conflict: false }],
  };
  expect(explained({ base, crm: 'B', erp: 'B' }, { intent })).toMatchObject({
    state: 'waiting',
    reason: expect.stringContaining('from the CRM to the ERP'),
  });
});

test('a part that waits for another names it', () => {
  const part = { crmGroup: 'g', erpGroup: 'g' } as const;
  const { fields } = planned({
    street: { ...part, base: 'S', crm: 'T', erp: 'S' },
    zip: { ...part, base: '1', crm: 'long', erp: '1', erpMaxLength: 3 },
  });
  const [street] = fields;
  if (!street) throw new Error('a mapped field is always planned');
  const { mapped, crm, erp } = street;
  expect(fieldSituation({ link: live, mapped, now: { crm, erp }, plan: street })).toMatchObject({
    state: 'waiting',
    reason: expect.stringContaining(key('zip')),
  });
});

test('a side that could not be read is not said to be unchanged', () => {
  expect(remembered({ agreed }, { crm: agreed.crm }).reason).toContain('the ERP could not be read');
  expect(remembered({ agreed }, {}).reason).toContain('the CRM and the ERP could not be read');
});

test('of what waits in a link that is not live it is said that nothing is written', () => {
  for (const state of ['paused', 'broken', 'disconnected'] as const) {
    for (const known of [{ agreed }, {}]) {
      const { reason } = remembered(known, { crm: 'B', erp: 'A' }, { state });
      expect(reason).toContain(`Nothing is written while the link is ${state}.`);
    }
  }
  expect(remembered({ agreed }, { crm: 'B' }).reason).not.toContain('Nothing is written');
  expect(remembered({ agreed }, { crm: 'A', erp: 'A' }, { state: 'broken' }).reason).not.toContain(
    'Nothing is written',
  );
});

test('each act that is withheld is told as what it is, and why', () => {
  const told = (['blanks', 'uniform', 'swaps', 'refusals'] as const).map((kind) => {
    const { reason } = remembered({ agreed }, {}, { withheld: { [kind]: sent('B') } });
    expect(reason).toContain('a brake stood');
    const allowance = { ...sent('B'), reason: 'allowance' } as const;
    expect(remembered({ agreed }, {}, { withheld: { [kind]: allowance } }).reason).toContain('was used up');
    return reason;
  });
  expect(new Set(told).size).toBe(4);
  expect(told.filter((reason) => reason.includes('blank'))).toHaveLength(1);
  const hidden = { fields: [field], reason: 'not-readable' as const };
  expect(remembered({ agreed }, {}, { withheld: { blanks: hidden } }).reason).toContain('may not read');
});

test('the rest of a group that something is withheld of waits for that part', () => {
  const part = { crmGroup: 'g', erpGroup: 'g' } as const;
  const plan = planned({
    street: { ...part, base: 'S', crm: null, erp: 'S' },
    zip: { ...part, base: '1', crm: '2', erp: '1' },
  });
  const withheld: Link['withheld'] = { blanks: { fields: [key('street')], reason: 'braked' } };
  const [, zip] = withoutWithheld(plan, { fieldStates: {}, withheld }).fields;
  expect(zip).toMatchObject({ rule: 'part-refused', part: key('street') });
});

test.each<[string, FieldSituation, string]>([
  ['by the direction', explained({ base, crm: 'B', erp: 'C', direction: 'toErp' }), 'one way only'],
  ['by the policy', explained({ base, crm: 'B', erp: 'C' }), 'By the policy the CRM won.'],
  [
    'by the order of the connections',
    explained(
      { base, crm: 'B', erp: 'C' },
      {},
      { crmWriters: [{ connectionId: 'other', rank: 'higher', sent: { name: sentMark('B') } }] },
    ),
    'order of the connections',
  ],
  ['at connect', explained({ crm: 'B', erp: 'C' }), 'when they were connected. By the policy the CRM won.'],
  [
    'by enforcing',
    explained({ base, crm: 'A', erp: 'B', direction: 'toErp', enforce: true }),
    'an enforced field is put back. The next look',
  ],
  [
    'by a resync',
    explained({ base, crm: 'A', erp: 'B' }, {}, { resync: { winner: 'crm', noBlanks: false } }),
    'replace the other side. The next look',
  ],
])('a clash that is decided %s says so', (_, { reason }, words) => {
  expect(reason).toContain(words);
});

test.each([
  ['latest-wins', 'later edit'],
  ['latest-wins-unsure', 'nobody can tell'],
  ['latest-wins-fallback-crm', 'the CRM wins'],
  ['latest-wins-fallback-erp', 'the ERP wins'],
  ['erp-wins', 'the ERP won'],
  ['enforce', 'enforces'],
  ['resync', 'resync'],
  ['resolved', 'person'],
  ['settled', 'worker'],
  ['of an earlier version', 'differently.'],
])('where %s decided between two changes the text says so', (policy, words) => {
  expect(ruleText('changed-on-both', policy)).toContain(words);
});

test('a rule that an earlier version logged has no words', () => {
  expect(ruleText('resync')).toBeDefined();
  expect(ruleText('resync', 'resync')).toBe(ruleText('resync'));
  expect(ruleText('constructor')).toBeUndefined();
});
