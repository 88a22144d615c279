/** Many conflicts decided alike, by a rule. */
import { expect, test } from 'vitest';
import { batches } from '../../../functions/core/batches.ts';
import { SyncError } from '../../../functions/core/errors.ts';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair } from '../set-up-steps.ts';

/** Links that both sides changed in two fields, of a connection that asks. */
async function asked(count: number) {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, count);
  const pairs = Array.from({ length: count }, (_, at) => pair(at + 1));
  for (const some of batches(pairs, 100)) await connect(world, connectionId, ...some);
  await world.work();
  await world.change('PATCH', `/v1/connections/${connectionId}`, { conflictPolicy: { kind: 'ask' } });
  world.nowMs += 60_000;
  for (let at = 1; at <= count; at += 1) {
    world.erp.edit('party', `p${at}`, { PHONE: `+31 71 ${at}`, NAME: `erp ${at}` });
    world.crm.edit('contact', `c${at}`, { phone: `+31 72 ${at}`, name: `crm ${at}` });
  }
  await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId } });
  await world.work();
  return { world, connectionId };
}

const open = async (world: ApiWorld): Promise<{ crmField: string; linkId: string }[]> =>
  (await world.send('GET', '/v1/conflicts?limit=200')).json.items;

const resolve = (world: ApiWorld, body: object) =>
  world.send('POST', '/v1/conflicts/resolve', { body, role: 'service' });

test('all that a rule names keep the side it says, in one run of their connection, and the others wait', async () => {
  const { world, connectionId } = await asked(3);
  expect(await open(world)).toHaveLength(6);
  const rule = { keep: 'erp', connectionId, actorType: 'Customer', crmField: 'phone', reason: 'asked' };
  const { status, json } = await resolve(world, rule);
  expect({ status, json }).toMatchObject({ status: 202, json: { resolved: 3, refused: [] } });
  expect(json.runIds).toHaveLength(1);
  await world.work();
  for (const at of [1, 2, 3]) {
    expect(world.crm.valuesOf('contact', `c${at}`)).toMatchObject({ phone: `+31 71 ${at}`, name: `crm ${at}` });
  }
  expect((await open(world)).map(({ crmField }) => crmField)).toEqual(['name', 'name', 'name']);
  expect((await resolve(world, { keep: 'crm' })).json).toMatchObject({ resolved: 3 });
  await world.work();
  expect(world.erp.valuesOf('party', 'p2').NAME).toBe('crm 2');
  expect(await open(world)).toEqual([]);
  expect((await world.send('GET', '/v1/failures')).json.items).toEqual([]);
});

test('a conflict whose values have moved is named with the reason, and the others are resolved', async () => {
  const { world } = await asked(2);
  world.crm.edit('contact', 'c1', { phone: '+31 79' });
  const { json } = await resolve(world, { keep: 'erp', erpField: 'PHONE' });
  expect(json).toMatchObject({ resolved: 1, refused: [{ reason: expect.stringContaining('changed since') }] });
  await world.work();
  expect(world.crm.valuesOf('contact', 'c1').phone).toBe('+31 79');
  expect(world.crm.valuesOf('contact', 'c2').phone).toBe('+31 71 2');
});

test('what is refused keeps nobody from those behind it: the next call goes on where the last one ended', async () => {
  const { world } = await asked(255);
  for (let at = 1; at < 255; at += 1) {
    world.crm.edit('contact', `c${at}`, { phone: `+31 79 ${at}`, name: `moved ${at}` });
  }
  const rule = { keep: 'erp' };
  const first = (await resolve(world, rule)).json;
  expect(first.refused.length + first.resolved).toBeGreaterThanOrEqual(500);
  const second = (await resolve(world, { ...rule, cursor: first.nextCursor })).json;
  expect(first.resolved + second.resolved).toBe(2);
  expect(new Set([...first.refused, ...second.refused].map(({ id }) => id)).size).toBe(508);
  expect(second).not.toHaveProperty('nextCursor');
  expect((await resolve(world, { ...rule, cursor: 'x' })).json.errors).toMatchObject([{ path: 'cursor' }]);
});

test('a link that is paused is named with the reason, and the others are resolved', async () => {
  const { world, connectionId } = await asked(2);
  world.erp.setStanding('party', 'p1', { kind: 'archived' });
  await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId } });
  await world.work();
  const { json } = await resolve(world, { keep: 'erp', erpField: 'PHONE' });
  expect(json).toMatchObject({ resolved: 1, refused: [{ reason: 'The link is paused: nothing is written.' }] });
});

test('a record that cannot be read is named with the reason, and the others are resolved', async () => {
  const { world } = await asked(2);
  const get = world.erp.get.bind(world.erp);
  const error = new SyncError('forbidden', 'Not this record.');
  world.erp.get = async (type, keys, fields) => {
    const batch = await get(type, keys, fields);
    const records = batch.records.filter(({ key }) => key !== 'p1');
    return { ...batch, records, failed: [...batch.failed, { key: 'p1', error }] };
  };
  const { status, json } = await resolve(world, { keep: 'erp', erpField: 'PHONE' });
  expect({ status, json }).toMatchObject({
    status: 202,
    json: { resolved: 1, refused: [{ reason: 'The ERP does not let us read this actor.' }] },
  });
});

test('where one ERP does not answer, its conflicts are named, and no request is lost', async () => {
  const { world } = await asked(2);
  world.erpError = () => new SyncError('transient', 'Nothing answers.');
  const { status, json } = await resolve(world, { keep: 'erp', erpField: 'PHONE' });
  expect({ status, refused: json.refused?.length }).toEqual({ status: 202, refused: 2 });
});

test('of an inactive connection nothing is resolved, and while the engine is stopped a person may', async () => {
  const { world, connectionId } = await asked(1);
  await world.change('PUT', '/v1/engine', { running: false, defaultIntervalMinutes: 15 });
  expect((await resolve(world, { keep: 'erp', crmField: 'phone' })).json).toMatchObject({ resolved: 1, refused: [] });
  await world.work();
  expect(world.crm.valuesOf('contact', 'c1').phone).toBe('+31 71 1');
  await world.send('POST', `/v1/connections/${connectionId}/deactivate`);
  const { json } = await resolve(world, { keep: 'erp' });
  expect(json).toMatchObject({ resolved: 0, runIds: [], refused: [{ reason: expect.stringContaining('inactive') }] });
});

test('a rule must say which side to keep, and names only what there is', async () => {
  const { world } = await asked(1);
  expect((await resolve(world, {})).json.errors).toMatchObject([{ path: 'keep' }]);
  expect((await resolve(world, { keep: 'erp', reason: 'because' })).status).toBe(400);
  const { otherTenantId: tenantId } = world;
  const foreign = await world.send('POST', '/v1/conflicts/resolve', { body: { keep: 'erp' }, tenantId });
  expect(foreign.json).toMatchObject({ resolved: 0, refused: [] });
  expect(await open(world)).toHaveLength(2);
});
