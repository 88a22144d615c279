import { expect, test } from 'vitest';
import { SyncError } from '../../../functions/core/errors.ts';
import { suspendActorTypes } from '../../../functions/sync/guards/suspend-actor-types.ts';
import { ApiWorld, goodPassword } from '../api-world.ts';
import { activeConnection, addConnection, goodConfig, withCrm } from '../set-up-steps.ts';

async function newWorld(): Promise<ApiWorld> {
  const world = new ApiWorld();
  await withCrm(world);
  return world;
}

async function connectorId(world: ApiWorld): Promise<string> {
  const body = { kind: 'tryton', name: 'Tryton', url: 'https://erp.example.com' };
  return (await world.send('POST', '/v1/connectors', { body })).json.id;
}

function connectionSecrets(world: ApiWorld) {
  return [...world.secrets].flatMap(([name, secret]) => (name.includes('/crm/') ? [] : [secret]));
}

test('a new connection is tested, inactive, and shows its password only as set', async () => {
  const world = await newWorld();
  const id = await addConnection(world);
  const { json, headers } = await world.send('GET', `/v1/connections/${id}`);
  expect(json).toMatchObject({
    name: 'Demo ERP',
    state: 'inactive',
    scope: 'everyone',
    place: 0,
    intervalMinutes: 15,
    config: { database: 'demo', user: 'sync', password: { set: true }, timeout: 30 },
  });
  expect(headers.etag).toBe('"1"');
  expect(connectionSecrets(world)).toEqual([{ password: goodPassword }]);
  expect(JSON.stringify(world.logged)).not.toContain(goodPassword);
});

test('a wrong password is refused with the explanation, and neither connection nor secret is stored', async () => {
  const world = await newWorld();
  const body = {
    connectorId: await connectorId(world),
    name: 'Demo',
    config: { ...goodConfig, password: 'wrong one' },
  };
  const answer = await world.send('POST', '/v1/connections', { body });
  expect(answer).toMatchObject({ status: 422, json: { type: 'rejected', explanation: 'Wrong user or password' } });
  expect(connectionSecrets(world)).toEqual([]);
  expect((await world.send('GET', '/v1/connections')).json.items).toEqual([]);
  expect(JSON.stringify([answer.json, world.logged])).not.toContain('wrong one');
});

test.each(['stored after all', 'not stored'] as const)(
  'a connection whose storing failed has a secret only where it is there: %s',
  async (end) => {
    const world = await newWorld();
    const body = { connectorId: await connectorId(world), name: 'Demo', config: goodConfig };
    const { connections } = world.app;
    const failing: typeof connections = {
      ...connections,
      async create(...parameters) {
        if (end === 'stored after all') await connections.create(...parameters);
        throw new SyncError('throttled', 'Too much at once.');
      },
    };
    Object.assign(world.app, { connections: failing });
    expect((await world.send('POST', '/v1/connections', { body })).status).toBe(503);
    expect(connectionSecrets(world)).toHaveLength(end === 'stored after all' ? 1 : 0);
  },
);

test('configuration faults are all named', async () => {
  const world = await newWorld();
  const config = { database: 'x'.repeat(41), timeout: 'soon', colour: 'red', password: { set: true } };
  const body = { connectorId: await connectorId(world), name: 'Demo', config };
  const { status, json } = await world.send('POST', '/v1/connections', { body });
  expect(status).toBe(400);
  expect(json.errors.map((fault: { path: string }) => fault.path).sort()).toEqual([
    'config.colour',
    'config.database',
    'config.password',
    'config.timeout',
    'config.user',
  ]);
});

test('an unknown connector is a fault of the request', async () => {
  const world = await newWorld();
  const body = { connectorId: 'none', name: 'Demo', config: goodConfig };
  const answer = await world.send('POST', '/v1/connections', { body });
  expect(answer).toMatchObject({ status: 400, json: { errors: [{ path: 'connectorId' }] } });
});

test('a configuration can be tested without being saved', async () => {
  const world = await newWorld();
  const body = { connectorId: await connectorId(world), config: goodConfig };
  const good = await world.send('POST', '/v1/connections/test', { body });
  expect(good.json).toEqual({ ok: true, actorTypes: ['customer', 'supplier', 'project', 'employee'] });
  const bad = { ...body, config: { ...goodConfig, password: 'no' } };
  expect((await world.send('POST', '/v1/connections/test', { body: bad })).status).toBe(422);
  expect(connectionSecrets(world)).toEqual([]);
});

test('a merge patch changes what it names, and null removes', async () => {
  const world = await newWorld();
  const id = await addConnection(world);
  const path = `/v1/connections/${id}`;
  await world.change('PATCH', path, { description: 'first', conflictPolicy: { kind: 'erp-wins' } });
  const { json } = await world.change('PATCH', path, { name: 'Other', description: null });
  expect(json).toMatchObject({ name: 'Other', conflictPolicy: { kind: 'erp-wins' } });
  expect(json.description).toBeUndefined();
  expect((await world.send('PATCH', path, { body: { name: 'x' } })).status).toBe(428);
  expect((await world.send('PATCH', path, { body: { name: 'x' }, headers: { 'if-match': '"1"' } })).status).toBe(412);
});

test('a changed configuration is tested, and a new password is a new secret', async () => {
  const world = await newWorld();
  const id = await addConnection(world);
  const path = `/v1/connections/${id}`;
  expect((await world.change('PATCH', path, { config: { password: 'wrong' } })).status).toBe(422);
  expect(connectionSecrets(world)).toHaveLength(1);
  const kept = await world.change('PATCH', path, { config: { timeout: 10 } });
  expect(kept).toMatchObject({ status: 200, json: { config: { user: 'sync', timeout: 10 } } });
  const byDefault = await world.change('PATCH', path, { config: { timeout: null } });
  expect(byDefault).toMatchObject({ status: 200, json: { config: { timeout: 30 } } });
  expect(connectionSecrets(world)).toHaveLength(1);
  expect((await world.change('PATCH', path, { config: { password: goodPassword } })).status).toBe(200);
  expect(connectionSecrets(world)).toHaveLength(2);
});

test('while active a password is replaced, tested first, and no mapping is touched', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const path = `/v1/connections/${id}`;
  const before = await world.app.connections.getSetup(world.tenantId, id);
  expect((await world.change('PATCH', path, { config: { password: 'wrong' } })).status).toBe(422);
  expect(connectionSecrets(world)).toHaveLength(1);
  world.erp.describe = async () => [];
  const sent = { config: { ...goodConfig, timeout: 30 } };
  expect(await world.change('PATCH', path, sent)).toMatchObject({ status: 200, json: { state: 'active' } });
  expect(connectionSecrets(world)).toHaveLength(2);
  const after = await world.app.connections.getSetup(world.tenantId, id);
  expect(after?.actorTypes).toEqual(before?.actorTypes);
  expect(after?.connection.secretVersion).not.toBe(before?.connection.secretVersion);
});

test('what else of the configuration is changed while active is refused by name', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  for (const [config, names] of [
    [{ timeout: 5, user: 'x', password: goodPassword }, 'timeout, user'],
    [{ password: null }, 'password'],
    [{ timeout: null }, 'timeout'],
  ] as const) {
    const { status, json } = await world.change('PATCH', `/v1/connections/${id}`, { config });
    expect([status, json.detail]).toEqual([409, expect.stringContaining(`to change ${names}.`)]);
  }
  expect(connectionSecrets(world)).toHaveLength(1);
});

test('while active the name and interval change, the configuration does not', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const path = `/v1/connections/${id}`;
  expect((await world.change('PATCH', path, { config: { user: 'x' } })).status).toBe(409);
  expect((await world.change('PATCH', path, { name: 'Renamed', intervalMinutes: 5 })).status).toBe(200);
  expect(world.schedules.get(id)).toBe(5);
  await world.change('PATCH', path, { intervalMinutes: 600 });
  expect(world.schedules.get(id)).toBe(60);
});

test('deletion is soft: hidden, unscheduled, restorable', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const path = `/v1/connections/${id}`;
  expect((await world.send('DELETE', path)).status).toBe(428);
  expect((await world.change('DELETE', path)).status).toBe(204);
  expect(world.schedules.has(id)).toBe(false);
  expect((await world.send('GET', '/v1/connections')).json.items).toEqual([]);
  const all = await world.send('GET', '/v1/connections?includeDeleted=true');
  expect(all.json.items).toMatchObject([{ id, state: 'deleted' }]);
  expect((await world.send('POST', `${path}/activate`)).status).toBe(409);
  const restored = await world.send('POST', `${path}/restore`);
  expect(restored).toMatchObject({ status: 200, json: { state: 'inactive' } });
  expect((await world.send('POST', `${path}/restore`)).status).toBe(409);
});

test('connections are put in order by a list that names each once', async () => {
  const world = await newWorld();
  const ids = [await addConnection(world, 'A'), await addConnection(world, 'B'), await addConnection(world, 'C')];
  const connectionIds = ids.toReversed();
  const path = '/v1/connections/order';
  expect((await world.send('PUT', path, { body: { connectionIds } })).json).toEqual({ connectionIds });
  const order = await world.app.connections.inOrder(world.tenantId);
  expect(order.map(({ id }) => id)).toEqual(connectionIds);
  const faulty = await world.send('PUT', path, { body: { connectionIds: [ids[0], ids[0], 'none'] } });
  expect(faulty.status).toBe(400);
  expect(faulty.json.errors).toHaveLength(4);
});

test('a successful test resumes a suspended connection and closes its failure', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const connection = await world.app.connections.get(world.tenantId, id);
  if (!connection) throw new Error('no connection');
  await world.app.connections.replace({
    ...connection,
    state: 'suspended',
    suspension: { kind: 'unauthorised', at: connection.createdAt },
  });
  await world.app.failures.open({
    tenantId: world.tenantId,
    id: `${id}.suspended`,
    connectionId: id,
    kind: 'unauthorised',
    reason: 'connection-suspended',
    fields: [],
    attempts: 1,
    firstAt: connection.createdAt,
    lastAt: connection.createdAt,
  });
  world.crmError = () => new SyncError('unauthorised', 'Refused.', { explanation: 'token withdrawn' });
  const refused = await world.send('POST', `/v1/connections/${id}/test`);
  expect(refused).toMatchObject({ status: 422, json: { explanation: 'token withdrawn' } });
  expect((await world.send('GET', `/v1/connections/${id}`)).json.state).toBe('suspended');
  world.crmError = undefined;
  const resumed = await world.send('POST', `/v1/connections/${id}/test`);
  expect(resumed).toMatchObject({ status: 200, json: { state: 'active' } });
  expect(resumed.json.suspension).toBeUndefined();
  expect((await world.send('GET', '/v1/failures')).json.items).toEqual([]);
});

test('a failing test answers 422 with the explanation and changes nothing', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  world.erpError = () => new SyncError('transient', 'The ERP does not answer.', { explanation: 'gone fishing' });
  const answer = await world.send('POST', `/v1/connections/${id}/test`);
  expect(answer).toMatchObject({ status: 422, json: { explanation: 'gone fishing' } });
  expect((await world.send('GET', `/v1/connections/${id}`)).json.state).toBe('active');
});

test('an ERP that is left alone because it failed is called again once a test of it succeeds', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const { breakers, runtime } = world.app;
  const end = { tenantId: world.tenantId, connectionId: id, side: 'erp' } as const;
  const nowMs = runtime.nowMs();
  await breakers.replace(end, undefined, { untilMs: nowMs + 900_000, openMs: 900_000 });
  expect((await world.send('POST', `/v1/connections/${id}/test`)).status).toBe(200);
  const { erp } = await breakers.get(world.tenantId, id);
  expect(erp?.openMs).toBe(900_000);
  expect(erp?.untilMs).toBeLessThanOrEqual(runtime.nowMs());
});

test('a system that fails over a test is told in its own words, a failure of ours without any', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  world.erpError = () => new SyncError('defect', 'The ERP failed.', { explanation: 'division by zero' });
  const theirs = await world.send('POST', `/v1/connections/${id}/test`);
  expect(theirs).toMatchObject({ status: 422, json: { explanation: 'division by zero' } });
  world.erpError = () => new SyncError('defect', 'Ours.');
  expect((await world.send('POST', `/v1/connections/${id}/test`)).status).toBe(500);
});

test('reading one connection takes one storage call, a page of them two', async () => {
  const world = await newWorld();
  const id = await addConnection(world);
  await world.send('GET', `/v1/connections/${id}`);
  expect(world.storageCalls).toBe(1);
  await world.send('GET', '/v1/connections');
  expect(world.storageCalls).toBeLessThanOrEqual(2);
});

test('a test, a refresh, a retry and an activation that succeed take up the actor types that were set aside', async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  const { tenantId, app } = world;
  const path = `/v1/connections/${connectionId}`;
  const setAside = async () => {
    const setup = await app.connections.getSetup(tenantId, connectionId);
    const customers = setup?.actorTypes.filter(({ actorType }) => actorType === 'customer') ?? [];
    const error = new SyncError('misconfigured', 'No right to parties.');
    await suspendActorTypes(app, customers, { error, metBy: 'look', runId: 'run' });
    const { json } = await world.send('GET', '/v1/failures');
    expect(json.items).toMatchObject([{ reason: 'actor-type-suspended' }]);
    return String(json.items[0].id);
  };
  const ways = {
    test: () => world.send('POST', `${path}/test`),
    refresh: () => world.send('POST', `${path}/refresh-metadata`),
    retry: async (failureId: string) => world.send('POST', `/v1/failures/${failureId}/retry`),
    async activation() {
      await world.send('POST', `${path}/deactivate`);
      return world.send('POST', `${path}/activate`);
    },
  };
  for (const [name, way] of Object.entries(ways)) {
    const { status } = await way(await setAside());
    expect([200, 202], name).toContain(status);
    const setup = await app.connections.getSetup(tenantId, connectionId);
    expect(
      setup?.actorTypes.filter(({ suspended }) => suspended),
      name,
    ).toEqual([]);
    expect((await world.send('GET', '/v1/failures')).json.items, name).toEqual([]);
  }
});

test('an actor type that was set aside alone says why and since when, wherever it is shown', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const error = new SyncError('misconfigured', 'No right to read it.', { recordType: 'customer' });
  for (let days = 0; days < 2; days += 1) {
    world.nowMs += days * 86_400_000;
    const setup = await world.app.connections.getSetup(world.tenantId, id);
    const types = setup?.actorTypes.filter(({ actorType }) => actorType === 'customer') ?? [];
    await suspendActorTypes(world.app, types, { error, metBy: 'list', runId: 'R' });
  }
  const suspended = { reason: 'misconfigured', since: '2026-11-23T08:00:00.000Z' };
  const path = `/v1/connections/${id}`;
  const ofCustomers = (types: { actorType: string }[]) => types.find(({ actorType }) => actorType === 'customer');
  expect((await world.send('GET', path)).json.state).toBe('active');
  expect(ofCustomers((await world.send('GET', `${path}/summary`)).json.actorTypes)).toMatchObject({ suspended });
  expect(ofCustomers((await world.send('GET', `${path}/actor-types`)).json.items)).toMatchObject({ suspended });
  const mapping = `${path}/actor-types/customer/mapping`;
  expect((await world.send('GET', mapping)).json).toMatchObject({ suspended });
  await world.send('POST', `${path}/test`);
  expect((await world.send('GET', mapping)).json.suspended).toBeUndefined();
});
