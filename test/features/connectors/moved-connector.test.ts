import { expect, test } from 'vitest';
import type { RecordSystems } from '../../../functions/ports/record-systems.ts';
import { dispatchPoll } from '../../../functions/sync/runs/dispatch-poll.ts';
import { ApiWorld, goodPassword } from '../api-world.ts';
import { activeConnection, goodConfig } from '../set-up-steps.ts';

const there = { kind: 'tryton', name: 'Tryton', url: 'https://new.example.com' };
const here = { ...there, url: 'https://erp.example.com' };

async function connectorPath(world: ApiWorld): Promise<string> {
  return `/v1/connectors/${(await world.send('GET', '/v1/connectors')).json.items[0].id}`;
}

/** Every address that something was sent to with a password, one an entry. */
function watched(world: ApiWorld): string[] {
  const sentTo: string[] = [];
  const systems = world.app.systems as { -readonly [Name in keyof RecordSystems]: RecordSystems[Name] };
  const { candidateErp, erp } = systems;
  systems.candidateErp = (kind, url, config, signer) => {
    sentTo.push(url);
    return candidateErp(kind, url, config, signer);
  };
  systems.erp = (connection) => {
    sentTo.push(connection.connectorUrl);
    return erp(connection);
  };
  return sentTo;
}

test('moving a connector suspends its active connections, says why, and sends their secrets nowhere', async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  const sentTo = watched(world);
  expect((await world.change('PUT', await connectorPath(world), there)).status).toBe(200);
  const path = `/v1/connections/${connectionId}`;
  expect((await world.send('GET', path)).json).toMatchObject({ state: 'suspended', secretNeeded: true });
  expect((await world.send('GET', '/v1/failures')).json.items).toMatchObject([{ reason: 'secret-needed' }]);
  for (const action of ['test', 'activate', 'refresh-metadata']) {
    expect((await world.send('POST', `${path}/${action}`)).status).toBe(409);
  }
  await dispatchPoll(world.app, { tenantId: world.tenantId, connectionId });
  expect(sentTo).toEqual([]);
});

test('once the secret is entered and the connection tested at the new address it goes on', async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  await world.change('PUT', await connectorPath(world), there);
  const path = `/v1/connections/${connectionId}`;
  const kept = await world.change('PATCH', path, { config: { timeout: 10 } });
  expect(kept).toMatchObject({ status: 400, json: { errors: [{ path: 'config.password' }] } });
  const entered = await world.change('PATCH', path, { config: { password: goodPassword } });
  expect(entered).toMatchObject({ status: 200, json: { state: 'suspended' } });
  expect(entered.json.secretNeeded).toBeUndefined();
  expect((await world.send('POST', `${path}/test`)).json).toMatchObject({ state: 'active' });
  expect((await world.send('GET', '/v1/failures')).json.items).toEqual([]);
});

test('a connector moved back needs no secret', async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  await world.change('PUT', await connectorPath(world), there);
  await world.change('PUT', await connectorPath(world), here);
  const path = `/v1/connections/${connectionId}`;
  expect((await world.send('GET', path)).json.secretNeeded).toBeUndefined();
  expect((await world.send('POST', `${path}/test`)).json).toMatchObject({ state: 'active' });
});

test('a connector that could not be moved leaves its connections as they are', async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  await world.send('POST', `/v1/connections/${connectionId}/deactivate`);
  const path = await connectorPath(world);
  const { replace } = world.app.connectors;
  const connectors = world.app.connectors as { replace: typeof replace };
  connectors.replace = async (connector) => {
    await replace({ ...connector, name: 'Renamed', url: here.url });
    return replace(connector);
  };
  expect((await world.change('PUT', path, there)).status).toBe(412);
  connectors.replace = replace;
  expect((await world.send('POST', `/v1/connections/${connectionId}/activate`)).json).toMatchObject({
    state: 'active',
  });
  expect(await world.app.connections.get(world.tenantId, connectionId)).toMatchObject({ connectorUrl: here.url });
});

test('the next poll after a crash half-way of a move suspends the connection', async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  const [connector] = (await world.app.connectors.list(world.tenantId, { limit: 1 })).items;
  if (!connector) throw new Error('no connector');
  await world.app.connectors.replace({ ...connector, url: there.url });
  await dispatchPoll(world.app, { tenantId: world.tenantId, connectionId });
  expect(world.messages).toEqual([]);
  const connection = await world.app.connections.get(world.tenantId, connectionId);
  expect(connection).toMatchObject({ state: 'suspended', secretNeeded: true });
});

test('a stored password is not kept for another database or user', async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  const path = `/v1/connections/${connectionId}`;
  await world.send('POST', `${path}/deactivate`);
  const sentTo = watched(world);
  for (const config of [{ database: 'other' }, { user: 'admin' }]) {
    const kept = await world.change('PATCH', path, { config });
    expect(kept).toMatchObject({ status: 400, json: { errors: [{ path: 'config.password' }] } });
  }
  expect(sentTo).toEqual([]);
  const entered = await world.change('PATCH', path, { config: { ...goodConfig, database: 'other' } });
  expect(entered.status).toBe(200);
});
