/** A person's decision on a held field that is part of a value of several fields. */
import { expect, test } from 'vitest';
import { sawValue } from '../../../functions/core/merge/chosen.ts';
import { choiceFingerprint } from '../../../functions/core/merge/plan-group.ts';
import { blanksIn } from '../../../functions/core/merge/withhold.ts';
import type { Choice } from '../../../functions/core/model/link.ts';
import { type Field, key, planned } from './several-field-plan.ts';

const group = { crmGroup: 'address' } as const;
/** Never agreed: a decision on a held field forgets what was. */
const street = { ...group, crm: 'Damrak 7', erp: null };
const keepCrm: Choice = { side: 'crm', fingerprint: choiceFingerprint('Damrak 7', null), resolves: true };
const keepErp: Choice = { ...keepCrm, side: 'erp' };

function address(city: Omit<Field, 'crmGroup'>, choice: Choice) {
  return planned({ street, city: { ...group, ...city } }, { choices: { [key('street')]: choice } });
}

test('a decision on one part goes for its group, and what it replaces of another part is logged as losing', () => {
  const { writes, fields } = address({ base: 'Ede', crm: 'Ede', erp: 'Epe' }, keepCrm);
  expect(writes).toEqual({ crm: {}, erp: { STREET: 'Damrak 7', CITY: 'Ede' } });
  expect(fields[0]).toMatchObject({ rule: 'resolved' });
  expect(fields[0]?.conflict).toBeUndefined();
  expect(fields[1]).toMatchObject({
    rule: 'changed-on-both',
    conflict: { winner: 'crm', policy: 'resolved', base: { crm: 'Ede', erp: 'Ede' }, crm: 'Ede', erp: 'Epe' },
  });
  const first = address({ crm: 'Ede', erp: 'Epe' }, keepCrm).fields[1];
  expect(first).toMatchObject({ rule: 'first-sync', conflict: { policy: 'resolved', erp: 'Epe' } });
});

test('another part that has nothing to lose goes along without a conflict', () => {
  const { writes, fields } = address({ base: 'Ede', crm: 'Epe', erp: 'Ede' }, keepCrm);
  expect(writes.erp).toEqual({ STREET: 'Damrak 7', CITY: 'Epe' });
  expect(fields[1]?.rule).toBe('changed-in-crm');
  expect(address({ crm: 'Epe', erp: null }, keepCrm).fields[1]?.rule).toBe('first-sync-fills-blank');
  expect(fields[1]?.conflict).toBeUndefined();
});

test('the blank that a person saw and chose is no act, one of another part of its group is', () => {
  const acts = (...of: Parameters<typeof address>) => blanksIn(address(...of)).map(({ field }) => field);
  expect(acts({ base: 'Ede', crm: 'Ede', erp: 'Epe' }, keepErp)).toEqual([]);
  expect(acts({ base: 'Ede', crm: 'Ede', erp: null }, keepErp)).toEqual([key('city')]);
});

test('a blank that a person entered is no act, whichever side it is written on', () => {
  const entered = { to: { crm: null, erp: null }, saw: sawValue('A', 'B') };
  const choice: Choice = { side: 'crm', fingerprint: choiceFingerprint('A', 'B'), resolves: true, entered };
  for (const now of [
    { crm: 'A', erp: 'B' },
    { crm: null, erp: 'B' },
  ]) {
    const plan = planned({ street: now }, { choices: { [key('street')]: choice } });
    expect(plan.fields[0]?.write?.value).toBeNull();
    expect(blanksIn(plan)).toEqual([]);
  }
});

test('a value entered for a field that became part of a group is void: the group would be written in part', () => {
  const entered = { to: { crm: 'Spui 1', erp: 'Spui 1' }, saw: sawValue('Damrak 7', null) };
  const { writes, fields } = address({ base: 'Ede', crm: 'Epe', erp: 'Ede' }, { ...keepCrm, entered });
  expect(writes).toEqual({ crm: {}, erp: {} });
  expect(fields.map(({ rule, part }) => `${rule} ${part ?? ''}`.trim())).toEqual([
    'choice-void',
    `part-refused ${key('street')}`,
  ]);
  const alone = planned(
    { street: { crm: 'Damrak 7', erp: null } },
    { choices: { [key('street')]: { ...keepCrm, entered } } },
  );
  expect(alone.writes).toEqual({ crm: { street: 'Spui 1' }, erp: {} });
});
