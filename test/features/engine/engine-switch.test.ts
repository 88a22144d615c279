/** The engine's switch by API: who may turn it, what it says, and what becomes of what is under way. */
import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import {
  activeConnection,
  addConnection,
  addRecords,
  connect,
  customerMapping,
  pair,
  saveMapping,
} from '../set-up-steps.ts';

async function linked(): Promise<{ world: ApiWorld; connectionId: string; linkId: string }> {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, 2);
  const { json } = await connect(world, connectionId, pair(1), pair(2));
  await world.work();
  return { world, connectionId, linkId: json.items[0].linkId };
}

const turn = (world: ApiWorld, running: boolean, defaultIntervalMinutes = 15) =>
  world.change('PUT', '/v1/engine', { running, defaultIntervalMinutes });

test('the engine runs from the start, and is stopped and started on condition of what was read', async () => {
  const { world } = await linked();
  const first = await world.send('GET', '/v1/engine', { role: 'service' });
  expect(first.json).toEqual({
    running: true,
    status: 'running',
    defaultIntervalMinutes: 15,
    connections: { active: 1, inactive: 0, suspended: 0 },
  });
  const body = { running: false, defaultIntervalMinutes: 15 };
  expect((await world.send('PUT', '/v1/engine', { body })).status).toBe(428);
  const stale = { 'if-match': '"7000"' };
  expect((await world.send('PUT', '/v1/engine', { body, headers: stale })).status).toBe(412);
  expect((await world.send('PUT', '/v1/engine', { body, role: 'service', headers: stale })).status).toBe(403);
  const stopped = await turn(world, false);
  expect(stopped).toMatchObject({
    status: 200,
    json: { running: false, status: 'stopped', changedAt: expect.any(String) },
  });
  world.nowMs += 5_000;
  const again = await turn(world, false);
  expect(again.json).toEqual(stopped.json);
  expect((await turn(world, true)).json).toMatchObject({ running: true, status: 'running' });
  const faulty = await turn(world, true, 0);
  expect(faulty).toMatchObject({ status: 400, json: { errors: [{ path: 'defaultIntervalMinutes' }] } });
});

test('another tenant has a switch of its own', async () => {
  const { world } = await linked();
  await turn(world, false);
  const other = await world.send('GET', '/v1/engine', { tenantId: world.otherTenantId });
  expect(other.json).toMatchObject({ running: true, status: 'nothing-active' });
});

test('stopping ends what is under way, and a run is then refused unless it is forced', async () => {
  const { world, connectionId, linkId } = await linked();
  world.nowMs += 60_000;
  world.crm.edit('contact', 'c1', { phone: '+31 77' });
  const before = await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId } });
  await turn(world, false);
  const ended = await world.app.runs.get(world.tenantId, before.json.id);
  expect(ended).toMatchObject({ state: 'cancelled', reason: 'engine-stopped' });
  const scope = { kind: 'links', linkIds: [linkId] };
  const refused = await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', scope } });
  expect(refused).toMatchObject({ status: 409, json: { detail: expect.stringContaining('"force"') } });
  const forced = await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', scope, force: true } });
  expect(forced).toMatchObject({ status: 202, json: { forced: true } });
  await world.work();
  expect(world.erp.valuesOf('party', 'p1').PHONE).toBe('+31 77');
});

test('an inactive connection is not synced by force', async () => {
  const { world, connectionId } = await linked();
  await world.send('POST', `/v1/connections/${connectionId}/deactivate`);
  const body = { kind: 'sync', connectionId, force: true };
  expect((await world.send('POST', '/v1/sync-runs', { body })).status).toBe(409);
});

test('a mapping changed while the engine is stopped meets the links once it is started', async () => {
  const { world, connectionId } = await linked();
  await turn(world, false);
  await world.send('POST', `/v1/connections/${connectionId}/deactivate`);
  const [name, phone, country] = customerMapping.fields;
  await saveMapping(world, connectionId, { active: true, fields: [name, phone, country] });
  expect((await world.send('POST', `/v1/connections/${connectionId}/activate`)).status).toBe(200);
  const runs = async () => (await world.send('GET', '/v1/sync-runs')).json.items;
  expect((await runs()).filter(({ kind }: { kind: string }) => kind === 'compare')).toEqual([]);
  await turn(world, true);
  await world.work();
  expect((await runs())[0]).toMatchObject({ kind: 'compare', state: 'done', counters: { lookedAt: 2 } });
});

test('a connection made without an interval has the default of the engine', async () => {
  const { world } = await linked();
  await turn(world, true, 45);
  const id = await addConnection(world, 'Another');
  expect((await world.send('GET', `/v1/connections/${id}`)).json).toMatchObject({ intervalMinutes: 45 });
});

test('changed settings of the CRM leave the switch as it is', async () => {
  const { world } = await linked();
  await turn(world, false, 45);
  const { json } = await world.send('GET', '/v1/tenant');
  await world.change('PUT', '/v1/tenant', {
    crm: json.crm,
    defaultConflictPolicy: { kind: 'erp-wins' },
    retentionDays: 30,
  });
  expect((await world.send('GET', '/v1/engine')).json).toMatchObject({ running: false, defaultIntervalMinutes: 45 });
});
