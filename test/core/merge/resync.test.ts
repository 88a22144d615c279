/** What a resync writes, leaves and logs, field by field and for values made of several. */
import { expect, test } from 'vitest';
import { key, planned } from './several-field-plan.ts';

const fromCrm = { resync: { winner: 'crm', noBlanks: false } } as const;
const fromErp = { resync: { winner: 'erp', noBlanks: false } } as const;
const fromCrmNoBlanks = { resync: { winner: 'crm', noBlanks: true } } as const;

test('the values of one side replace the other whoever changed them, and each that is replaced is logged with its base', () => {
  const fields = {
    untouched: { crm: 'a', erp: 'a', base: 'a' },
    inErp: { crm: 'a', erp: 'edited', base: 'a' },
    inCrm: { crm: 'edited', erp: 'a', base: 'a' },
    both: { crm: 'x', erp: 'y', base: 'a' },
    never: { crm: 'x', erp: 'y' },
  };
  const plan = planned(fields, fromCrm);
  expect(plan.writes).toEqual({ crm: {}, erp: { INERP: 'a', INCRM: 'edited', BOTH: 'x', NEVER: 'x' } });
  const of = (name: string) => plan.fields.find(({ field }) => field === key(name));
  expect(of('untouched')).toMatchObject({ rule: 'unchanged' });
  for (const name of ['inErp', 'inCrm', 'both', 'never'] as const) {
    const { crm, erp } = fields[name];
    const lost = { winner: 'crm', policy: 'resync', crm, erp };
    expect(of(name)).toMatchObject({ rule: 'resync', conflict: lost });
    expect(of(name)?.conflict?.base).toEqual(name === 'never' ? undefined : { crm: 'a', erp: 'a' });
  }
  expect(planned(fields, fromErp).writes).toEqual({
    crm: { inErp: 'edited', inCrm: 'a', both: 'y', never: 'y' },
    erp: {},
  });
});

test('what was agreed to differ, held or is in doubt is replaced like the rest', () => {
  const plan = planned(
    {
      differs: { crm: 'a', erp: 'cut', state: { agreed: { crm: 'a', erp: 'cut' }, differs: true } },
      held: { crm: 'x', erp: 'y', base: 'a', state: { held: 'choice-void' } },
      inTurn: { crm: 'x', erp: 'y', base: 'a', state: { held: 'reformatted-in-turn' } },
    },
    fromCrm,
  );
  expect(plan.writes.erp).toEqual({ DIFFERS: 'a', HELD: 'x', INTURN: 'x' });
});

test('what a person dropped stays held, and a value that was refused is not sent again', () => {
  const dropped = { crm: null, erp: 'y', base: 'y', state: { held: 'dropped' } } as const;
  expect(planned({ dropped }, fromCrm).fields).toMatchObject([{ rule: 'dropped' }]);
  const first = planned({ name: { crm: 'too long', erp: 'y', base: 'a', erpMaxLength: 3 } }, fromCrm).fields[0];
  expect(first).toMatchObject({ rule: 'refused', parked: { reason: 'too-long' } });
  const again = { crm: 'too long', erp: 'y', base: 'a', erpMaxLength: 3, state: first?.state } as const;
  expect(planned({ name: again }, fromCrm).fields).toMatchObject([{ rule: 'refused' }]);
});

test('a blank replaces a value, or with no blanks leaves it and is listed as differing', () => {
  const fields = {
    blanked: { crm: null, erp: 'y', base: 'y' },
    filled: { crm: 'x', erp: null, base: 'x' },
    other: { crm: 'x', erp: 'y', base: 'y' },
  };
  const whole = planned(fields, fromCrm);
  expect(whole.writes.erp).toEqual({ BLANKED: null, FILLED: 'x', OTHER: 'x' });
  expect(whole.fields.map(({ conflict }) => conflict !== undefined)).toEqual([true, false, true]);
  const kept = planned(fields, fromCrmNoBlanks);
  expect(kept.writes).toEqual({ crm: {}, erp: { FILLED: 'x', OTHER: 'x' } });
  expect(kept.fields[0]).toMatchObject({
    rule: 'blank-kept-back',
    state: { agreed: { crm: null, erp: 'y' }, differs: true },
  });
});

test('a field that goes the other way only is planned as in any look', () => {
  const plan = planned(
    {
      news: { crm: 'a', erp: 'edited', base: 'a', direction: 'toCrm' },
      own: { crm: 'x', erp: 'a', base: 'a', direction: 'toCrm' },
    },
    fromCrm,
  );
  expect(plan.writes).toEqual({ crm: { news: 'edited' }, erp: {} });
  expect(plan.fields.map(({ rule }) => rule)).toEqual(['changed-in-erp', 'one-way']);
});

test('a value of several fields is replaced whole or not at all', () => {
  const address = (zip: object) => ({
    street: { crm: 'New 1', erp: 'Old 1', base: 'Old 1', crmGroup: 'a', erpGroup: 'a' },
    zip: { crm: '1111', erp: '2222', base: '2222', crmGroup: 'a', erpGroup: 'a', ...zip },
  });
  expect(planned(address({}), fromCrm).writes.erp).toEqual({ STREET: 'New 1', ZIP: '1111' });
  expect(planned(address({ erpMaxLength: 2 }), fromCrm).writes.erp).toEqual({});
  const kept = planned(address({ crm: null }), fromCrmNoBlanks);
  expect(kept.writes.erp).toEqual({});
  expect(kept.fields.map(({ rule }) => rule)).toEqual(['blank-kept-back', 'blank-kept-back']);
});

test('a choice made at connect stands', () => {
  const choices = { [key('name')]: { side: 'erp', fingerprint: 'of other values' } } as const;
  const plan = planned({ name: { crm: 'x', erp: 'y' } }, { ...fromCrm, choices });
  expect(plan.fields).toMatchObject([{ rule: 'choice-void' }]);
});
