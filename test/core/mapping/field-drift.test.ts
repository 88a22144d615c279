import { expect, test } from 'vitest';
import { describedAnew } from '../../../functions/core/mapping/described-anew.ts';
import { driftAfterSave, driftInUse, driftOnceAccepted } from '../../../functions/core/mapping/field-drift.ts';
import type { ActorTypeSetup } from '../../../functions/core/model/connection-setup.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';
import { needsAttention } from '../../../functions/core/model/field-drift.ts';

function field(key: string, over: Partial<FieldMetadata> = {}): FieldMetadata {
  return { key, label: key, type: 'text', maxLength: 40, access: 'normal', searchable: false, ...over };
}

const row = { direction: 'both', showInSearch: false, showInErpTab: false } as const;
const type: ActorTypeSetup = {
  tenantId: 't1',
  connectionId: 'c1',
  actorType: 'customer',
  crmType: 'company',
  label: 'Customer',
  erpTable: 'party',
  crmTable: 'contact',
  erpFields: ['NAME', 'TERMS', 'BLOCKED', 'OTHER'].map((key) => field(key)),
  crmFields: ['name', 'terms', 'other'].map((key) => field(key)),
  active: true,
  fields: [
    { erpField: 'NAME', crmField: 'name', ...row },
    { erpField: '=', crmField: 'terms', ...row, direction: 'toCrm', constant: 'x' },
  ],
  filter: [{ field: 'BLOCKED', operator: '=', values: ['x'] }],
  defaults: [{ erpField: 'TERMS', value: '14', ask: false, mandatory: false }],
  revision: 1,
};

const [monday, tuesday, wednesday] = ['2026-11-23', '2026-11-24', '2026-11-25'];

/** The type once its ERP describes a field so, or without the field. */
function erpSays(
  of: ActorTypeSetup,
  key: string,
  over: Partial<FieldMetadata> | undefined,
  at = monday,
): ActorTypeSetup {
  const offered = type.erpFields.flatMap((one) => (one.key === key ? (over ? [{ ...one, ...over }] : []) : [one]));
  return describedAnew(of, { erp: offered, crm: undefined }, at);
}

test.each<[string, Partial<FieldMetadata> | undefined, string | undefined]>([
  ['gone', undefined, 'gone'],
  ['of another type', { type: 'integer' }, 'type'],
  ['in another format', { format: 'phone' }, 'type'],
  ['of another list', { listName: 'terms' }, 'list'],
  ['shorter', { maxLength: 39 }, 'shorter'],
  ['longer', { maxLength: 41 }, 'longer'],
  ['without a limit', { maxLength: 0 }, 'longer'],
  ['counted in bytes', { lengthUnit: 'bytes' }, 'shorter'],
  ['called otherwise', { label: 'Name of the firm', description: 'New', rank: 9 }, undefined],
])('a field in use that is %s has drifted as that', (_how, over, what) => {
  for (const key of ['NAME', 'BLOCKED', 'TERMS']) {
    const { drift } = erpSays(type, key, over);
    expect(drift?.map((one) => [one.side, one.field, one.what, one.since])).toEqual(
      what ? [['erp', key, what, monday]] : undefined,
    );
  }
});

test.each([
  ['both', 'read-only', 'read-only'],
  ['toErp', 'read-only', 'read-only'],
  ['toCrm', 'read-only', undefined],
  ['toCrm', 'mandatory', 'mandatory'],
  ['toErp', 'mandatory', 'mandatory'],
] as const)('a field that goes %s and became %s has drifted as %s', (direction, access, what) => {
  const one = { ...type, fields: [{ ...row, erpField: 'NAME', crmField: 'name', direction }] };
  const { drift } = erpSays(one, 'NAME', { access, maxLength: 80 });
  expect(drift?.map((of) => of.what)).toEqual([what ?? 'longer']);
  expect(drift?.every(needsAttention)).toBe(what !== undefined);
});

test('a default is written too, a filter only reads, and that a field may be written again harms nobody', () => {
  expect(erpSays(type, 'TERMS', { access: 'read-only' }).drift).toMatchObject([{ what: 'read-only' }]);
  expect(erpSays(type, 'BLOCKED', { access: 'read-only' }).drift).toBeUndefined();
  const readOnly = { ...type, erpFields: type.erpFields.map((of) => ({ ...of, access: 'read-only' as const })) };
  expect(erpSays(readOnly, 'NAME', { access: 'normal' }).drift).toBeUndefined();
});

test('drift of an earlier version, which knew no access, is none of access', () => {
  const [was] = erpSays(type, 'NAME', { maxLength: 30 }).drift ?? [];
  const { access: _unknown, ...shape } = was?.was ?? { type: 'text' as const, maxLength: 40 };
  const earlier = { ...type, drift: was && [{ ...was, was: shape }] };
  expect(erpSays(earlier, 'NAME', { access: 'read-only' }).drift).toBeUndefined();
});

test('a limit where there was none is the shorter one', () => {
  const unlimited = { ...type, erpFields: type.erpFields.map((one) => ({ ...one, maxLength: 0 })) };
  expect(erpSays(unlimited, 'NAME', { maxLength: 10 }).drift).toContainEqual(
    expect.objectContaining({ field: 'NAME', what: 'shorter' }),
  );
});

test('a field of the CRM drifts as one of the ERP does, that of a constant too, and a field in no use not at all', () => {
  const crm = type.crmFields.filter(({ key }) => key === 'name').map((one) => ({ ...one, maxLength: 10 }));
  const { drift } = describedAnew(type, { erp: undefined, crm }, monday);
  expect(drift).toMatchObject([
    { side: 'crm', field: 'name', what: 'shorter', was: { maxLength: 40 }, now: { maxLength: 10 } },
    { side: 'crm', field: 'terms', what: 'gone', was: { maxLength: 40 } },
  ]);
  expect(erpSays(type, 'OTHER', undefined).drift).toBeUndefined();
});

test('what a field was is what it was first, however often it changes, and since when is told of the last change', () => {
  const once = erpSays(type, 'NAME', { maxLength: 30 }, monday);
  const twice = erpSays(once, 'NAME', { maxLength: 20 }, tuesday);
  expect(twice.drift).toMatchObject([{ was: { maxLength: 40 }, now: { maxLength: 20 }, since: tuesday }]);
  expect(erpSays(twice, 'NAME', { maxLength: 20 }, wednesday).drift).toEqual(twice.drift);
  const gone = erpSays(twice, 'NAME', undefined, wednesday);
  expect(gone.drift).toMatchObject([{ what: 'gone', was: { maxLength: 40 }, since: wednesday }]);
  expect(gone.drift?.[0]).not.toHaveProperty('now.maxLength');
});

test('a field that is again as it was ends its drift, on either side', () => {
  const gone = erpSays(describedAnew(type, { erp: undefined, crm: [] }, monday), 'NAME', undefined);
  expect(gone.drift).toHaveLength(3);
  expect(describedAnew(gone, { erp: type.erpFields, crm: type.crmFields }, tuesday).drift).toBeUndefined();
});

test('a field of the ERP that an earlier version found missing has drifted', () => {
  const missing = { ...type, erpFields: type.erpFields.map((one) => ({ ...one, missing: one.key === 'NAME' })) };
  expect(erpSays(missing, 'NAME', undefined).drift).toMatchObject([{ field: 'NAME', what: 'gone' }]);
});

test('saving the mapping takes what changed as it is now; a field that is gone stays so as long as it is named', () => {
  const drifted = erpSays(erpSays(type, 'BLOCKED', { maxLength: 5 }), 'NAME', undefined);
  expect(drifted.drift).toHaveLength(1);
  const both = {
    ...drifted,
    drift: [...(drifted.drift ?? []), ...(erpSays(type, 'BLOCKED', { maxLength: 5 }).drift ?? [])],
  };
  expect(driftAfterSave(both)).toMatchObject([{ field: 'NAME', what: 'gone' }]);
  expect(driftAfterSave({ ...both, fields: [] })).toBeUndefined();
  expect(driftInUse({ ...both, fields: [] })).toMatchObject([{ field: 'BLOCKED' }]);
});

test('what is accepted is nobody’s trouble any more, until the field changes once more', () => {
  const gone = erpSays(type, 'NAME', undefined);
  expect(gone.drift?.every(needsAttention)).toBe(true);
  const accepted = { ...gone, drift: driftOnceAccepted(gone, () => true) };
  expect(accepted.drift?.some(needsAttention)).toBe(false);
  expect(erpSays(accepted, 'NAME', undefined, tuesday).drift).toEqual(accepted.drift);
  expect(erpSays(accepted, 'NAME', { maxLength: 3 }, tuesday).drift?.every(needsAttention)).toBe(true);
  expect(driftOnceAccepted(erpSays(type, 'NAME', { maxLength: 3 }), () => true)).toBeUndefined();
});

test.each<[string, Partial<FieldMetadata>, string, string | undefined]>([
  ['read-only', { access: 'read-only', maxLength: 30 }, 'read-only', 'shorter'],
  ['mandatory', { access: 'mandatory', maxLength: 30 }, 'mandatory', 'shorter'],
  ['mandatory, with more room', { access: 'mandatory', maxLength: 50 }, 'mandatory', 'longer'],
  ['of another list and read-only', { listName: 'terms', access: 'read-only' }, 'list', 'read-only'],
  ['of another type and mandatory', { type: 'integer', access: 'mandatory' }, 'type', 'mandatory'],
  ['of another type, with its limit', { type: 'integer', maxLength: 9 }, 'type', undefined],
])('once it is accepted that a field is %s, what else of it changed is told in turn', (_how, over, what, left) => {
  const told = erpSays(type, 'NAME', over);
  expect(told.drift).toMatchObject([{ what }]);
  const accepted = { ...told, drift: driftOnceAccepted(told, () => true) };
  expect(accepted.drift?.map((one) => one.what)).toEqual(left && [left]);
  expect(erpSays(accepted, 'NAME', over, tuesday).drift).toEqual(accepted.drift);
  const both = { ...accepted, drift: driftOnceAccepted(accepted, () => true) };
  expect(both.drift).toBeUndefined();
  expect(erpSays(both, 'NAME', over, tuesday).drift).toBeUndefined();
});

test('more room is shown and needs nobody', () => {
  expect(erpSays(type, 'NAME', { maxLength: 80 }).drift?.some(needsAttention)).toBe(false);
});
