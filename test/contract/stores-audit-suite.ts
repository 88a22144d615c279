import { expect, test } from 'vitest';
import { apiKeysStore } from '../../functions/adapters/aws/dynamodb/set-up/api-keys.ts';
import { auditStore } from '../../functions/adapters/aws/dynamodb/set-up/audit.ts';
import { connectionsStore } from '../../functions/adapters/aws/dynamodb/set-up/connections.ts';
import { connectorsStore } from '../../functions/adapters/aws/dynamodb/set-up/connectors.ts';
import { mappingVersionsStore } from '../../functions/adapters/aws/dynamodb/set-up/mapping-versions.ts';
import { tenantsStore } from '../../functions/adapters/aws/dynamodb/set-up/tenants.ts';
import type { AuditAct, AuditEntry } from '../../functions/core/model/audit.ts';
import type { ActorTypeSetup } from '../../functions/core/model/connection-setup.ts';
import type { MappingVersion } from '../../functions/core/model/mapping-version.ts';
import type { Table } from '../../functions/ports/table.ts';
import { aConnection, aConnector, anActorType, anApiKey, aTenant, at, newId } from './stores-fixtures.ts';

/** The trail of set-up. */
export function auditSuite(on: string, tableOf: () => Table): void {
  const entry = (tenantId: string, act: AuditAct, over: Partial<AuditEntry> = {}): AuditEntry => ({
    tenantId,
    id: newId(),
    at,
    act,
    by: { kind: 'api-key', id: 'key1', name: 'Key' },
    from: '203.0.113.7',
    subject: { kind: 'connection', id: 'c1' },
    changes: [{ path: 'name', old: 'One', new: 'Two' }],
    ...over,
  });
  const aVersion = ({ tenantId, connectionId, actorType }: ActorTypeSetup, number: number): MappingVersion => ({
    ...{ tenantId, connectionId, actorType, number, at },
    ...{ active: true, fields: [], by: { kind: 'api-key', id: 'key1' }, changed: ['active'] },
  });
  const acts = async (table: Table, tenantId: string): Promise<AuditAct[]> =>
    (await auditStore({ table }).list(tenantId, {}, { limit: 100 })).items.map(({ act }) => act).toReversed();

  test(`a change leaves its entry, and one that is refused leaves none (${on})`, async () => {
    const table = tableOf();
    const [tenants, keys, connectors] = [tenantsStore({ table }), apiKeysStore({ table }), connectorsStore({ table })];
    const connections = connectionsStore({ table });
    const tenant = aTenant();
    const { id: tenantId } = tenant;
    let minute = 0;
    const told = (act: AuditAct): AuditEntry[] => {
      minute += 1;
      return [entry(tenantId, act, { at: new Date(Date.parse(at) + minute * 60_000).toISOString() })];
    };
    await tenants.create(tenant, anApiKey(tenantId), told('tenant.create'));
    expect(await tenants.create(tenant, anApiKey(tenantId), told('tenant.create'))).toBe(false);
    await tenants.replace(tenant, told('tenant.change'));
    expect(await tenants.replace(tenant, told('tenant.change'))).toBeUndefined();
    const key = anApiKey(tenantId);
    await keys.create(key, told('api-key.issue'));
    await expect(keys.create(key, told('api-key.issue'))).rejects.toMatchObject({ kind: 'defect' });
    expect(await keys.remove(tenantId, key.id, 'nobody', told('api-key.revoke'))).toBe(false);
    await keys.remove(tenantId, key.id, undefined, told('api-key.revoke'));
    const connector = aConnector(tenantId);
    await connectors.create(connector, told('connector.add'));
    const connection = aConnection(connector);
    const type = anActorType(connection);
    await connections.create(connection, [type], told('connection.create'));
    await connectors.replace(connector, told('connector.change'));
    expect(await connectors.replace(connector, told('connector.change'))).toBeUndefined();
    expect(await connectors.remove({ ...connector, revision: 2 }, told('connector.remove'))).toBe('in-use');
    await connections.replace(connection, told('connection.change'));
    expect(await connections.replace(connection, told('connection.change'))).toBeUndefined();
    await connections.reorder(tenantId, [connection.id], told('connections.order'));
    await connections.putActorTypes([type], told('connection.refresh'));
    expect(await connections.putActorTypes([type], told('connection.refresh'))).toBeUndefined();
    const next = { ...type, revision: 2 };
    const along = (number: number) => ({ trail: told('mapping.change'), version: aVersion(type, number) });
    expect(await connections.replaceActorType(next, 'active', along(1))).toBeUndefined();
    await connections.replaceActorType(next, 'inactive', along(2));
    const versions = mappingVersionsStore({ table });
    expect(await versions.get(type, [1, 2])).toEqual([aVersion(type, 2)]);
    await connections.replaceActorType({ ...type, revision: 3 });
    expect(await acts(table, tenantId)).toEqual([
      'tenant.create',
      'tenant.change',
      'api-key.issue',
      'api-key.revoke',
      'connector.add',
      'connection.create',
      'connector.change',
      'connection.change',
      'connections.order',
      'connection.refresh',
      'mapping.change',
    ]);
    const spare = aConnector(tenantId);
    await connectors.create(spare);
    expect(await connectors.remove(spare, told('connector.remove'))).toBe('removed');
    expect((await acts(table, tenantId)).at(-1)).toBe('connector.remove');
  });

  test(`a connection is made and replaced whole, or stays as it was where any part of it was changed (${on})`, async () => {
    const table = tableOf();
    const connections = connectionsStore({ table });
    const connection = aConnection(aConnector(newId()));
    const { tenantId, id: connectionId } = connection;
    await connectorsStore({ table }).create({ ...aConnector(tenantId), id: connection.connectorId });
    const type = anActorType(connection);
    const pairs = (erpItem: string) => ({
      tenantId,
      connectionId,
      erpList: 'terms',
      crmList: 'terms',
      pairs: { [erpItem]: '1' },
    });
    const along = (revision: number, item: string, number: number) => ({
      versions: [aVersion(type, number)],
      lists: { tenantId, connectionId, revision, before: [], after: [pairs(item)] },
    });
    const told = (act: AuditAct) => [entry(tenantId, act)];
    expect(await connections.create(connection, [type], told('connection.create'), along(0, 'a', 1))).toBe(true);
    const wanted = { ...connection, name: 'Two' };
    const replace = (revision: number, typeRevision: number, lists: number) =>
      connections.replaceWhole({ ...wanted, revision }, [{ ...type, active: true, revision: typeRevision }], {
        ...along(lists, 'b', 2),
        trail: told('connection.change'),
      });
    for (const [one, two, three] of [
      [2, 1, 1],
      [1, 2, 1],
      [1, 1, 2],
    ] as const) {
      expect(await replace(one, two, three)).toBeUndefined();
    }
    const before = await connections.getWholeSetup(tenantId, connectionId);
    expect(before).toMatchObject({ connection: { name: connection.name }, actorTypes: [{ active: false }] });
    expect(before?.listPairings).toEqual([pairs('a')]);
    expect(await replace(1, 1, 1)).toMatchObject({ name: 'Two', revision: 2 });
    const after = await connections.getWholeSetup(tenantId, connectionId);
    expect(after).toMatchObject({ connection: { name: 'Two' }, actorTypes: [{ active: true, revision: 2 }] });
    expect(after?.listPairings).toEqual([pairs('b')]);
    expect(await acts(table, tenantId)).toHaveLength(2);
    expect(await mappingVersionsStore({ table }).get(type, [1, 2])).toHaveLength(2);
  });

  test(`versions of a mapping are read newest first, in pages, each actor type's own (${on})`, async () => {
    const table = tableOf();
    const connection = aConnection(aConnector(newId()));
    const [customer, supplier] = [anActorType(connection), anActorType(connection, { actorType: 'supplier' })];
    await connectorsStore({ table }).create({ ...aConnector(connection.tenantId), id: connection.connectorId });
    const connections = connectionsStore({ table });
    await connections.create(connection, [customer, supplier]);
    for (const [at, type] of [customer, supplier].entries()) {
      for (let number = 1; number <= 11 - at * 9; number += 1) {
        const along = { trail: [], version: aVersion(type, number) };
        await connections.replaceActorType({ ...type, revision: number }, undefined, along);
      }
    }
    const versions = mappingVersionsStore({ table });
    const first = await versions.list(customer, { limit: 9 });
    expect(first.items.map(({ number }) => number)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3]);
    const rest = await versions.list(customer, { limit: 9, cursor: first.cursor ?? '' });
    expect(rest.items.map(({ number }) => number)).toEqual([2, 1]);
    expect((await versions.list(supplier, { limit: 9 })).items.map(({ number }) => number)).toEqual([2, 1]);
    expect(await versions.get(customer, [12, 0])).toEqual([]);
  });

  test(`the trail is read newest first, by thing, by kind and by time, in pages, each tenant its own (${on})`, async () => {
    const table = tableOf();
    const [tenantId, other] = [newId(), newId()];
    const keys = apiKeysStore({ table });
    const subjects = ['c1', 'c2', 'c1'];
    const entries = subjects.map((id, hour) =>
      entry(tenantId, 'connection.change', {
        at: `2026-11-2${hour + 1}T08:00:00.000Z`,
        subject: { kind: 'connection', id },
        part: { number: 1, of: 2 },
      }),
    );
    const foreign = entry(other, 'api-key.issue', { subject: { kind: 'api-key', id: 'c1' } });
    await keys.create(anApiKey(tenantId), entries);
    await keys.create(anApiKey(other), [foreign]);
    const audit = auditStore({ table });
    const newest = entries.toReversed();
    const page = { limit: 10 };
    expect((await audit.list(tenantId, {}, page)).items).toEqual(newest);
    expect((await audit.list(other, {}, page)).items).toEqual([foreign]);
    const first = await audit.list(tenantId, {}, { limit: 2 });
    expect(first.items).toEqual(newest.slice(0, 2));
    expect((await audit.list(tenantId, {}, { limit: 2, cursor: first.cursor ?? '' })).items).toEqual(newest.slice(2));
    expect((await audit.list(tenantId, { subject: 'connector' }, page)).items).toEqual([]);
    const ofOne = { subject: 'connection', id: 'c1' } as const;
    expect((await audit.list(tenantId, ofOne, page)).items).toEqual([newest[0], newest[2]]);
    const between = { from: '2026-11-22T08:00:00.000Z', to: '2026-11-22T08:00:00.000Z' };
    expect((await audit.list(tenantId, between, page)).items).toEqual([newest[1]]);
    expect((await audit.list(tenantId, { ...ofOne, from: between.from }, page)).items).toEqual([newest[0]]);
    const backwards = { from: '2026-11-23T08:00:00.000Z', to: '2026-11-22T08:00:00.000Z' };
    expect((await audit.list(tenantId, backwards, page)).items).toEqual([]);
    expect((await audit.list(tenantId, { ...ofOne, ...backwards }, page)).items).toEqual([]);
  });
}
