/** The record filter of an actor type, from the request that sets it to the links that it leaves out and takes back. */
import { expect, test } from 'vitest';
import { changedLinks } from '../../../functions/sync/detect/read-chain-page.ts';
import { fieldsToRead } from '../../../functions/sync/look/filtered.ts';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, customerMapping, pair, saveMapping } from '../set-up-steps.ts';

const open = [{ field: 'BLOCKED', operator: '=', values: [false] }];

async function remap(world: ApiWorld, id: string, filter: unknown) {
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  const saved = await saveMapping(world, id, { ...customerMapping, filter });
  if (saved.status !== 200) throw new Error(JSON.stringify(saved.json));
  await world.send('POST', `/v1/connections/${id}/activate`);
  await world.work();
}

/** Three linked pairs at rest, of a type that leaves blocked actors out. */
async function filteredWorld() {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  addRecords(world, 3);
  await remap(world, id, open);
  await connect(world, id, pair(1), pair(2), pair(3));
  await world.work();
  const sync = async () => {
    world.nowMs += 60_000;
    await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId: id } });
    await world.work();
  };
  const statesOf = async () => {
    const { items } = (await world.send('GET', `/v1/links?connectionId=${id}`)).json;
    return items
      .toSorted((one: { erpKey: string }, other: { erpKey: string }) => (one.erpKey < other.erpKey ? -1 : 1))
      .map(({ state, stateReason }: Record<string, string>) => [state, stateReason].filter(Boolean).join(' '));
  };
  return { world, id, sync, statesOf };
}

const outside = 'paused erp-actor-outside-filter';

test('a filter is saved with the mapping and read back, its faults are named, and without it there is none', async () => {
  const { world, id } = await filteredWorld();
  const path = `/v1/connections/${id}/actor-types/customer/mapping`;
  expect((await world.send('GET', path)).json.filter).toEqual(open);
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  const wrong = [{ field: 'BLOCKED', operator: 'begins', values: ['x'] }];
  expect(await saveMapping(world, id, { ...customerMapping, filter: wrong })).toMatchObject({
    status: 422,
    json: { errors: [{ path: 'filter[0].operator' }] },
  });
  await saveMapping(world, id, customerMapping);
  expect((await world.send('GET', path)).json).not.toHaveProperty('filter');
});

test('an actor that leaves the filter pauses its link, and nothing of it is written either way', async () => {
  const { world, sync, statesOf } = await filteredWorld();
  world.erp.edit('party', 'p1', { BLOCKED: true, PHONE: '+31 1' });
  world.crm.edit('contact', 'c1', { name: 'Renamed' });
  await sync();
  expect(await statesOf()).toEqual([outside, 'active', 'active']);
  expect(world.crm.valuesOf('contact', 'c1').phone).not.toBe('+31 1');
  expect(world.erp.valuesOf('party', 'p1').NAME).toBe('Firm 1');
  expect((await world.send('GET', '/v1/failures')).json.items).toEqual([]);
});

test('a paused link whose actor is listed as it was seen is not looked at again', async () => {
  const { world, id, sync } = await filteredWorld();
  world.erp.edit('party', 'p1', { BLOCKED: true });
  await sync();
  const setup = await world.app.connections.getSetup(world.tenantId, id);
  if (!setup) throw new Error('the connection is there');
  const { records } = await world.erp.get('customer', ['p1', 'p2'], fieldsToRead(setup, 'customer', 'erp'));
  const of = { tenantId: world.tenantId, connectionId: id, side: 'erp', table: 'party' } as const;
  expect(records).toHaveLength(2);
  expect(await changedLinks(world.app, setup, of, records)).toEqual([]);
});

test('an actor that is back inside goes on with what was last agreed: edits of both sides merge, none is lost', async () => {
  const { world, id, sync, statesOf } = await filteredWorld();
  world.erp.edit('party', 'p1', { BLOCKED: true });
  await sync();
  world.erp.edit('party', 'p1', { PHONE: '+31 1' });
  world.crm.edit('contact', 'c1', { name: 'Renamed' });
  await sync();
  world.erp.edit('party', 'p1', { BLOCKED: false });
  await sync();
  expect(await statesOf()).toEqual(['active', 'active', 'active']);
  expect(world.crm.valuesOf('contact', 'c1')).toMatchObject({ name: 'Renamed', phone: '+31 1' });
  expect(world.erp.valuesOf('party', 'p1')).toMatchObject({ NAME: 'Renamed', PHONE: '+31 1' });
  const { items } = (await world.send('GET', `/v1/changes?connectionId=${id}`)).json;
  const rules = items.slice(0, 2).map(({ rule, conflict }: { rule: string; conflict?: unknown }) => [rule, conflict]);
  expect(rules.toSorted()).toEqual([
    ['changed-in-crm', undefined],
    ['changed-in-erp', undefined],
  ]);
});

test('a filter that is changed meets every link when the connection is activated, and so does one that is taken away', async () => {
  const { world, id, statesOf } = await filteredWorld();
  await remap(world, id, [{ field: 'NAME', operator: 'ends', values: ['3'] }]);
  expect(await statesOf()).toEqual([outside, outside, 'active']);
  await remap(world, id, undefined);
  expect(await statesOf()).toEqual(['active', 'active', 'active']);
});

test('an actor outside is not connected, and is told as that', async () => {
  const { world, id } = await filteredWorld();
  addRecords(world, 4);
  world.erp.edit('party', 'p4', { BLOCKED: true });
  const { status, json } = await connect(world, id, pair(4));
  const message = 'The ERP actor is outside the record filter of its actor type';
  expect([status, json.errors]).toMatchObject([
    409,
    [{ path: 'pairs[0]', message: expect.stringContaining(`${message}. Change the actor`) }],
  ]);
});

test('a field of the filter that the ERP offers no longer leaves all out, is marked, and is a reason against activation', async () => {
  const { world, id, statesOf } = await filteredWorld();
  const describe = world.erp.describe.bind(world.erp);
  world.erp.describe = async (type) => (await describe(type)).filter(({ key }) => key !== 'BLOCKED');
  await world.send('POST', `/v1/connections/${id}/refresh-metadata`);
  await world.send('POST', '/v1/sync-runs', { body: { kind: 'compare', connectionId: id } });
  await world.work();
  expect(await statesOf()).toEqual([outside, outside, outside]);
  const types = (await world.send('GET', `/v1/connections/${id}/actor-types`)).json.items;
  const fields = types.find(({ actorType }: { actorType: string }) => actorType === 'customer').fields;
  expect(fields.find(({ key }: { key: string }) => key === 'BLOCKED')).toMatchObject({ missing: true });
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  expect(await world.send('POST', `/v1/connections/${id}/activate`)).toMatchObject({
    status: 422,
    json: { errors: [{ path: 'actorTypes.customer.filter[0].field' }] },
  });
});
