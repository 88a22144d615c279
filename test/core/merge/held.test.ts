import { expect, test } from 'vitest';
import { planLink } from '../../../functions/core/merge/plan.ts';
import { choiceFingerprint } from '../../../functions/core/merge/plan-group.ts';
import type { FieldState } from '../../../functions/core/model/link.ts';

const text = (key: string) =>
  ({ key, label: key, type: 'text', maxLength: 0, access: 'normal', searchable: false }) as const;

function planned(state: FieldState, crm: string, erp: string) {
  return planLink({
    fieldStates: { 'NAME~name': state },
    choices: {},
    crm: { values: { name: crm } },
    erp: { values: { NAME: erp } },
    mapping: [
      {
        erpField: 'NAME',
        crmField: 'name',
        direction: 'both',
        showInSearch: false,
        showInErpTab: false,
        crm: text('name'),
        erp: text('NAME'),
      },
    ],
    policy: { kind: 'crm-wins' },
    timeResolutionMs: { crm: 0, erp: 0 },
  }).fields[0];
}

test('a held field waits for a person, whatever changes, until both sides agree', () => {
  const heldOn = choiceFingerprint('A', 'B');
  const state: FieldState = { agreed: { crm: 'A', erp: 'A' }, held: 'reformatted-in-turn', heldOn };
  expect(planned(state, 'B', 'A')).toMatchObject({ rule: 'reformatted-in-turn', state });
  expect(planned(state, 'B', 'A')?.write).toBeUndefined();
  expect(planned(state, 'B', 'C')?.write).toBeUndefined();
  expect(planned(state, 'B', 'B')?.state).toEqual({ agreed: { crm: 'B', erp: 'B' } });
});
