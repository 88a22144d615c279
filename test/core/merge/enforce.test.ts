/** What is edited where a one-way field is written is put back, where the mapping says *enforce*. */
import { expect, test } from 'vitest';
import { choiceFingerprint } from '../../../functions/core/merge/plan-group.ts';
import { type Field, key, planned } from './several-field-plan.ts';

const toErp = { direction: 'toErp', enforce: true } as const;

function one(name: Field, more: Parameters<typeof planned>[1] = {}) {
  const [field] = planned({ name: { ...toErp, ...name } }, more).fields;
  if (!field) throw new Error('a mapped field is always planned');
  return field;
}

test('an edit on the target side is put back, and logged as losing with base and both values', () => {
  expect(one({ base: 'A', crm: 'A', erp: 'edited' })).toMatchObject({
    rule: 'restored',
    write: { side: 'erp', value: 'A' },
    conflict: { winner: 'crm', policy: 'enforce', base: { crm: 'A', erp: 'A' }, crm: 'A', erp: 'edited' },
  });
  const toCrm = one({ direction: 'toCrm', base: 'A', crm: 'edited', erp: 'A' });
  expect(toCrm).toMatchObject({ write: { side: 'crm', value: 'A' }, conflict: { winner: 'erp', crm: 'edited' } });
});

test('what the target holds besides stays until somebody edits it: a choice at connect, what the system stored instead', () => {
  const state = { agreed: { crm: 'A', erp: 'kept' }, differs: true };
  expect(one({ crm: 'A', erp: 'kept', state })).toMatchObject({ rule: 'unchanged' });
  expect(one({ crm: 'A', erp: 'edited', state }).write).toEqual({ side: 'erp', value: 'A' });
  const choices = { [key('name')]: { side: 'erp', fingerprint: choiceFingerprint('A', 'kept') } } as const;
  expect(one({ crm: 'A', erp: 'kept' }, { choices })).toMatchObject({ rule: 'chosen-at-connect', state });
});

test('a value that the system may have made of ours is not put back time after time, and is logged once it is replaced', () => {
  const state = { agreed: { crm: 'a', erp: 'a' }, unproven: { side: 'erp', rounds: 1 } } as const;
  const found = one({ crm: 'a', erp: 'a~', state });
  expect(found).toMatchObject({ rule: 'one-way' });
  expect(found.write).toBeUndefined();
  expect(found.state).toEqual({ agreed: { crm: 'a', erp: 'a~' }, differs: true, untravelled: true });
  expect(one({ crm: 'a', erp: 'a~', state: found.state })).toMatchObject({ rule: 'unchanged' });
  const later = one({ crm: 'b', erp: 'a~', state: found.state });
  expect(later).toMatchObject({ write: { value: 'b' }, conflict: { policy: 'untravelled', erp: 'a~' } });
});

test('a blank is put back as well, unless the field keeps no blanks', () => {
  const typed = { crm: null, erp: 'typed', state: { agreed: { crm: null, erp: null } } } as const;
  expect(one(typed)).toMatchObject({ rule: 'restored', write: { side: 'erp', value: null } });
  const kept = one({ ...typed, noBlanks: true });
  expect(kept).toMatchObject({ rule: 'blank-kept-back', state: { differs: true, untravelled: true } });
  const later = one({ crm: 'news', erp: 'typed', noBlanks: true, state: kept.state });
  expect(later.conflict).toMatchObject({ winner: 'crm', base: { crm: null, erp: 'typed' }, erp: 'typed' });
});

test('a value that was refused is not sent again for being enforced', () => {
  const first = one({ base: 'A', crm: 'too long', erp: 'A', erpMaxLength: 3 });
  const again = one({ base: 'A', crm: 'too long', erp: 'edited', erpMaxLength: 3, state: first.state });
  expect(again).toMatchObject({ rule: 'refused' });
});

test('a value of several fields is put back whole', () => {
  const part = { ...toErp, erpGroup: 'address' } as const;
  const plan = planned({
    street: { ...part, base: 'S', crm: 'S', erp: 'S2' },
    zip: { ...part, base: '1', crm: '1', erp: '2' },
    city: { ...part, base: 'C', crm: 'C', erp: 'C' },
  });
  expect(plan.writes.erp).toEqual({ STREET: 'S', ZIP: '1' });
  const refused = planned({
    street: { ...part, base: 'S', crm: 'S', erp: 'S2' },
    zip: { ...part, base: 'long', crm: 'long', erp: '2', erpMaxLength: 3 },
  });
  expect(refused.writes.erp).toEqual({});
  expect(refused.fields.map(({ rule }) => rule)).toEqual(['part-refused', 'refused']);
});
