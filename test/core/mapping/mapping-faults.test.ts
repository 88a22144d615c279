import { expect, test } from 'vitest';
import { pairByCode } from '../../../functions/core/mapping/list-pairing.ts';
import type { Direction, FieldMapping } from '../../../functions/core/mapping/mapping.ts';
import { activationFaults, mappingFaults } from '../../../functions/core/mapping/mapping-faults.ts';
import { mergeMetadata } from '../../../functions/core/mapping/merge-metadata.ts';
import type { Transform } from '../../../functions/core/mapping/transform.ts';
import type { ActorTypeSetup } from '../../../functions/core/model/connection-setup.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';

function field(key: string, extra: Partial<FieldMetadata> = {}): FieldMetadata {
  return { key, label: key, type: 'text', maxLength: 0, access: 'normal', searchable: false, ...extra };
}

function row(erpField: string, crmField: string, direction: Direction): FieldMapping {
  return { erpField, crmField, direction, showInSearch: false, showInErpTab: false };
}

function type(fields: FieldMapping[]): ActorTypeSetup {
  return {
    tenantId: 't',
    connectionId: 'c',
    actorType: 'customer',
    crmType: 'company',
    label: 'Customer',
    erpTable: 'party',
    crmTable: 'contact',
    erpFields: [field('NAME', { access: 'mandatory' }), field('GONE', { missing: true }), field('OTHER')],
    crmFields: [field('name'), field('code')],
    active: true,
    fields,
    revision: 1,
  };
}

function paths(faults: { path: string }[]): string[] {
  return faults.map(({ path }) => path);
}

test('a CRM field is the target of one ERP field, and the source of many', () => {
  const setup = type([]);
  expect(paths(mappingFaults(setup, [row('NAME', 'name', 'both'), row('OTHER', 'name', 'toCrm')]))).toEqual([
    'fields[1].crmField',
  ]);
  expect(mappingFaults(setup, [row('NAME', 'name', 'both'), row('OTHER', 'name', 'toErp')])).toEqual([]);
  expect(mappingFaults(setup, [row('NAME', 'name', 'both'), row('OTHER', 'name', 'none')])).toEqual([]);
});

test('a field gone from the ERP may stay without a direction, and keeps its type from being activated', () => {
  const rows = [row('NAME', 'name', 'both'), row('GONE', 'code', 'none')];
  expect(mappingFaults(type(rows), rows)).toEqual([]);
  expect(paths(mappingFaults(type([]), [row('GONE', 'code', 'toCrm')]))).toEqual(['fields[0].direction']);
  expect(activationFaults(type(rows))).toEqual([
    { path: 'actorTypes.customer.GONE', message: expect.stringContaining('no longer offers') },
  ]);
});

test('a mandatory ERP field needs a direction', () => {
  expect(paths(activationFaults(type([row('NAME', 'name', 'none')])))).toEqual(['actorTypes.customer.NAME']);
  expect(activationFaults(type([row('NAME', 'name', 'toCrm')]))).toEqual([]);
});

test('what the ERP no longer offers is kept only while it is mapped', () => {
  const known = [field('A'), field('B'), field('C')];
  const merged = mergeMetadata(known, [field('C', { label: 'new' })], [row('A', 'name', 'none')]);
  expect(merged).toEqual([field('C', { label: 'new' }), field('A', { missing: true })]);
  expect(mergeMetadata(merged, [field('A')], [row('A', 'name', 'none')])).toEqual([field('A')]);
});

test('countries are paired by their codes, whatever their case', () => {
  const erp = [
    { key: '1', text: 'Netherlands', code: 'nl' },
    { key: '2', text: 'Belgium', code: 'BE' },
    { key: '3', text: 'Atlantis' },
    { key: '4', text: 'Norway', code: 'NO' },
  ];
  const crm = [
    { key: '528', text: 'Nederland', code: 'NL' },
    { key: '56', text: 'België', code: 'BE' },
    { key: '57', text: 'Belgique', code: 'BE' },
  ];
  expect(pairByCode(erp, crm)).toEqual({ 1: '528', 2: '56' });
});

test('fields that share one stored value on either side have one direction', () => {
  const setup: ActorTypeSetup = {
    ...type([]),
    erpFields: [field('FIRST'), field('LAST'), field('ZIP', { group: 'a' }), field('CITY', { group: 'a' })],
    crmFields: [field('first', { group: 'name' }), field('last', { group: 'name' }), field('zip'), field('city')],
  };
  const rows = (last: Direction, city: Direction) => [
    row('FIRST', 'first', 'both'),
    row('LAST', 'last', last),
    row('ZIP', 'zip', 'toErp'),
    row('CITY', 'city', city),
  ];
  const faults = (last: Direction, city: Direction) => mappingFaults(setup, rows(last, city));
  expect(faults('both', 'toErp')).toEqual([]);
  expect(faults('none', 'none')).toEqual([]);
  expect(faults('toErp', 'both')).toEqual([
    {
      path: 'fields[1].direction',
      message: 'Is part of one value together with FIRST, so both must have the same direction',
    },
    {
      path: 'fields[3].direction',
      message: 'Is part of one value together with ZIP, so both must have the same direction',
    },
  ]);
});

test('only what goes one way can be enforced, and a value of several fields whole', () => {
  const enforced = (direction: Direction): FieldMapping => ({ ...row('NAME', 'name', direction), enforce: true });
  expect(mappingFaults(type([]), [enforced('toErp')])).toEqual([]);
  expect(mappingFaults(type([]), [enforced('toCrm')])).toEqual([]);
  const fault = {
    path: 'fields[0].enforce',
    message: 'Only a field that goes one way, toErp or toCrm, can be enforced',
  };
  expect(mappingFaults(type([]), [enforced('both')])).toEqual([fault]);
  expect(mappingFaults(type([]), [enforced('none')])).toEqual([fault]);
  const setup: ActorTypeSetup = {
    ...type([]),
    erpFields: [field('ZIP', { group: 'a' }), field('CITY', { group: 'a' })],
    crmFields: [field('zip'), field('city')],
  };
  const zip = { ...row('ZIP', 'zip', 'toErp'), enforce: true };
  const city = row('CITY', 'city', 'toErp');
  expect(mappingFaults(setup, [zip, { ...city, enforce: true }])).toEqual([]);
  expect(mappingFaults(setup, [zip, city])).toEqual([
    {
      path: 'fields[1].enforce',
      message: 'Is part of one value together with ZIP, so both are enforced or neither is',
    },
  ]);
});

const bare = { showInSearch: false, showInErpTab: false } as const;

test('a transform goes both ways only where it can be undone, and only between texts and numbers', () => {
  const setup = { ...type([]), crmFields: [field('name'), field('code'), field('since', { type: 'date' })] };
  const upper = { kind: 'upper' } as const;
  const twice = {
    kind: 'replace',
    table: [
      { from: 'a', to: 'x' },
      { from: 'a', to: 'y' },
      { from: 'b', to: 'y' },
    ],
  } as const;
  const table = { kind: 'replace', table: [...twice.table.slice(0, 1), ...twice.table.slice(2)] } as const;
  const faultsOf = (more: Partial<FieldMapping>, crmField = 'name', direction: Direction = 'both') =>
    paths(mappingFaults(setup, [{ ...row('OTHER', crmField, direction), ...more }]));
  expect(faultsOf({ transform: upper })).toEqual(['fields[0].transform']);
  expect(faultsOf({ transform: upper }, 'name', 'toCrm')).toEqual([]);
  expect(faultsOf({ transform: upper }, 'name', 'none')).toEqual(['fields[0].transform']);
  expect(faultsOf({ transform: { kind: 'prefix', text: 'K' }, transformTo: 'erp' })).toEqual([]);
  expect(faultsOf({ transform: upper, transformTo: 'erp' }, 'name', 'toCrm')).toEqual(['fields[0].transformTo']);
  expect(faultsOf({ transformTo: 'erp' })).toEqual(['fields[0].transformTo']);
  expect(faultsOf({ transform: upper }, 'since', 'toErp')).toEqual(['fields[0].transform']);
  expect(faultsOf({ transform: twice })).toEqual([
    'fields[0].transform.table[1].from',
    'fields[0].transform.table[2].to',
  ]);
  expect(faultsOf({ transform: table })).toEqual([]);
});

test('a number that becomes a text on the way may be transformed where it alone could not go', () => {
  const setup = { ...type([]), erpFields: [field('NUMBER', { type: 'integer' })] };
  const prefixed = { ...row('NUMBER', 'code', 'both'), transform: { kind: 'prefix', text: 'K' } as const };
  expect(mappingFaults(setup, [prefixed])).toEqual([]);
});

test('what a transform names is a value of the field that it goes to, and told apart as that field tells values apart', () => {
  const numbers = { ...type([]), crmFields: [field('count', { type: 'integer' }), field('name', { maxLength: 3 })] };
  const faultsOf = (transform: Transform, direction: Direction, crmField = 'count') =>
    paths(mappingFaults(numbers, [{ ...row('OTHER', crmField, direction), transform }]));
  const table = (...rows: [string, string][]): Transform => ({
    kind: 'replace',
    table: rows.map(([from, to]) => ({ from, to })),
  });
  const at = 'fields[0].transform';
  expect(faultsOf(table(['A', '1'], ['B', 'two']), 'toCrm')).toEqual([`${at}.table[1].to`]);
  expect(faultsOf(table(['A', '1'], ['B', '01']), 'both')).toEqual([`${at}.table[1].to`]);
  expect(faultsOf(table(['A', '1'], ['B', '01']), 'toCrm')).toEqual([]);
  expect(faultsOf(table(['A', 'x'], ['A ', 'y']), 'toCrm', 'name')).toEqual([`${at}.table[1].from`]);
  expect(faultsOf(table(['A', ' '], [' ', 'y']), 'toCrm', 'name')).toEqual([
    `${at}.table[0].to`,
    `${at}.table[1].from`,
  ]);
  expect(faultsOf(table(['A', 'long']), 'toCrm', 'name')).toEqual([`${at}.table[0].to`]);
  expect(faultsOf(table(['many', '1']), 'toErp')).toEqual([]);
  expect(faultsOf({ kind: 'prefix', text: 'K' }, 'toCrm')).toEqual([`${at}.text`]);
  expect(faultsOf({ kind: 'prefix', text: '0' }, 'both')).toEqual([`${at}.text`]);
  expect(faultsOf({ kind: 'prefix', text: '9' }, 'both')).toEqual([]);
  expect(faultsOf({ kind: 'prefix', text: '  ' }, 'toCrm', 'name')).toEqual([`${at}.text`]);
});

test('a constant names one field, goes to it, and is a value of its type', () => {
  const crmFields = [
    field('name', { maxLength: 3 }),
    field('code', { access: 'read-only' }),
    field('count', { type: 'integer' }),
  ];
  const setup = { ...type([]), crmFields };
  const toCrm = { erpField: '=', direction: 'toCrm', ...bare } as const;
  const faultsOf = (mapping: FieldMapping) => paths(mappingFaults(setup, [mapping]));
  expect(faultsOf({ ...toCrm, crmField: 'name', constant: 'abc' })).toEqual([]);
  expect(faultsOf({ ...bare, erpField: 'OTHER', crmField: '=', direction: 'toErp', constant: 'abcd' })).toEqual([]);
  expect(faultsOf({ ...toCrm, crmField: 'name', constant: 'abcd' })).toEqual(['fields[0].constant']);
  expect(faultsOf({ ...toCrm, crmField: 'count', constant: 'many' })).toEqual(['fields[0].constant']);
  expect(faultsOf({ ...toCrm, crmField: 'name', constant: ' ' })).toEqual(['fields[0].constant']);
  expect(faultsOf({ ...toCrm, crmField: 'code', constant: 'a' })).toEqual(['fields[0].constant']);
  expect(faultsOf({ ...toCrm, crmField: 'name', constant: 'a', direction: 'both' })).toEqual(['fields[0].direction']);
  expect(faultsOf({ ...toCrm, crmField: 'name' })).toEqual(['fields[0].erpField']);
  expect(faultsOf({ ...toCrm, crmField: '=', constant: 'a' })).toEqual(['fields[0]']);
  expect(faultsOf({ ...row('OTHER', 'name', 'toCrm'), constant: 'a' })).toEqual(['fields[0].constant']);
  expect(faultsOf({ ...toCrm, crmField: 'name', constant: 'a', transform: { kind: 'upper' } })).toEqual([
    'fields[0].transform',
  ]);
});

test('several CRM fields may be set to constants, and one only once', () => {
  const constant = (crmField: string): FieldMapping => ({
    ...bare,
    erpField: '=',
    crmField,
    direction: 'toCrm',
    constant: 'a',
  });
  expect(mappingFaults(type([]), [constant('name'), constant('code')])).toEqual([]);
  expect(paths(mappingFaults(type([]), [constant('name'), row('OTHER', 'name', 'toCrm')]))).toEqual([
    'fields[1].crmField',
  ]);
});
