/** Fields in which both sides agreed to differ, and values too large to travel. */
import { expect, test } from 'vitest';
import { outcomeOf } from '../../../functions/core/merge/outcome.ts';
import { choiceFingerprint } from '../../../functions/core/merge/plan-group.ts';
import { type FieldState, isDiffering } from '../../../functions/core/model/link.ts';
import { type Field, key, mappedAs, planned } from './several-field-plan.ts';
import { linkWith, lookFacts, nameField } from './two-field-look.ts';

const one = (name: Field, more: Parameters<typeof planned>[1] = {}) => {
  const plan = planned({ name }, more);
  const [field] = plan.fields;
  if (!field) throw new Error('a mapped field is always planned');
  return field;
};

const cut: FieldState = { agreed: { crm: 'Amsterdam', erp: 'Amst' }, differs: true };

test('a value that the other system cut is agreed to differ: counted, logged with both forms, and no failure', () => {
  const answer = { outcome: 'ok', version: 'e2', stored: { NAME: 'Amst', CITY: 'U' } } as const;
  const outcome = outcomeOf(lookFacts({ crm: { name: 'Amsterdam' }, answer }));
  expect(outcome.after.fieldStates[nameField]).toEqual(cut);
  expect(isDiffering(outcome.after)).toBe(true);
  expect(outcome.changes).toMatchObject([{ oldValue: 'A', sentValue: 'Amsterdam', newValue: 'Amst' }]);
  expect(outcome.opensFailures).toEqual([]);
  expect(outcome.verdict).toBe('done');
});

test('what both agreed to differ in is left alone until one side changes or both agree', () => {
  expect(one({ crm: 'Amsterdam', erp: 'Amst', state: cut })).toMatchObject({ rule: 'unchanged', state: cut });
  const changed = one({ crm: 'Rotterdam', erp: 'Amst', state: cut });
  expect(changed.write).toEqual({ side: 'erp', value: 'Rotterdam' });
  expect(changed.conflict).toBeUndefined();
  const mended = one({ crm: 'Amsterdam', erp: 'Amsterdam', state: cut });
  expect(mended).toMatchObject({ rule: 'agrees', state: { agreed: { crm: 'Amsterdam', erp: 'Amsterdam' } } });
  expect(mended.state.differs).toBeUndefined();
});

test('a difference ends with the write of the side that changed', () => {
  const answer = { outcome: 'ok', version: 'e2', stored: { NAME: 'Ams', CITY: 'U' } } as const;
  const link = { fieldStates: { [nameField]: cut } };
  const outcome = outcomeOf(lookFacts({ link, crm: { name: 'Ams' }, erp: { NAME: 'Amst' }, answer }));
  expect(outcome.after.fieldStates[nameField]).toEqual({ agreed: { crm: 'Ams', erp: 'Ams' } });
});

test('a choice that leaves both sides as they are agrees to differ', () => {
  const choices = { [key('name')]: { side: 'crm', fingerprint: choiceFingerprint('C', 'E') } } as const;
  const plan = one({ crm: 'C', erp: 'E', direction: 'toCrm' }, { choices });
  expect(plan).toMatchObject({ rule: 'chosen-at-connect', state: { agreed: { crm: 'C', erp: 'E' }, differs: true } });
});

const sent: FieldState = { agreed: { crm: 'long name', erp: 'long name' }, unproven: { side: 'erp', rounds: 1 } };

test('a value that is not the one sent and cannot be told from an edit is listed, and what it replaces is logged', () => {
  const left = one({ crm: 'long name', erp: 'long', state: sent, direction: 'toErp' });
  expect(left).toMatchObject({ rule: 'one-way', state: { ...sent, differs: true } });
  const travels = one({ crm: 'long name', erp: 'long', state: sent });
  expect(travels.write).toEqual({ side: 'crm', value: 'long' });
  expect(travels.conflict).toEqual({
    winner: 'erp',
    policy: 'unproven',
    base: sent.agreed,
    crm: 'long name',
    erp: 'long',
  });
  const back = one({ crm: 'other', erp: 'long', state: sent });
  expect(back.conflict).toMatchObject({ winner: 'crm', erp: 'long' });
});

test('a value that came back in another form of the same is no difference', () => {
  const plan = one({ crm: 'new', erp: ' long name', state: sent });
  expect(plan.state.differs).toBeUndefined();
});

const large = 'x'.repeat(8_001);

test('a value of over 8,000 bytes is refused before anything is sent, whichever side holds it', () => {
  const there = one({ base: 'A', crm: large, erp: 'A' });
  expect(there).toMatchObject({ rule: 'refused', parked: { side: 'erp', reason: 'too-long' } });
  const replaced = one({ base: 'A', crm: 'B', erp: large });
  expect(replaced).toMatchObject({ rule: 'refused', parked: { side: 'erp', reason: 'too-long' } });
  const again = one({ base: 'A', crm: 'B', erp: large, state: replaced.state });
  expect([again.rule, again.parked]).toEqual(['refused', undefined]);
  expect(one({ base: 'A', crm: 'B', erp: 'short', state: replaced.state }).write).toBeDefined();
});

test('a value too large to be remembered never becomes last agreed', () => {
  expect(one({ base: 'A', crm: large, erp: large })).toMatchObject({ rule: 'agrees', state: { agreed: { crm: 'A' } } });
  expect(one({ crm: large, erp: large }).state.agreed).toBeUndefined();
  const choices = { [key('name')]: { side: 'crm', fingerprint: choiceFingerprint(large, 'E') } } as const;
  const chosen = one({ crm: large, erp: 'E', direction: 'toCrm' }, { choices });
  expect(chosen).toMatchObject({ rule: 'refused', parked: { reason: 'too-long' } });
});

test('last agreed values that no longer agree by type cause no write, and are listed as differing', () => {
  const stored: [string, string][] = [
    ['call the office', 'do not call'],
    ['020 123 ext 45', '020 123 45'],
  ];
  const row = mappedAs('name', 'both');
  const mapping = [{ ...row, crm: { ...row.crm, format: 'phone' as const } }];
  for (const [crm, erp] of stored) {
    const plan = one({ crm, erp, state: { agreed: { crm, erp } } }, { mapping });
    expect(plan).toMatchObject({ rule: 'unchanged', state: { agreed: { crm, erp }, differs: true } });
    expect(plan.write).toBeUndefined();
  }
  expect(isDiffering(linkWith())).toBe(false);
});
