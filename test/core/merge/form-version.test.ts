import { expect, test } from 'vitest';
import { inPresentForms } from '../../../functions/core/merge/form-version.ts';
import { planLink } from '../../../functions/core/merge/plan.ts';
import { choiceFingerprint } from '../../../functions/core/merge/plan-group.ts';
import { type FieldState, isDiffering, type Link } from '../../../functions/core/model/link.ts';
import type { Value } from '../../../functions/core/values/value.ts';
import { key, mappedAs } from './several-field-plan.ts';
import { linkWith } from './two-field-look.ts';

const mapping = [mappedAs('phone', 'both')];

function read(link: Link, crm: Value, erp: Value, forms = { crm: 1, erp: 2 }) {
  const renewed = inPresentForms(link, { mapping, forms, read: { crm: { phone: crm }, erp: { PHONE: erp } } });
  const plan = planLink({
    fieldStates: renewed.fieldStates,
    choices: {},
    crm: { values: { phone: crm } },
    erp: { values: { PHONE: erp } },
    mapping,
    policy: { kind: 'crm-wins' },
    timeResolutionMs: { crm: 0, erp: 0 },
  });
  return { renewed, state: renewed.fieldStates[key('phone')], writes: plan.writes };
}

const stored = (crm: Value, erp: Value, more: FieldState = {}) =>
  linkWith({ fieldStates: { [key('phone')]: { agreed: { crm, erp }, ...more } } });
const nothing = { crm: {}, erp: {} };

test('a value in a new form is taken as unchanged, without a write', () => {
  const { renewed, state, writes } = read(stored('020 1', '020 1'), '020 1', '+31201');
  expect(writes).toEqual(nothing);
  expect(renewed.forms).toEqual({ crm: 1, erp: 2 });
  expect(state?.agreed).toEqual({ crm: '020 1', erp: '+31201' });
  const again = inPresentForms(renewed, { mapping, forms: { crm: 1, erp: 2 }, read: { crm: {}, erp: {} } });
  expect(again).toBe(renewed);
});

test('a link is in the first form unless it says otherwise', () => {
  const link = stored('A', 'A');
  expect(read(link, 'B', 'A', { crm: 1, erp: 1 }).renewed).toBe(link);
  const { renewed } = read(stored('A', 'A'), 'A', 'A', { crm: 2, erp: 1 });
  expect(renewed.forms).toEqual({ crm: 2, erp: 1 });
});

test('an edit on the side whose form is the same travels as ever', () => {
  expect(read(stored('A', 'A'), 'B', ' A').writes).toEqual({ crm: {}, erp: { PHONE: 'B' } });
});

test('what may be an edit and not a form is listed as differing, and logged by the write that replaces it', () => {
  const { renewed, state, writes } = read(stored('A', 'A'), 'A', 'Z');
  expect(writes).toEqual(nothing);
  expect(state).toEqual({ agreed: { crm: 'A', erp: 'Z' }, differs: true, overtaken: 'unclear' });
  expect(isDiffering(renewed)).toBe(true);
  expect(read(stored('A', 'A'), 'A', 'A ').state).toEqual({ agreed: { crm: 'A', erp: 'A ' } });
});

test('what waits to travel still does when its form is a new one', () => {
  const parked = { side: 'crm', fingerprint: 'of the old form', reason: 'too-long' } as const;
  expect(read(stored('A', 'A', { parked }), 'A', 'Z ').writes.crm).toEqual({ phone: 'Z ' });
  const held = read(stored('A', 'A', { held: 'reformatted-in-turn' }), 'A', 'Z');
  expect(held.state?.agreed).toEqual({ crm: 'A', erp: 'A' });
  const overtaken = read(stored('A', 'A', { overtaken: 'moved' }), 'A', 'Z');
  expect(overtaken.state).toEqual({ agreed: { crm: 'A', erp: 'A' }, overtaken: 'moved' });
});

test('values that were agreed to differ still do, in their new form, without a doubt about them', () => {
  const { state } = read(stored('A', 'B', { differs: true }), 'A', 'B ');
  expect(state).toEqual({ agreed: { crm: 'A', erp: 'B ' }, differs: true });
});

test('a field that was never agreed is left as it is', () => {
  const { state } = read(linkWith({ fieldStates: { [key('phone')]: { held: 'choice-void' } } }), 'A', 'Z');
  expect(state).toEqual({ held: 'choice-void' });
  expect(read(linkWith({ fieldStates: {} }), 'A', 'Z').renewed.fieldStates).toEqual({});
});

test('a field that travels nowhere keeps what was agreed of it', () => {
  const link = stored('A', 'A');
  const read = { crm: { phone: 'A' }, erp: { PHONE: 'A ' } };
  const renewed = inPresentForms(link, { mapping: [mappedAs('phone', 'none')], forms: { crm: 1, erp: 2 }, read });
  expect(renewed.fieldStates).toEqual(link.fieldStates);
});

test('what a person dropped stays so when a value of it is read in a new form, and goes on once one changes', () => {
  const heldOn = choiceFingerprint('020 1', null);
  const { renewed, state, writes } = read(stored('020 1', '020 1', { held: 'dropped', heldOn }), '+31201', null, {
    crm: 2,
    erp: 1,
  });
  expect(writes).toEqual(nothing);
  expect(state).toEqual({ agreed: { crm: '020 1', erp: '020 1' }, held: 'dropped' });
  const shown = { ...state, heldOn: choiceFingerprint('+31201', null) };
  const later = { ...renewed, fieldStates: { [key('phone')]: shown } };
  expect(read(later, '+31201', null, { crm: 2, erp: 1 }).writes).toEqual(nothing);
  expect(read(later, '+31201', 'new', { crm: 2, erp: 1 }).writes).not.toEqual(nothing);
});
