/** A mapping tried before it is saved: what it would write, and that it reaches nothing but its own run. */
import { expect, test } from 'vitest';
import { handleWork } from '../../../functions/sync/handle-work.ts';
import { ApiWorld } from '../api-world.ts';
import {
  activeConnection,
  addConnection,
  addRecords,
  connect,
  customerMapping,
  pair,
  saveMapping,
  withCrm,
} from '../set-up-steps.ts';

const [nameRow, phoneRow] = customerMapping.fields;
/** A row besides the saved ones. */
const proposal = {
  active: true,
  fields: [
    ...customerMapping.fields,
    { erpField: 'NUMBER1', crmField: 'note', direction: 'toCrm', transform: { kind: 'upper' } },
  ],
};

const pathOf = (id: string) => `/v1/connections/${id}/actor-types/customer/mapping/dry-run`;

/** Linked pairs at rest, with a number that the saved mapping does not carry; one has a country without a pair since. */
async function linkedWorld(count = 5) {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  addRecords(world, count);
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  for (const at of numbers) world.erp.edit('party', `p${at}`, { NUMBER1: `k-${at}` });
  await connect(world, id, ...numbers.map((at) => pair(at)));
  await world.work();
  world.erp.edit('party', 'p1', { COUNTRY: '3' });
  const propose = (body: unknown = proposal) => world.send('POST', pathOf(id), { body });
  const runNow = async (runId: string) => (await world.send('GET', `/v1/sync-runs/${runId}`)).json;
  const plan = async (body: unknown = proposal) => {
    const { json } = await propose(body);
    await world.work();
    return runNow(json.id);
  };
  const valuesOf = () =>
    numbers.map((at) => [world.crm.valuesOf('contact', `c${at}`), world.erp.valuesOf('party', `p${at}`)]);
  const linksNow = async () => {
    const { items } = await world.app.links.list(world.tenantId, { connectionId: id }, { limit: 100 });
    return world.app.links.getMany(
      world.tenantId,
      items.map((link) => link.id),
    );
  };
  return { world, id, propose, plan, runNow, valuesOf, linksNow };
}

test('a mapping that is tried says of how many records it would write which field, with up to three examples, and what would be refused', async () => {
  const { world, propose, runNow } = await linkedWorld();
  const started = await propose();
  expect(started.status).toBe(202);
  expect(started.headers.location).toBe(`/v1/sync-runs/${started.json.id}`);
  expect(started.json).toMatchObject({
    kind: 'compare',
    dryRun: true,
    proposed: true,
    scope: { actorType: 'customer' },
  });
  await world.work();
  const run = await runNow(started.json.id);
  expect(run).toMatchObject({
    state: 'done-with-failures',
    counters: { lookedAt: 5, changed: 5, writtenToCrm: 5, writtenToErp: 0, rejected: 1, conflicts: 0 },
    planned: {
      records: { crm: 5, erp: 0 },
      wouldPause: 0,
      wouldResume: 0,
      fields: [{ erpField: 'NUMBER1', crmField: 'note', side: 'crm', records: 5 }],
      refused: [{ erpField: 'COUNTRY', crmField: 'country', reason: 'unmapped-list-item', records: 1 }],
    },
  });
  const { examples } = run.planned.fields[0];
  expect(examples).toHaveLength(3);
  for (const example of examples) {
    expect(example).toMatchObject({ outcome: 'planned', oldValue: null, newValue: `K-${example.erpKey.slice(1)}` });
  }
  const { items } = (await world.send('GET', `/v1/sync-runs/${run.id}/changes`)).json;
  expect(items).toHaveLength(5);
});

test('a mapping that is tried writes nothing, is saved nowhere, and is what its saving would do', async () => {
  const { world, id, plan, valuesOf, linksNow } = await linkedWorld();
  const before = {
    values: valuesOf(),
    links: await linksNow(),
    setup: await world.app.connections.getSetup(world.tenantId, id),
  };
  const run = await plan();
  const after = {
    values: valuesOf(),
    links: await linksNow(),
    setup: await world.app.connections.getSetup(world.tenantId, id),
  };
  expect(after).toEqual(before);
  expect((await world.send('GET', '/v1/failures')).json.items).toEqual([]);
  expect((await world.app.dueItems.list(world.tenantId, id, 100)).items).toEqual([]);
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  await saveMapping(world, id, proposal);
  await world.send('POST', `/v1/connections/${id}/activate`);
  await world.work();
  const made = (await world.send('GET', `/v1/changes?connectionId=${id}&field=NUMBER1`)).json.items;
  const planned = (await world.send('GET', `/v1/sync-runs/${run.id}/changes`)).json.items;
  const what = (changes: { erpKey: string; side: string; newValue: string }[]) =>
    changes.map(({ erpKey, side, newValue }) => [erpKey, side, newValue]).sort();
  expect(what(made)).toEqual(what(planned));
});

test('a run of a mapping that is tried leaves nothing behind at any receive of its messages', async () => {
  for (const receive of [1, 2, 3, 4, 5]) {
    const { world, id, propose, valuesOf, linksNow, runNow } = await linkedWorld();
    const before = { values: valuesOf(), links: await linksNow() };
    if (receive % 2 === 1) await world.send('POST', `/v1/connections/${id}/deactivate`);
    const { json } = await propose();
    for (let steps = 0; world.messages.length > 0 && steps < 50; steps += 1) {
      for (const message of world.takeAll()) await handleWork(world.app, message, receive);
    }
    expect({ values: valuesOf(), links: await linksNow() }).toEqual(before);
    expect((await world.send('GET', '/v1/failures')).json.items).toEqual([]);
    expect((await runNow(json.id)).endedAt).toBeDefined();
  }
});

test('the saved mapping goes on beside a run that tries another one', async () => {
  const { world, id, propose, runNow } = await linkedWorld();
  const { json } = await propose({ ...proposal, fields: [nameRow, { ...phoneRow, direction: 'none' }] });
  world.erp.edit('party', 'p2', { PHONE: '+31 99 2' });
  world.nowMs += 60_000;
  const synced = await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId: id } });
  await world.work();
  expect(world.crm.valuesOf('contact', 'c2').phone).toBe('+31 99 2');
  expect((await runNow(synced.json.id)).counters.writtenToCrm).toBe(1);
  expect(await runNow(json.id)).toMatchObject({ state: 'done', counters: { changed: 0 } });
});

test('a mapping is checked as it is when it is saved, with the same faults', async () => {
  const { world, id, propose } = await linkedWorld(1);
  const wrong = { active: true, fields: [nameRow, { erpField: 'NOPE', crmField: 'name', direction: 'toCrm' }] };
  const tried = await propose(wrong);
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  const saved = await saveMapping(world, id, wrong);
  expect(tried.status).toBe(422);
  expect(tried.json.errors).toEqual(saved.json.errors);
  expect((await propose({ active: true })).status).toBe(400);
});

test('a mapping is tried while its connection is inactive, and goes on where that is switched off meanwhile', async () => {
  const { world, id, propose, plan, runNow } = await linkedWorld();
  const { json } = await propose();
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  await world.work();
  expect(await runNow(json.id)).toMatchObject({ state: 'done-with-failures', counters: { lookedAt: 5, changed: 5 } });
  expect(await plan()).toMatchObject({ state: 'done-with-failures', counters: { lookedAt: 5, changed: 5 } });
  const other = await world.send('POST', '/v1/sync-runs', {
    body: { kind: 'compare', connectionId: id, dryRun: true },
  });
  expect(other.status).toBe(409);
});

test('no mapping is tried on a connection that is deleted, suspended or moved, and what was under way is cancelled', async () => {
  const { world, id, propose, runNow } = await linkedWorld();
  const { json } = await propose();
  const connection = (await world.send('GET', `/v1/connections/${id}`)).json;
  const connector = `/v1/connectors/${connection.connectorId}`;
  const { kind, name, url } = (await world.send('GET', connector)).json;
  await world.change('PUT', connector, { kind, name, url: 'https://elsewhere.example.com' });
  expect((await propose()).status).toBe(409);
  await world.work();
  expect(await runNow(json.id)).toMatchObject({
    state: 'cancelled',
    reason: 'connection-suspended',
    counters: { changed: 0 },
  });
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  expect((await propose()).status).toBe(409);
  await world.change('PUT', connector, { kind, name, url });
  const again = await propose();
  expect(again.status).toBe(202);
  await world.change('DELETE', `/v1/connections/${id}`);
  expect((await propose()).status).toBe(409);
  await world.work();
  expect(await runNow(again.json.id)).toMatchObject({ state: 'cancelled', reason: 'connection-deleted' });
});

test('a mapping is tried although the engine is stopped', async () => {
  const { world, plan } = await linkedWorld();
  await world.change('PUT', '/v1/engine', { running: false, defaultIntervalMinutes: 5 });
  expect(await plan()).toMatchObject({ state: 'done-with-failures', counters: { lookedAt: 5 } });
});

test('links that a record filter would pause, or take back, are counted as such', async () => {
  const { world, id, plan, linksNow } = await linkedWorld();
  for (const at of [1, 2]) world.erp.edit('party', `p${at}`, { BLOCKED: true });
  const filter = [{ field: 'BLOCKED', operator: '=', values: [false] }];
  const filtered = { ...customerMapping, filter };
  expect((await plan(filtered)).planned).toMatchObject({ wouldPause: 2, wouldResume: 0, records: { crm: 0, erp: 0 } });
  expect((await linksNow()).every(({ state }) => state === 'active')).toBe(true);
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  await saveMapping(world, id, filtered);
  await world.send('POST', `/v1/connections/${id}/activate`);
  await world.work();
  expect((await plan(filtered)).planned).toMatchObject({ wouldPause: 0, wouldResume: 0 });
  expect((await plan(customerMapping)).planned).toMatchObject({ wouldPause: 0, wouldResume: 2 });
});

test('a mapping of a type that was never linked, or that is not active in it, is tried at once and comes to nothing', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const id = await addConnection(world);
  const { status, json } = await world.send('POST', pathOf(id), { body: customerMapping });
  expect(status).toBe(202);
  expect(json).toMatchObject({ state: 'done', counters: { lookedAt: 0, changed: 0 } });
  expect((await world.send('GET', `/v1/sync-runs/${json.id}`)).json.planned).toEqual({
    records: { crm: 0, erp: 0 },
    wouldPause: 0,
    wouldResume: 0,
    fields: [],
    refused: [],
  });
  const linked = await linkedWorld(1);
  const off = await linked.propose({ active: false, fields: customerMapping.fields });
  expect(off.json).toMatchObject({ state: 'done', counters: { lookedAt: 0 } });
});

test('one mapping of a type is tried at a time, and another once that is cancelled; a dry run of the saved one does not wait', async () => {
  const { world, id, propose, plan } = await linkedWorld(2);
  const first = await propose();
  const second = await propose({ active: true, fields: [nameRow, phoneRow] });
  expect(second.status).toBe(409);
  expect(second.json.detail).toContain(first.json.id);
  const saved = await world.send('POST', '/v1/sync-runs', {
    body: { kind: 'compare', connectionId: id, scope: { kind: 'actor-type', actorType: 'customer' }, dryRun: true },
  });
  expect(saved.json).toMatchObject({ state: 'running' });
  expect(saved.json).not.toHaveProperty('proposed');
  await world.send('POST', `/v1/sync-runs/${first.json.id}/cancel`);
  expect(await plan({ active: true, fields: [nameRow, phoneRow] })).toMatchObject({ state: 'done' });
});

test('who waits for a run that lost its messages helps it on, for an inactive connection has no schedule', async () => {
  const { world, id, propose, runNow } = await linkedWorld(2);
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  const { json } = await propose();
  world.takeAll();
  expect((await runNow(json.id)).state).toBe('running');
  world.nowMs += 121_000;
  await runNow(json.id);
  await world.work();
  expect(await runNow(json.id)).toMatchObject({ state: 'done-with-failures', counters: { lookedAt: 2 } });
});

test('only an administrator of the tenant tries a mapping, and reading its run takes three calls of storage', async () => {
  const { world, id, plan } = await linkedWorld(2);
  expect((await world.send('POST', pathOf(id), { body: proposal, role: 'service' })).status).toBe(403);
  const foreign = await world.send('POST', pathOf(id), { body: proposal, tenantId: world.otherTenantId });
  expect(foreign.status).toBe(404);
  await plan();
  expect(world.storageCalls).toBeLessThanOrEqual(3);
});
