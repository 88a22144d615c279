import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair } from '../set-up-steps.ts';

/** Linked companies, in an ERP whose lists do not tell of deletes. */
async function linked(count: number): Promise<{ world: ApiWorld; connectionId: string; linkIds: string[] }> {
  const world = new ApiWorld();
  Object.assign(world.erp.options, { listMissesDeletes: true });
  const connectionId = await activeConnection(world);
  addRecords(world, count);
  const { json } = await connect(world, connectionId, ...Array.from({ length: count }, (_, at) => pair(at + 1)));
  await world.work();
  return { world, connectionId, linkIds: json.items.map((item: { linkId: string }) => item.linkId) };
}

function start(world: ApiWorld, body: unknown) {
  return world.send('POST', '/v1/sync-runs', { body, role: 'service' });
}

const sweepOf = async (world: ApiWorld, connectionId: string) =>
  (await world.send('GET', `/v1/connections/${connectionId}/summary`)).json.sweep;

test('a sweep that somebody asks for breaks the link whose record was deleted, and the summary says how far it got', async () => {
  const { world, connectionId, linkIds } = await linked(3);
  expect(await sweepOf(world, connectionId)).toBeUndefined();
  world.erp.removeRecord('party', 'p2');
  const { status, json } = await start(world, { kind: 'sweep', connectionId });
  expect(status).toBe(202);
  expect(json).toMatchObject({ kind: 'sweep', lane: 'low', trigger: { by: 'user' } });
  expect(await sweepOf(world, connectionId)).toMatchObject({ complete: false, asked: 0 });
  await world.work();
  const run = await world.send('GET', `/v1/sync-runs/${json.id}`);
  expect(run.json).toMatchObject({ counters: { lookedAt: 1, callsToCrm: 1 } });
  const states = await Promise.all(linkIds.map((id) => world.send('GET', `/v1/links/${id}`)));
  expect(states.map((link) => link.json.state)).toEqual(['active', 'broken', 'active']);
  const begunAt = new Date(world.nowMs).toISOString();
  expect(await sweepOf(world, connectionId)).toEqual({ begunAt, complete: true, asked: 3, notFound: 1, unanswered: 0 });
});

test('a sweep of named links and a dry one are refused, each with its place', async () => {
  const { world, connectionId, linkIds } = await linked(1);
  const named = await start(world, { kind: 'sweep', scope: { kind: 'links', linkIds }, dryRun: true });
  expect(named).toMatchObject({ status: 400, json: { errors: [{ path: 'scope' }, { path: 'dryRun' }] } });
  const scope = { kind: 'actor-type', actorType: 'customer' };
  expect((await start(world, { kind: 'sweep', connectionId, scope })).status).toBe(202);
  expect((await start(world, { kind: 'sweep', scope: { kind: 'all' } })).status).toBe(202);
});

test('where the lists of both sides tell of deletes a sweep asks nobody', async () => {
  const { world, connectionId } = await linked(2);
  Object.assign(world.erp.options, { listMissesDeletes: false });
  const { json } = await start(world, { kind: 'sweep', connectionId });
  await world.work();
  const run = await world.send('GET', `/v1/sync-runs/${json.id}`);
  expect(run.json).toMatchObject({ state: 'done', counters: { lookedAt: 0, callsToCrm: 0, callsToErp: 0 } });
});
