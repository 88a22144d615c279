/** Sync all: a run of each active connection, under one that ends with them. */
import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addActive, addConnection, addRecords, connect, pair } from '../set-up-steps.ts';

/** Two active connections with a link each, at rest, and a third that is not active. */
async function twoConnections() {
  const world = new ApiWorld();
  const first = await activeConnection(world);
  const second = await addActive(world, 'Second ERP');
  await addConnection(world, 'Third ERP');
  addRecords(world, 2);
  await connect(world, first, pair(1));
  await connect(world, second, pair(2));
  await world.work();
  world.nowMs += 60_000;
  return { world, first, second };
}

function edit(world: ApiWorld): void {
  for (const at of [1, 2]) world.crm.edit('contact', `c${at}`, { phone: `+31 8${at}` });
}

const phones = (world: ApiWorld) => [1, 2].map((at) => world.erp.valuesOf('party', `p${at}`).PHONE);

function start(world: ApiWorld, body: object = {}) {
  return world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', scope: { kind: 'all' }, ...body } });
}

async function read(world: ApiWorld, id: string) {
  return (await world.send('GET', `/v1/sync-runs/${id}`)).json;
}

test('a run over all starts one of each active connection, and ends with them and their sums', async () => {
  const { world, first, second } = await twoConnections();
  edit(world);
  const started = await start(world);
  expect(started).toMatchObject({
    status: 202,
    json: { state: 'running', scope: { kind: 'all' }, connectionId: 'all' },
  });
  const { id, children } = started.json;
  expect(children.map(({ connectionId }: { connectionId: string }) => connectionId)).toEqual([first, second]);
  expect(await read(world, id)).toMatchObject({ state: 'running', counters: { lookedAt: 0 } });
  await world.work();
  expect(phones(world)).toEqual(['+31 81', '+31 82']);
  const ended = await read(world, id);
  expect(ended).toMatchObject({
    state: 'done',
    counters: { lookedAt: 2, writtenToErp: 2 },
    endedAt: expect.any(String),
  });
  world.nowMs += 60_000;
  expect(await read(world, id)).toEqual(ended);
  const { json } = await world.send('GET', '/v1/sync-runs?limit=1');
  expect(json.items).toMatchObject([{ id, state: 'done' }]);
});

test('its changes are those of all its runs, page by page', async () => {
  const { world } = await twoConnections();
  edit(world);
  const { id } = (await start(world)).json;
  await world.work();
  const found: string[] = [];
  let cursor = '';
  do {
    const { json } = await world.send('GET', `/v1/sync-runs/${id}/changes?limit=1${cursor}`);
    found.push(...json.items.map(({ newValue }: { newValue: string }) => newValue));
    cursor = json.nextCursor === undefined ? '' : `&cursor=${json.nextCursor}`;
  } while (cursor !== '');
  expect(found).toEqual(['+31 81', '+31 82']);
});

test('it is cancelled with all its runs', async () => {
  const { world } = await twoConnections();
  edit(world);
  const { id, children } = (await start(world)).json;
  const cancelled = await world.send('POST', `/v1/sync-runs/${id}/cancel`);
  expect(cancelled).toMatchObject({ status: 200, json: { state: 'cancelled' } });
  for (const { runId } of children) expect(await read(world, runId)).toMatchObject({ state: 'cancelled' });
  await world.work();
  expect(phones(world)).not.toContain('+31 81');
  expect((await world.send('POST', `/v1/sync-runs/${id}/cancel`)).status).toBe(409);
});

test('a connection that is switched off meanwhile ends its part, and the others go on', async () => {
  const { world, second } = await twoConnections();
  edit(world);
  const { id } = (await start(world)).json;
  await world.send('POST', `/v1/connections/${second}/deactivate`);
  await world.work();
  expect(phones(world)[0]).toBe('+31 81');
  expect(await read(world, id)).toMatchObject({ state: 'cancelled', counters: { lookedAt: 1 } });
});

test('failures of one connection are those of the whole', async () => {
  const { world, first } = await twoConnections();
  world.crm.edit('contact', 'c1', { phone: 'x'.repeat(9_000) });
  const { id } = (await start(world)).json;
  await world.work();
  expect(await read(world, id)).toMatchObject({ state: 'done-with-failures', counters: { rejected: 1 } });
  expect((await world.send('GET', `/v1/failures?connectionId=${first}`)).json.items).toHaveLength(1);
});

test('a run over all compares too, and dry', async () => {
  const { world } = await twoConnections();
  edit(world);
  const { id } = (await start(world, { kind: 'compare', dryRun: true })).json;
  await world.work();
  expect(await read(world, id)).toMatchObject({
    kind: 'compare',
    dryRun: true,
    state: 'done',
    counters: { lookedAt: 2 },
  });
  expect(phones(world)).not.toContain('+31 81');
});

test('it is refused without an active connection, with one named, and while the engine is stopped unless forced', async () => {
  const { world, first, second } = await twoConnections();
  const named = await start(world, { connectionId: first });
  expect(named).toMatchObject({ status: 400, json: { errors: [{ path: 'connectionId' }] } });
  await world.change('PUT', '/v1/engine', { running: false, defaultIntervalMinutes: 15 });
  expect((await start(world)).status).toBe(409);
  edit(world);
  expect((await start(world, { force: true })).json).toMatchObject({ forced: true, children: [{}, {}] });
  await world.work();
  expect(phones(world)).toEqual(['+31 81', '+31 82']);
  for (const id of [first, second]) await world.send('POST', `/v1/connections/${id}/deactivate`);
  const refused = await start(world, { force: true });
  expect(refused).toMatchObject({ status: 409, json: { detail: expect.stringContaining('No connection is active') } });
});

test('another tenant knows nothing of it', async () => {
  const { world } = await twoConnections();
  const { id } = (await start(world)).json;
  const { otherTenantId: tenantId } = world;
  expect((await world.send('GET', `/v1/sync-runs/${id}`, { tenantId })).status).toBe(404);
  expect((await world.send('POST', `/v1/sync-runs/${id}/cancel`, { tenantId })).status).toBe(404);
});

test('a brake is answered for the run of a connection that it stopped, not for the whole', async () => {
  const { world } = await twoConnections();
  const other = await start(world);
  const run = await world.app.runs.get(world.tenantId, other.json.id);
  if (run) await world.app.runs.endAll(run, 'stopped-by-brake', {}, run.createdAt);
  const answer = await world.send('POST', `/v1/sync-runs/${other.json.id}/continue`);
  expect(answer).toMatchObject({ status: 409, json: { detail: expect.stringContaining('over all connections') } });
});
