/** A system that makes a form of its own of what it is sent, and whose answers prove nothing. */
import { expect, test } from 'vitest';
import type { FieldState } from '../../../functions/core/model/link.ts';
import { fingerprint } from '../../../functions/core/values/fingerprint.ts';
import { planned } from './several-field-plan.ts';

const unproven = { side: 'erp', rounds: 1 } as const;
const known = { side: 'erp', sent: fingerprint('Jansen Holding'), as: fingerprint('Jansen') } as const;
const agreed = { crm: 'Jansen Holding', erp: 'Jansen Holding' };

function nameIn(state: FieldState, erp = 'Jansen') {
  const [field] = planned({ name: { crm: 'Jansen Holding', erp, state } }).fields;
  if (!field) throw new Error('a mapped field is always planned');
  return field;
}

test('the form travels the first time, and what stood there is logged', () => {
  const field = nameIn({ agreed, unproven });
  expect(field).toMatchObject({ write: { side: 'crm', value: 'Jansen' }, conflict: { policy: 'unproven' } });
});

test('the same made of the same again is no edit: both stay, listed as differing, and the next write logs it', () => {
  const field = nameIn({ agreed, unproven, reformed: known });
  expect(field).toMatchObject({ rule: 'own-form' });
  expect(field.write).toBeUndefined();
  expect(field.state).toEqual({
    agreed: { crm: 'Jansen Holding', erp: 'Jansen' },
    differs: true,
    untravelled: true,
    reformed: known,
  });
});

test('another value there, or another one sent, is an edit as before', () => {
  expect(nameIn({ agreed, unproven, reformed: known }, 'Pieters').write?.side).toBe('crm');
  const other = { ...known, sent: fingerprint('Jansen BV') };
  expect(nameIn({ agreed, unproven, reformed: other }).write?.side).toBe('crm');
});
