/** A CRM record with links of two connections: synced now as one, and a resync from one ERP to the other. */
import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addActive, addRecords, connect, pair } from '../set-up-steps.ts';

/** The company c1 is linked to p1 through the first connection, and to p2 through the second. */
async function linkedTwice() {
  const world = new ApiWorld();
  const first = await activeConnection(world);
  const second = await addActive(world, 'Second ERP');
  addRecords(world, 2);
  const one = await connect(world, first, pair(1));
  await world.work();
  const other = await connect(world, second, pair(2, 1));
  await world.work();
  world.nowMs += 60_000;
  const linkIds: string[] = [one, other].map(({ json }) => json.items[0].linkId);
  return { world, first, second, linkIds };
}

const record = { kind: 'crm-record', crmType: 'company', crmKey: 'c1' } as const;
const phones = (world: ApiWorld) => ['p1', 'p2'].map((key) => world.erp.valuesOf('party', key).PHONE);

function start(world: ApiWorld, body: object) {
  return world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', ...body }, role: 'service' });
}

test('a CRM record is synced with all its ERPs in one call', async () => {
  const { world, first, second } = await linkedTwice();
  world.crm.edit('contact', 'c1', { phone: '+31 77' });
  const started = await start(world, { scope: record });
  expect(started).toMatchObject({ status: 202, json: { connectionId: 'all', scope: record, state: 'running' } });
  expect(started.json.children.map((one: { connectionId: string }) => one.connectionId).sort()).toEqual(
    [first, second].sort(),
  );
  await world.work();
  expect(phones(world)).toEqual(['+31 77', '+31 77']);
  const { json } = await world.send('GET', `/v1/sync-runs/${started.json.id}`);
  expect(json).toMatchObject({ state: 'done', counters: { lookedAt: 2, writtenToErp: 2, skipped: 0 } });
  const changes = `/v1/sync-runs/${started.json.id}/changes`;
  const page = await world.send('GET', changes);
  const next = await world.send('GET', `${changes}?cursor=${page.json.nextCursor}`);
  expect([...page.json.items, ...next.json.items]).toHaveLength(2);
});

test('what one ERP brings to the CRM record reaches the other in the same moment', async () => {
  const { world } = await linkedTwice();
  world.erp.edit('party', 'p2', { PHONE: '+31 88' });
  await start(world, { scope: record });
  await world.work();
  expect(phones(world)).toEqual(['+31 88', '+31 88']);
  expect(world.crm.valuesOf('contact', 'c1').phone).toBe('+31 88');
});

test('with a connection named it is that one alone', async () => {
  const { world, second } = await linkedTwice();
  world.crm.edit('contact', 'c1', { phone: '+31 99' });
  const { json } = await start(world, { scope: record, connectionId: second });
  expect(json).toMatchObject({ connectionId: second });
  await world.work();
  expect(phones(world)[1]).toBe('+31 99');
  expect(phones(world)[0]).not.toBe('+31 99');
});

test('links of several connections are looked at in a run of each; those of one that is not active are skipped and named', async () => {
  const { world, first, linkIds } = await linkedTwice();
  await world.send('POST', `/v1/connections/${first}/deactivate`);
  world.crm.edit('contact', 'c1', { phone: '+31 66' });
  const { json } = await start(world, { scope: { kind: 'links', linkIds } });
  expect(json).toMatchObject({
    skips: [{ linkId: linkIds[0], reason: 'connection-not-active' }],
    counters: { skipped: 1 },
  });
  await world.work();
  const ended = await world.send('GET', `/v1/sync-runs/${json.id}`);
  expect(ended.json).toMatchObject({ state: 'done', counters: { lookedAt: 1, skipped: 1 } });
  expect(phones(world)[1]).toBe('+31 66');
});

test('a resync from one ERP goes to the CRM and on to the other, over an edit there', async () => {
  const { world, second, linkIds } = await linkedTwice();
  world.erp.edit('party', 'p1', { PHONE: 'wrong' });
  world.erp.edit('party', 'p2', { PHONE: '+31 11' });
  const scope = { kind: 'erp-keys', actorType: 'customer', erpKeys: ['p2'] };
  const asked = { kind: 'resync-from-erp', connectionId: second, scope, toOthers: true };
  const { json } = await start(world, asked);
  expect(json).toMatchObject({ kind: 'resync-from-erp', toOthers: true });
  await world.work();
  expect(world.crm.valuesOf('contact', 'c1').phone).toBe('+31 11');
  expect(phones(world)).toEqual(['+31 11', '+31 11']);
  const log = await world.send('GET', `/v1/changes?linkId=${linkIds[0]}`);
  expect(log.json.items[0].conflict).toMatchObject({ policy: 'resync', winner: 'crm', erp: 'wrong' });
});

test('only a resync from the ERP goes on to others', async () => {
  const { world, second } = await linkedTwice();
  for (const kind of ['sync', 'compare', 'resync-from-crm']) {
    const { status, json } = await start(world, { kind, connectionId: second, toOthers: true });
    expect(status).toBe(400);
    expect(json.errors).toEqual([{ path: 'toOthers', message: 'Only with a run of kind resync-from-erp' }]);
  }
});

test('the preview says where the order of the connections would decide', async () => {
  const { world, first, linkIds } = await linkedTwice();
  world.erp.edit('party', 'p2', { PHONE: '+31 55' });
  await start(world, { scope: record });
  await world.work();
  await world.send('DELETE', `/v1/links/${linkIds[0]}`);
  world.erp.edit('party', 'p1', { PHONE: '+31 44' });
  const preview = await world.send('POST', '/v1/links/preview', {
    body: { connectionId: first, pairs: [{ ...pair(1), actorType: 'customer' }] },
    role: 'service',
  });
  const phone = preview.json.items[0].fields.find(({ erpField }: { erpField: string }) => erpField === 'PHONE');
  expect(phone).toMatchObject({ decidedBy: 'sync-priority', writes: 'crm' });
});

test('a resync from the ERP names the connection that it starts from, where several are meant', async () => {
  const { world, linkIds } = await linkedTwice();
  const asked = { kind: 'resync-from-erp' };
  for (const scope of [record, { kind: 'links', linkIds }]) {
    expect((await start(world, { ...asked, scope })).json.errors).toMatchObject([{ path: 'connectionId' }]);
  }
  const toAll = await start(world, { ...asked, toOthers: true, scope: { kind: 'all' } });
  expect(toAll.json.errors).toMatchObject([{ path: 'toOthers' }]);
});

test('while the engine is stopped, connecting in one connection writes nothing to the ERP of another', async () => {
  const { world, first, linkIds } = await linkedTwice();
  await world.send('DELETE', `/v1/links/${linkIds[1]}`);
  await world.work();
  await world.change('PUT', '/v1/engine', { running: false, defaultIntervalMinutes: 15 });
  world.erp.edit('party', 'p2', { PHONE: '+31 22' });
  await world.send('POST', `/v1/links/${linkIds[1]}/restore`, { body: {} });
  await world.work();
  expect(world.crm.valuesOf('contact', 'c1').phone).toBe('+31 22');
  expect(phones(world)[0]).not.toBe('+31 22');
  const followed = (await world.send('GET', `/v1/sync-runs?connectionId=${first}`)).json.items;
  expect(followed.filter(({ trigger }: { trigger: { by: string } }) => trigger.by === 'connection')).toEqual([]);
});

test('a resync that waits for a link is not carried out on the record that it is moved to', async () => {
  const { world, second, linkIds } = await linkedTwice();
  await world.send('POST', `/v1/connections/${second}/deactivate`);
  await world.change('PATCH', `/v1/connections/${second}`, { conflictPolicy: { kind: 'erp-wins' } });
  await world.send('POST', `/v1/connections/${second}/activate`);
  await world.work();
  world.erp.edit('party', 'p3', { NAME: 'Firm 3' });
  world.erp.setStanding('party', 'p2', { kind: 'merged', into: 'p3' });
  await start(world, { scope: { kind: 'links', linkIds: [linkIds[1]] } });
  await world.work();
  await start(world, { kind: 'resync-from-erp', toOthers: true, scope: { kind: 'links', linkIds: [linkIds[0]] } });
  await world.work();
  world.erp.edit('party', 'p3', { PHONE: '+31 333' });
  expect((await world.send('POST', `/v1/links/${linkIds[1]}/move`, { body: {} })).status).toBe(202);
  await world.work();
  expect(world.crm.valuesOf('contact', 'c1').phone).toBe('+31 333');
});
