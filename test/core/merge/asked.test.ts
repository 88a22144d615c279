/** Conflicts that a person is asked about: what waits, what goes on, and when a conflict is none any more. */
import { expect, test } from 'vitest';
import { choiceFingerprint } from '../../../functions/core/merge/plan-group.ts';
import { key, planned } from './several-field-plan.ts';

const ask = { policy: { kind: 'ask' } } as const;
const held = {
  held: 'asked',
  heldOn: choiceFingerprint('x', 'y'),
  heldSince: '2026-11-26T08:00:00.000Z',
} as const;

test('a field that both sides changed differently is held, and all others go on', () => {
  const plan = planned(
    {
      clash: { crm: 'x', erp: 'y', base: 'a' },
      never: { crm: 'x', erp: 'y' },
      same: { crm: 'x', erp: 'x', base: 'a' },
      news: { crm: 'a', erp: 'y', base: 'a' },
      fills: { crm: 'x', erp: null },
    },
    ask,
  );
  expect(plan.writes).toEqual({ crm: { news: 'y' }, erp: { FILLS: 'x' } });
  const of = (name: string) => plan.fields.find(({ field }) => field === key(name));
  expect(of('clash')).toMatchObject({ rule: 'asked', state: { held: 'asked', agreed: { crm: 'a', erp: 'a' } } });
  expect(of('never')).toMatchObject({ rule: 'asked', state: { held: 'asked' } });
  expect(of('same')).toMatchObject({ rule: 'agrees' });
});

test('a conflict is over once both sides agree, one of them is back at what was agreed, or the policy decides', () => {
  const agreed = planned({ name: { crm: 'y', erp: 'y', base: 'a', state: held } }, ask);
  expect(agreed.fields).toMatchObject([{ rule: 'agrees', state: { agreed: { crm: 'y', erp: 'y' } } }]);
  expect(agreed.fields[0]?.state.held).toBeUndefined();
  expect(planned({ name: { crm: 'a', erp: 'y', base: 'a', state: held } }, ask).writes.crm).toEqual({ name: 'y' });
  const decided = planned({ name: { crm: 'x', erp: 'y', base: 'a', state: held } });
  expect(decided.fields).toMatchObject([{ rule: 'changed-on-both', write: { side: 'erp', value: 'x' } }]);
  const other = planned({ name: { crm: 'x', erp: 'z', base: 'a', state: held } }, ask);
  expect(other.fields).toMatchObject([{ rule: 'asked', state: { held: 'asked' } }]);
});

test('of a value of several fields all that differ wait together', () => {
  const part = { base: 'a', crmGroup: 'g', erpGroup: 'g' };
  const plan = planned({ street: { crm: 'x', erp: 'a', ...part }, zip: { crm: 'a', erp: 'y', ...part } }, ask);
  expect(plan.writes).toEqual({ crm: {}, erp: {} });
  expect(plan.fields.map(({ rule }) => rule)).toEqual(['asked', 'asked']);
});

test('a one-way field is never asked about', () => {
  const field = { crm: 'x', erp: 'y', base: 'a', direction: 'toErp' } as const;
  expect(planned({ field }, ask).fields).toMatchObject([{ write: { side: 'erp', value: 'x' } }]);
});
