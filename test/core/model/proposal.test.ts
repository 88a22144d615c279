import { expect, test } from 'vitest';
import type { ConnectionSetup } from '../../../functions/core/model/connection-setup.ts';
import { mayWorkFor, tallies, talliesOfFields, withProposal } from '../../../functions/core/model/proposal.ts';
import { aConnection, aConnector, anActorType } from '../../contract/stores-fixtures.ts';

const connection = aConnection(aConnector('t1'));
const customer = anActorType(connection);
const setup: ConnectionSetup = {
  connection,
  actorTypes: [customer, { ...customer, actorType: 'supplier' }],
  listPairings: [],
  lists: { revision: 1 },
  brakes: [],
};

test('a proposal stands in for the saved mapping of its own type, and leaves what is saved as it is', () => {
  const before = structuredClone(setup);
  const mapping = { active: !customer.active, fields: [], filter: [] };
  const tried = withProposal(setup, { tenantId: 't1', runId: 'r1', actorType: customer.actorType, mapping });
  expect(tried.actorTypes).toEqual([{ ...customer, ...mapping }, setup.actorTypes[1]]);
  expect(tried.connection).toBe(connection);
  expect(setup).toEqual(before);
});

test('runs work for active connections, those of a proposal for inactive ones that have not moved too', () => {
  const may = (state: 'active' | 'inactive' | 'suspended' | 'deleted', proposed?: true, secretNeeded?: true) =>
    mayWorkFor({ state, secretNeeded }, { proposed });
  expect([may('active'), may('active', true), may('inactive', true)]).toEqual([true, true, true]);
  expect([may('inactive'), may('inactive', true, true)]).toEqual([false, false]);
  expect([may('suspended', true), may('deleted', true)]).toEqual([false, false]);
});

test('tallies of fields are told apart from those of records', () => {
  const counted = {
    [tallies.written(12, 'crm')]: 3,
    [tallies.refused(4, 'unmapped-list-item')]: 2,
    [tallies.records('crm')]: 9,
    [tallies.pause]: 1,
    [tallies.resume]: 1,
  };
  expect(talliesOfFields(counted)).toEqual([
    { row: 12, side: 'crm', records: 3 },
    { row: 4, reason: 'unmapped-list-item', records: 2 },
  ]);
});
