import { expect, test } from 'vitest';
import { mappingFingerprint } from '../../../functions/core/mapping/mapped-fields.ts';
import { type FieldMapping, FieldMapping as Row } from '../../../functions/core/mapping/mapping.ts';
import { type ConnectionSetup, noListMappings } from '../../../functions/core/model/connection-setup.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';

const text = (key: string): FieldMetadata => ({
  key,
  label: key,
  type: 'text',
  maxLength: 0,
  access: 'normal',
  searchable: false,
});
const name = {
  erpField: 'NAME',
  crmField: 'name',
  direction: 'toErp',
  showInSearch: false,
  showInErpTab: false,
} as const;

function fingerprintOf(flags: Partial<FieldMapping>): string {
  const setup: ConnectionSetup = {
    connection: {
      tenantId: 't',
      id: 'c',
      connectorId: 'k',
      connectorKind: 'tryton',
      connectorUrl: 'http://erp.example',
      name: 'ERP',
      state: 'active',
      config: {},
      secretsSet: [],
      place: 0,
      intervalMinutes: 1,
      activatedBefore: true,
      revision: 1,
      createdAt: '2026-11-23T08:00:00.000Z',
    },
    actorTypes: [
      {
        tenantId: 't',
        connectionId: 'c',
        actorType: 'customer',
        crmType: 'company',
        label: 'Customer',
        erpTable: 'party',
        crmTable: 'contact',
        erpFields: [text('NAME')],
        crmFields: [text('name')],
        active: true,
        fields: [{ ...name, ...flags }],
        revision: 1,
      },
    ],
    listPairings: [],
    lists: noListMappings,
    brakes: [],
  };
  return mappingFingerprint(setup, 'customer');
}

test('a flag that is set or taken away makes another mapping of it; one that was never set does not', () => {
  const before = fingerprintOf({});
  expect(fingerprintOf({ enforce: false, noBlanks: false })).toBe(before);
  const all = [before, fingerprintOf({ enforce: true }), fingerprintOf({ noBlanks: true })];
  expect(new Set(all).size).toBe(3);
});

test('a row that was saved before there were flags is read as one without', () => {
  expect(Row.parse(name)).toEqual(name);
});
