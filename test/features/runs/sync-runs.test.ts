import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair } from '../set-up-steps.ts';

async function linked(count = 3): Promise<{ world: ApiWorld; connectionId: string; linkIds: string[] }> {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, count);
  const { json } = await connect(world, connectionId, ...Array.from({ length: count }, (_, at) => pair(at + 1)));
  await world.work();
  return { world, connectionId, linkIds: json.items.map((item: { linkId: string }) => item.linkId) };
}

function start(world: ApiWorld, body: unknown) {
  return world.send('POST', '/v1/sync-runs', { body, role: 'service' });
}

test('named links, a CRM record and ERP keys are synced at once', async () => {
  const { world, connectionId, linkIds } = await linked();
  const scopes = [
    { scope: { kind: 'links', linkIds: [linkIds[0]] } },
    { scope: { kind: 'crm-record', crmType: 'company', crmKey: 'c1' } },
    { connectionId, scope: { kind: 'erp-keys', actorType: 'customer', erpKeys: ['p1'] } },
  ];
  for (const [at, scope] of scopes.entries()) {
    world.crm.edit('contact', 'c1', { phone: `+31 4${at}` });
    const { status, json, headers } = await start(world, { kind: 'sync', ...scope });
    expect(status).toBe(202);
    expect(json).toMatchObject({ kind: 'sync', connectionId, lane: 'high', state: 'running', trigger: { by: 'user' } });
    expect(headers.location).toBe(`/v1/sync-runs/${json.id}`);
    await world.work();
    expect(world.erp.valuesOf('party', 'p1').PHONE).toBe(`+31 4${at}`);
    const run = await world.send('GET', `/v1/sync-runs/${json.id}`);
    expect(run.json).toMatchObject({ state: 'done', counters: { lookedAt: 1, writtenToErp: 1 }, detecting: false });
  }
});

test('a connection and an actor type are synced by their changes, and compared whole', async () => {
  const { world, connectionId } = await linked();
  world.nowMs += 60_000;
  world.crm.edit('contact', 'c2', { phone: '+31 55' });
  const run = await start(world, { kind: 'sync', connectionId });
  expect(run.json).toMatchObject({ scope: { kind: 'connection' }, detecting: true });
  await world.work();
  expect(world.erp.valuesOf('party', 'p2').PHONE).toBe('+31 55');
  const scope = { kind: 'actor-type', actorType: 'Customer' };
  const compare = await start(world, { kind: 'compare', connectionId, scope });
  await world.work();
  const { json } = await world.send('GET', `/v1/sync-runs/${compare.json.id}`);
  expect(json).toMatchObject({ kind: 'compare', state: 'done', counters: { lookedAt: 3, changed: 0 } });
});

test('a dry run lists what it would change, and changes nothing', async () => {
  const { world, linkIds } = await linked();
  world.crm.edit('contact', 'c1', { phone: '+31 66' });
  const { json } = await start(world, { kind: 'sync', scope: { kind: 'links', linkIds }, dryRun: true });
  await world.work();
  expect(world.erp.valuesOf('party', 'p1').PHONE).not.toBe('+31 66');
  const changes = await world.send('GET', `/v1/sync-runs/${json.id}/changes`);
  expect(changes.json.items).toMatchObject([
    { outcome: 'planned', side: 'erp', erpField: 'PHONE', newValue: '+31 66' },
  ]);
  expect((await world.send('GET', `/v1/changes?linkId=${linkIds[0]}&field=PHONE~phone`)).status).toBe(200);
});

test('kinds and options that come later are refused with a clear message', async () => {
  const { world, connectionId } = await linked(1);
  const undo = await start(world, { kind: 'undo', connectionId });
  expect(undo).toMatchObject({
    status: 400,
    json: {
      errors: [
        {
          path: 'kind',
          message: 'Must be one of sync, compare, sweep, resync-from-crm, resync-from-erp',
        },
      ],
    },
  });
  expect((await start(world, { kind: 'sync', connectionId, noBlanks: true })).status).toBe(400);
  const some = await start(world, { kind: 'sync', scope: { kind: 'some' } });
  expect(some.json.errors).toMatchObject([
    { path: 'scope.kind', message: expect.stringContaining('Must be a scope of kind') },
  ]);
});

test('a scope without a connection of its own must name one', async () => {
  const { world } = await linked(1);
  expect((await start(world, { kind: 'sync' })).json.errors).toMatchObject([{ path: 'connectionId' }]);
  const scope = { kind: 'erp-keys', actorType: 'customer', erpKeys: ['p1'] };
  expect((await start(world, { kind: 'sync', scope })).status).toBe(400);
});

test('things that are not there, and scopes without a link in use, are not found', async () => {
  const { world, connectionId, linkIds } = await linked(1);
  expect((await start(world, { kind: 'sync', connectionId: 'none' })).status).toBe(404);
  expect((await start(world, { kind: 'sync', scope: { kind: 'links', linkIds: ['none'] } })).status).toBe(404);
  const scope = { kind: 'crm-record', crmType: 'company', crmKey: 'c1' };
  await world.send('DELETE', `/v1/links/${linkIds[0]}`);
  expect((await start(world, { kind: 'sync', scope })).status).toBe(404);
  expect((await world.send('GET', '/v1/sync-runs/none')).status).toBe(404);
  expect((await world.send('GET', '/v1/sync-runs/none/changes')).status).toBe(404);
  expect((await world.send('POST', '/v1/sync-runs/none/cancel')).status).toBe(404);
  expect((await start(world, { kind: 'sync', connectionId })).status).toBe(202);
});

test('an inactive connection answers 409', async () => {
  const { world, connectionId, linkIds } = await linked(1);
  await world.send('POST', `/v1/connections/${connectionId}/deactivate`);
  expect((await start(world, { kind: 'sync', connectionId })).status).toBe(409);
  expect((await start(world, { kind: 'sync', scope: { kind: 'links', linkIds } })).status).toBe(409);
});

test('a run is cancelled once, and one that has ended cannot be', async () => {
  const { world, connectionId } = await linked();
  const { json } = await start(world, { kind: 'compare', connectionId });
  const cancelled = await world.send('POST', `/v1/sync-runs/${json.id}/cancel`, { role: 'service' });
  expect(cancelled).toMatchObject({ status: 200, json: { state: 'cancelled' } });
  await world.work();
  const next = await start(world, { kind: 'compare', connectionId });
  await world.work();
  expect((await world.send('POST', `/v1/sync-runs/${next.json.id}/cancel`)).status).toBe(409);
});

test('runs are listed newest first, by connection too', async () => {
  const { world, connectionId, linkIds } = await linked(1);
  const { json } = await start(world, { kind: 'sync', scope: { kind: 'links', linkIds } });
  const all = await world.send('GET', '/v1/sync-runs');
  expect(all.json.items.map((run: { id: string }) => run.id)[0]).toBe(json.id);
  expect(all.json.items).toHaveLength(2);
  expect((await world.send('GET', `/v1/sync-runs?connectionId=${connectionId}`)).json.items).toHaveLength(2);
  expect((await world.send('GET', '/v1/sync-runs?connectionId=none')).json.items).toEqual([]);
});

test('the change log is read by link, record, connection, run, field and time', async () => {
  const { world, connectionId, linkIds } = await linked(2);
  const at = async (query: string): Promise<{ linkId: string; erpField: string }[]> =>
    (await world.send('GET', `/v1/changes?${query}`, { role: 'service' })).json.items;
  expect(await at('')).toHaveLength(4);
  expect(await at(`connectionId=${connectionId}`)).toHaveLength(4);
  expect(await at(`linkId=${linkIds[0]}`)).toHaveLength(2);
  expect(await at('crmType=company&crmKey=c2')).toMatchObject([{ linkId: linkIds[1] }, { linkId: linkIds[1] }]);
  expect(await at('to=2020-01-01T00:00:00Z')).toEqual([]);
  expect((await at(`linkId=${linkIds[0]}`)).map((change) => change.erpField).sort()).toEqual(['PHONE', 'VATNO']);
  expect((await world.send('GET', '/v1/changes?from=yesterday')).status).toBe(400);
  expect((await world.send('GET', '/v1/changes?crmKey=c1')).status).toBe(400);
});

test('a named link that is disconnected is counted as skipped, with its reason, and the others are looked at', async () => {
  const { world, linkIds } = await linked();
  await world.send('DELETE', `/v1/links/${linkIds[1]}`);
  const { json, status } = await start(world, { kind: 'sync', scope: { kind: 'links', linkIds } });
  expect(status).toBe(202);
  await world.work();
  const run = await world.send('GET', `/v1/sync-runs/${json.id}`);
  expect(run.json).toMatchObject({
    state: 'done',
    counters: { lookedAt: 2, skipped: 1 },
    skips: [{ linkId: linkIds[1], reason: 'disconnected' }],
  });
  const alone = await start(world, { kind: 'sync', scope: { kind: 'links', linkIds: [linkIds[1]] } });
  expect(alone.json).toMatchObject({ state: 'done', counters: { lookedAt: 0, skipped: 1 } });
});

test('deactivating and deleting end the runs under way with that reason', async () => {
  for (const [act, reason] of [
    ['deactivate', 'connection-deactivated'],
    ['delete', 'connection-deleted'],
  ] as const) {
    const { world, connectionId, linkIds } = await linked();
    const named = await start(world, { kind: 'sync', scope: { kind: 'links', linkIds } });
    const whole = await start(world, { kind: 'sync', connectionId });
    const read = await world.send('GET', `/v1/connections/${connectionId}`);
    const ifMatch = { headers: { 'if-match': String(read.headers.etag) } };
    if (act === 'deactivate') await world.send('POST', `/v1/connections/${connectionId}/deactivate`);
    else await world.send('DELETE', `/v1/connections/${connectionId}`, ifMatch);
    for (const { json } of [named, whole]) {
      const stored = await world.app.runs.get(world.tenantId, json.id);
      expect(stored, act).toMatchObject({ state: 'cancelled', reason, open: 0, counters: { lookedAt: 0 } });
    }
  }
});

test('whoever reads a run that its deactivated connection left behind ends it, and so does an activation', async () => {
  for (const by of ['read', 'list', 'activation'] as const) {
    const { world, connectionId } = await linked();
    const { json } = await start(world, { kind: 'sync', connectionId });
    const connection = await world.app.connections.get(world.tenantId, connectionId);
    if (connection) await world.app.connections.replace({ ...connection, state: 'inactive' });
    if (by === 'activation') await world.send('POST', `/v1/connections/${connectionId}/activate`);
    const answer = await world.send('GET', by === 'list' ? '/v1/sync-runs' : `/v1/sync-runs/${json.id}`);
    const run = by === 'list' ? answer.json.items.find((one: { id: string }) => one.id === json.id) : answer.json;
    expect(run, by).toMatchObject({ state: 'cancelled', reason: 'connection-deactivated' });
  }
});
