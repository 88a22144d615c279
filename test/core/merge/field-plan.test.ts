import { expect, test } from 'vitest';
import type { MappedField } from '../../../functions/core/mapping/mapping.ts';
import {
  agreedNow,
  agreedToDiffer,
  type FieldFacts,
  refusalMark,
  write,
} from '../../../functions/core/merge/field-plan.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';

function text(key: string, more: Partial<FieldMetadata> = {}): FieldMetadata {
  return { key, label: key, type: 'text', maxLength: 0, access: 'normal', searchable: false, ...more };
}

const mapped: MappedField = {
  erpField: 'NAME',
  crmField: 'name',
  direction: 'both',
  showInSearch: false,
  showInErpTab: false,
  crm: text('name'),
  erp: text('NAME'),
};

const facts: FieldFacts = {
  mapped,
  field: 'NAME~name',
  crm: 'B',
  erp: 'A',
  state: { agreed: { crm: 'A', erp: 'A' } },
  changed: { crm: true, erp: false },
  group: 'NAME~name',
};

const toErp = (of: FieldFacts) => write(of, 'erp', 'changed-in-crm', () => refusalMark(of, 'erp'));

/** The facts after the system itself refused the write. */
function refused(of: FieldFacts): FieldFacts {
  const parked = { side: 'erp', fingerprint: refusalMark(of, 'erp'), reason: 'refused-by-system' } as const;
  return { ...of, state: { ...of.state, parked } };
}

test('a value that the system refused is not sent again', () => {
  const plan = toErp(refused(facts));
  expect(plan).toMatchObject({ rule: 'refused', state: refused(facts).state });
  expect(plan.write).toBeUndefined();
  expect(plan.parked).toBeUndefined();
});

test('a refused value is sent once it changes, whatever the side it would replace holds by then', () => {
  expect(toErp({ ...refused(facts), crm: 'C' }).write).toEqual({ side: 'erp', value: 'C' });
  expect(toErp({ ...refused(facts), erp: 'Z' }).write).toBeUndefined();
});

test('a refused value is sent again once its mapping, or what either system says of its field, changes', () => {
  const changes: Partial<MappedField>[] = [
    { direction: 'toErp' },
    { listPairs: { '1': '2' } },
    { erp: text('NAME', { type: 'date' }) },
    { crm: text('name', { type: 'integer' }) },
    { crm: text('name', { maxLength: 10 }) },
    { crm: text('name', { access: 'mandatory' }) },
    { erp: text('NAME', { maxLength: 10 }) },
    { erp: text('NAME', { access: 'mandatory' }) },
  ];
  const day = { ...facts, crm: '2026-11-23' };
  for (const change of changes) {
    const now = { ...refused(day), mapped: { ...mapped, ...change } };
    expect(toErp(now).write, JSON.stringify(change)).toEqual({ side: 'erp', value: '2026-11-23' });
  }
  const shown = { ...mapped, showInSearch: true, erp: text('NAME', { label: 'Name' }) };
  expect(toErp({ ...refused(day), mapped: shown }).write).toBeUndefined();
});

test('a write takes the mark of the earlier refusal away, and keeps the rest of the state', () => {
  const again = { ...refused(facts), crm: 'C' };
  expect(toErp(again).state).toEqual({ agreed: { crm: 'A', erp: 'A' } });
});

test('a value that is too large to be remembered on one side leaves the base as it was', () => {
  const large = { ...facts, crm: 'x'.repeat(8_000), erp: `${'x'.repeat(8_000)} ` };
  expect(agreedNow(large)).toMatchObject({ rule: 'agrees', state: { agreed: { crm: 'A', erp: 'A' } } });
});

test('a side that is kept but too large to be remembered is refused, and listed once', () => {
  const large = { ...facts, crm: 'x'.repeat(8_001) };
  const keep = (of: FieldFacts) => agreedToDiffer(of, 'erp', 'chosen-at-connect', () => refusalMark(of, 'erp'));
  const first = keep(large);
  expect(first).toMatchObject({ rule: 'refused', parked: { side: 'erp', reason: 'too-long' } });
  const again = keep({ ...large, state: first.state });
  expect(again).toMatchObject({ rule: 'refused', state: first.state });
  expect(again.parked).toBeUndefined();
});
