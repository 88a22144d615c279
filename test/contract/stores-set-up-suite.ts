import { expect, test } from 'vitest';
import { apiKeysStore } from '../../functions/adapters/aws/dynamodb/set-up/api-keys.ts';
import { connectionsStore } from '../../functions/adapters/aws/dynamodb/set-up/connections.ts';
import { connectorsStore } from '../../functions/adapters/aws/dynamodb/set-up/connectors.ts';
import { idempotencyKeysStore } from '../../functions/adapters/aws/dynamodb/set-up/idempotency-keys.ts';
import { tenantRetention } from '../../functions/adapters/aws/dynamodb/set-up/retention.ts';
import { tenantsStore } from '../../functions/adapters/aws/dynamodb/set-up/tenants.ts';
import { noSweepProgress } from '../../functions/core/model/sweep.ts';
import type { Table } from '../../functions/ports/table.ts';
import { aConnection, aConnector, anActorType, anApiKey, aTenant, at, newId } from './stores-fixtures.ts';

/** Tenants, API keys, connectors, connections and idempotency keys. */
export function setUpSuite(on: string, tableOf: () => Table): void {
  const connected = async (tenantId = newId(), place = 0) => {
    const table = tableOf();
    const connector = aConnector(tenantId);
    const connection = aConnection(connector, { place });
    const actorTypes = [anActorType(connection), anActorType(connection, { actorType: 'supplier' })];
    await connectorsStore({ table }).create(connector);
    expect(await connectionsStore({ table }).create(connection, actorTypes)).toBe(true);
    return {
      connectors: connectorsStore({ table }),
      store: connectionsStore({ table }),
      connector,
      connection,
      actorTypes,
    };
  };

  test(`a CRM context is claimed once, with the first key (${on})`, async () => {
    const table = tableOf();
    const tenants = tenantsStore({ table });
    const tenant = aTenant();
    const rival = aTenant({ crmContext: tenant.crmContext });
    const key = anApiKey(tenant.id);
    const created = await Promise.all([tenants.create(tenant, key), tenants.create(rival, anApiKey(rival.id))]);
    expect(created.filter(Boolean)).toHaveLength(1);
    const [mine, theirs] = created[0] ? [tenant, rival] : [rival, tenant];
    expect(await tenants.get(mine.id)).toEqual(mine);
    expect(await tenants.get(theirs.id)).toBeUndefined();
    expect((await apiKeysStore({ table }).list(theirs.id, { limit: 5 })).items).toEqual([]);
    expect((await apiKeysStore({ table }).list(mine.id, { limit: 5 })).items).toHaveLength(1);
  });

  test(`configuration is replaced only from the revision that was read (${on})`, async () => {
    const tenants = tenantsStore({ table: tableOf() });
    const tenant = aTenant();
    await tenants.create(tenant, anApiKey(tenant.id));
    const changed = { ...tenant, retentionDays: 5 };
    expect(await tenants.replace(changed)).toEqual({ ...changed, revision: 2 });
    expect(await tenants.replace({ ...tenant, retentionDays: 6 })).toBeUndefined();
    expect(await tenants.get(tenant.id)).toEqual({ ...changed, revision: 2 });
    const daysOf = tenantRetention({ tenants, runtime: { nowMs: () => 0 } });
    expect([await daysOf(tenant.id), await daysOf('nobody')]).toEqual([5, 90]);
  });

  test(`an API key is read, listed, touched at most once a minute and removed once (${on})`, async () => {
    const keys = apiKeysStore({ table: tableOf() });
    const tenantId = newId();
    const key = anApiKey(tenantId, { expiresAt: at });
    await keys.create(key);
    await expect(keys.create(key)).rejects.toMatchObject({ kind: 'defect' });
    expect(await keys.get(tenantId, key.id)).toEqual(key);
    await keys.touch(tenantId, key.id, '2026-11-23T08:00:10.000Z');
    await keys.touch(tenantId, key.id, '2026-11-23T08:00:50.000Z');
    expect((await keys.get(tenantId, key.id))?.lastUsedAt).toBe('2026-11-23T08:00:10.000Z');
    await keys.touch(tenantId, key.id, '2026-11-23T08:01:00.000Z');
    expect((await keys.get(tenantId, key.id))?.lastUsedAt).toBe('2026-11-23T08:01:00.000Z');
    const witness = anApiKey(tenantId);
    expect(await keys.remove(tenantId, key.id, witness.id)).toBe(false);
    await keys.create(witness);
    expect(await keys.remove(tenantId, key.id, witness.id)).toBe(true);
    expect(await keys.remove(tenantId, key.id)).toBe(false);
    expect(await keys.get(tenantId, witness.id)).toEqual(witness);
    await keys.touch(tenantId, key.id, at);
    expect(await keys.get(tenantId, key.id)).toBeUndefined();
  });

  test(`a connector is not removed while a connection uses it, and a replacement keeps the count (${on})`, async () => {
    const { connectors, connector } = await connected();
    expect(await connectors.remove(connector)).toBe('in-use');
    const renamed = await connectors.replace({ ...connector, name: 'ERP' });
    expect(renamed).toEqual({ ...connector, name: 'ERP', revision: 2, connections: 1 });
    expect(await connectors.get(connector.tenantId, connector.id)).toEqual(renamed);
    expect(await connectors.replace(connector)).toBeUndefined();
    expect(await connectors.remove(connector)).toBe('superseded');
    const free = aConnector(connector.tenantId);
    await connectors.create(free);
    expect((await connectors.list(connector.tenantId, { limit: 5 })).items).toHaveLength(2);
    expect(await connectors.remove(free)).toBe('removed');
    expect(await connectors.get(connector.tenantId, free.id)).toBeUndefined();
  });

  test(`a connection is made with its types or, where the connector is gone, not at all (${on})`, async () => {
    const { store, connector, connection, actorTypes } = await connected();
    const { tenantId } = connection;
    expect(await store.getSetup(tenantId, connection.id)).toEqual({
      connection,
      actorTypes: actorTypes.map(({ readFrom: _read, ...type }) => type),
      listPairings: [],
      lists: { revision: 0 },
      brakes: [],
    });
    expect(await store.getSetup(tenantId, 'none')).toBeUndefined();
    const orphan = aConnection({ ...connector, id: 'gone' });
    expect(await store.create(orphan, [])).toBe(false);
    expect(await store.get(tenantId, orphan.id)).toBeUndefined();
    expect(await store.inOrder(tenantId)).toEqual([connection]);
  });

  test(`actor types are replaced and added all or nothing, list pairings with them in one set-up (${on})`, async () => {
    const { store, connection, actorTypes } = await connected();
    const { tenantId } = connection;
    const [customer = anActorType(connection)] = actorTypes;
    const person = anActorType(connection, { actorType: 'person' });
    expect(await store.replaceActorType({ ...customer, active: true })).toMatchObject({ revision: 2, active: true });
    expect(await store.replaceActorType(customer)).toBeUndefined();
    expect(await store.replaceActorType({ ...customer, revision: 2 }, 'active')).toBeUndefined();
    expect(await store.putActorTypes([customer, person])).toBeUndefined();
    expect(await store.putActorTypes([{ ...customer, revision: 2, label: 'Clients' }, person])).toMatchObject([
      { label: 'Clients', revision: 3 },
      { actorType: 'person', revision: 1 },
    ]);
    const pairing = {
      tenantId,
      connectionId: connection.id,
      erpList: 'country',
      crmList: 'Country',
      pairs: { nl: '1' },
    };
    const change = { tenantId, connectionId: connection.id, revision: 0, before: [], after: [pairing] };
    expect(await store.putListPairs(change)).toBe(true);
    const setup = await store.getSetup(tenantId, connection.id);
    expect(setup?.actorTypes.map((type) => [type.actorType, type.revision])).toEqual([
      ['customer', 3],
      ['person', 1],
      ['supplier', 1],
    ]);
    expect(setup?.listPairings).toEqual([pairing]);
  });

  test(`the turn to apply a file has one holder, until it is left or runs out (${on})`, async () => {
    const tenantId = newId();
    const { store } = await connected(tenantId, 0);
    const at = Array.from({ length: 5 }, (_, n) => store.takeFileTurn(tenantId, 1_000, 2_000 + n));
    const taken = await Promise.all(at);
    expect(taken.filter((isTaken) => isTaken)).toHaveLength(1);
    const untilMs = 2_000 + taken.indexOf(true);
    await store.leaveFileTurn(tenantId, untilMs + 1);
    expect(await store.takeFileTurn(tenantId, untilMs - 1, 9_000)).toBe(false);
    expect(await store.takeFileTurn(tenantId, untilMs, 9_000)).toBe(true);
    await store.leaveFileTurn(tenantId, untilMs);
    expect(await store.takeFileTurn(tenantId, 3_000, 9_500)).toBe(false);
    await store.leaveFileTurn(tenantId, 9_000);
    expect(await store.takeFileTurn(tenantId, 3_000, 9_500)).toBe(true);
  });

  test(`connections are put in an order of any length at once, and deleted ones are shown on request (${on})`, async () => {
    const tenantId = newId();
    const [one, two] = [await connected(tenantId, 0), await connected(tenantId, 1)];
    const { store } = one;
    const later = Array.from({ length: 250 }, (_, n) => `none-${n}`);
    await store.reorder(tenantId, [...later, two.connection.id, one.connection.id]);
    await store.reorder(tenantId, [two.connection.id, one.connection.id, ...later]);
    const three = await connected(tenantId, 2);
    const order = await store.inOrder(tenantId);
    const inOrder = [two, one, three].map(({ connection }) => connection.id);
    expect(order.map((connection) => [connection.id, connection.place])).toEqual(
      inOrder.map((id, place) => [id, place]),
    );
    expect(await store.get(tenantId, two.connection.id)).toMatchObject({ place: 0, revision: 1 });
    expect(await store.replace(three.connection)).toMatchObject({ place: 2 });
    await store.replace({ ...three.connection, revision: 2, state: 'deleted', deletedAt: at });
    const [first = two.connection] = order;
    expect(await store.replace({ ...first, state: 'deleted', deletedAt: at })).toMatchObject({ revision: 2, place: 0 });
    expect(await store.replace(first)).toBeUndefined();
    expect(await store.inOrder(tenantId)).toHaveLength(1);
    expect((await store.list(tenantId, { limit: 5, includeDeleted: false })).items).toHaveLength(1);
    expect((await store.list(tenantId, { limit: 5, includeDeleted: true })).items).toHaveLength(3);
  });

  test(`what happened is kept apart from the set-up (${on})`, async () => {
    const { store, connection } = await connected();
    const { tenantId, id } = connection;
    expect(await store.activity(tenantId, id)).toEqual({});
    await store.notePolled(tenantId, id, at);
    await store.noteCompared(tenantId, id, '2026-11-24');
    await store.noteSynced(tenantId, id, at);
    expect(await store.activity(tenantId, id)).toEqual({
      lastPolledAt: at,
      lastSyncAt: at,
      lastComparedDay: '2026-11-24',
    });
    await store.noteTried(tenantId, id, at);
    await store.noteChainWait(tenantId, id, 'erp:party.party', at);
    await store.noteChainWait(tenantId, id, 'due', at);
    await store.noteChainWait(tenantId, id, 'due');
    expect(await store.activity(tenantId, id)).toMatchObject({
      lastTriedAt: at,
      chainsWaiting: { 'erp:party.party': at },
    });
    expect(await store.get(tenantId, id)).toEqual(connection);
    expect(await store.summary(tenantId, id)).toEqual({});
  });

  test(`a sweep is begun by one, each chain of it comes to its end, and one that has ended stays so (${on})`, async () => {
    const { store, connection } = await connected();
    const { tenantId, id } = connection;
    const sweep = async () => (await store.activity(tenantId, id)).sweep;
    const some = { begunAt: at, asked: 1, notFound: 0, unanswered: 0, next: 'page 2' };
    const all = { begunAt: at, asked: 2, notFound: 1, unanswered: 1 };
    const first = { begunAt: at, underWay: { 'sweep:customer': noSweepProgress(at), 'sweep:person': some }, ended: {} };
    const begun = await Promise.all([1, 2].map(() => store.beginSweep(tenantId, id, first, undefined)));
    expect(begun.sort()).toEqual([false, true]);
    expect(await sweep()).toEqual(first);
    await store.noteSwept(tenantId, id, 'sweep:customer', some);
    expect(await sweep()).toMatchObject({ underWay: { 'sweep:customer': some } });
    await store.endSweep(tenantId, id, 'sweep:customer', all);
    await store.noteSwept(tenantId, id, 'sweep:customer', some);
    const ended = await sweep();
    expect(ended).toEqual({ begunAt: at, underWay: { 'sweep:person': some }, ended: { 'sweep:customer': all } });
    const begunAt = '2026-11-25T10:00:00.000Z';
    const next = { begunAt, underWay: { 'sweep:customer': noSweepProgress(begunAt) }, ended: {} };
    expect(await store.beginSweep(tenantId, id, next, ended)).toBe(true);
    expect(await store.beginSweep(tenantId, id, next, ended)).toBe(false);
    await store.noteSwept(tenantId, id, 'sweep:customer', some);
    await store.endSweep(tenantId, id, 'sweep:customer', all);
    expect(await sweep()).toEqual(next);
    await store.noteSweptDay(tenantId, id, '2026-11-24');
    expect(await store.activity(tenantId, id)).toMatchObject({ lastSweptDay: '2026-11-24' });
  });

  test(`an idempotency key starts one caller, then answers the rest (${on})`, async () => {
    let nowMs = Date.parse(at);
    const table = tableOf();
    const store = idempotencyKeysStore({ table, runtime: { nowMs: () => nowMs } });
    const entry = { tenantId: newId(), key: 'order 1', requestHash: 'h1' };
    const begin = (requestHash = 'h1') => store.begin({ ...entry, requestHash, busyForMs: 1_000 });
    const states = (await Promise.all([begin(), begin(), begin()])).map(({ state }) => state);
    expect(states.sort()).toEqual(['busy', 'busy', 'started']);
    expect(await begin('h2')).toEqual({ state: 'mismatch' });
    await store.abandon(entry);
    expect(await begin()).toEqual({ state: 'started' });
    nowMs += 1_000;
    expect(await begin()).toEqual({ state: 'started' });
    const answer = { status: 201, body: 'x'.repeat(300_000), headers: { location: '/1' } };
    await store.finish({ ...entry, answer });
    await store.abandon(entry);
    expect(await begin()).toEqual({ state: 'finished', answer });
    expect(await begin('h2')).toEqual({ state: 'mismatch' });
    const item = await table.get({ pk: `${entry.tenantId}#idempotency#order%201`, sk: 'idempotency' });
    expect(item?.expires).toBe((nowMs + 24 * 3_600_000) / 1000);
    nowMs += 24 * 3_600_000;
    expect(await begin('h2')).toEqual({ state: 'started' });
  });
}
