/** What goes on while the tenant's engine is stopped: nothing by itself, and what a person forces. */
import { expect, test } from 'vitest';
import { hasEnded, type Run } from '../../functions/core/model/run.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { connectionId, tenantId, type World } from '../property/world.ts';
import { atRest, dueOf, turnEngine } from './at-rest.ts';

const fields = [{ name: 'name', direction: 'both' }] as const;

function askFor(world: World, over: { readonly forced?: boolean; readonly by?: Run['trigger']['by'] } = {}) {
  return startRun(world.quiet, {
    tenantId,
    connectionId,
    kind: 'sync',
    scope: { kind: 'links', linkIds: ['link0'] },
    linkIds: ['link0'],
    trigger: { by: over.by ?? 'user' },
    ...(over.forced !== undefined && { forced: over.forced }),
  });
}

const nameInErp = (world: World) => world.erp.valuesOf('party', 'e0').NAME;

test('while the engine is stopped no poll lists or looks, and once it is started every edit arrives', async () => {
  const world = await atRest({ fields, links: 2 });
  await turnEngine(world, false);
  world.crm.edit('contact', 'c0', { name: 'edited' });
  const calls = [world.crm.callCount(), world.erp.callCount()];
  await world.minutes(90);
  expect([world.crm.callCount(), world.erp.callCount()]).toEqual(calls);
  expect(world.messages).toEqual([]);
  await turnEngine(world, true);
  await world.minutes(1);
  expect(nameInErp(world)).toBe('edited');
});

test('what is under way when the engine is stopped ends as cancelled, and what it had found stays due', async () => {
  const world = await atRest({ fields, links: 2 });
  world.crm.edit('contact', 'c0', { name: 'edited' });
  await world.poll();
  for (const queued of world.ready()) {
    await world.handle(queued, world.quiet);
    world.acknowledge(queued);
  }
  expect((await world.runs())[0]).toMatchObject({ state: 'running', open: 1 });
  await turnEngine(world, false);
  await world.drain();
  expect((await world.runs())[0]).toMatchObject({ state: 'cancelled', reason: 'engine-stopped', open: 0 });
  expect(nameInErp(world)).toBe('start0');
  await turnEngine(world, true);
  await world.minutes(2);
  expect(nameInErp(world)).toBe('edited');
});

test('looks that are sent when the engine is stopped write nothing, and their links stay due', async () => {
  const world = await atRest({ fields, links: 2 });
  world.crm.edit('contact', 'c0', { name: 'edited' });
  await askFor(world);
  await turnEngine(world, false);
  await world.drain();
  expect(nameInErp(world)).toBe('start0');
  expect(await dueOf(world)).toMatchObject([{ linkId: 'link0' }]);
  expect((await world.runs())[0]).toMatchObject({ state: 'cancelled', reason: 'engine-stopped' });
});

test('a call of the schedule ends what a lost message left under way, and helps on what was forced', async () => {
  const world = await atRest({ fields, links: 2 });
  world.crm.edit('contact', 'c0', { name: 'edited' });
  const left = await askFor(world);
  await turnEngine(world, false);
  const forced = await askFor(world, { forced: true });
  world.messages.length = 0;
  world.nowMs += 600_000;
  await world.poll();
  expect(await world.quiet.runs.get(tenantId, left.id)).toMatchObject({ state: 'cancelled', reason: 'engine-stopped' });
  await world.drain();
  expect(await world.quiet.runs.get(tenantId, forced.id)).toMatchObject({ state: 'done' });
  expect(nameInErp(world)).toBe('edited');
});

test('a stopped engine starts what is forced, what a person connects, retries or answers, and a dry run', async () => {
  const world = await atRest({ fields, links: 2 });
  await turnEngine(world, false);
  await expect(askFor(world)).rejects.toMatchObject({ kind: 'conflict', message: expect.stringContaining('"force"') });
  await expect(askFor(world, { by: 'activation' })).rejects.toMatchObject({ kind: 'conflict' });
  for (const by of ['connect', 'retry', 'brake'] as const) await askFor(world, { by });
  await askFor(world, { forced: true });
  const { trigger, scope, linkIds } = {
    trigger: { by: 'user' },
    scope: { kind: 'links', linkIds: ['link1'] },
    linkIds: ['link1'],
  } as const;
  await startRun(world.quiet, {
    tenantId,
    connectionId,
    kind: 'sync',
    scope: { ...scope, linkIds: [...linkIds] },
    linkIds,
    trigger,
    dryRun: true,
  });
  world.crm.edit('contact', 'c0', { name: 'edited' });
  await world.drain();
  const runs = (await world.runs()).filter(({ forced }) => forced);
  expect(runs.map(({ state }) => hasEnded(state) && state)).toEqual(Array.from({ length: 5 }, () => 'done'));
  expect(nameInErp(world)).toBe('edited');
});

test('a forced sync of the connection takes the changes since its cursors, all pages of them', async () => {
  const world = await atRest({ fields, links: 5, pageSize: 1 });
  await turnEngine(world, false);
  for (let at = 0; at < 5; at += 1) world.crm.edit('contact', `c${at}`, { name: `edited${at}` });
  const scope = { kind: 'connection' } as const;
  await startRun(world.quiet, { tenantId, connectionId, kind: 'sync', scope, trigger: { by: 'user' }, forced: true });
  await world.drain();
  for (let at = 0; at < 5; at += 1) expect(world.erp.valuesOf('party', `e${at}`).NAME).toBe(`edited${at}`);
});

/** A comparison that the engine is stopped in before it has listed anything; then the engine is started again. */
async function cutShort(by: Run['trigger']['by']): Promise<readonly Run[]> {
  const world = await atRest({ fields, links: 2 });
  const before = new Set((await world.runs()).map(({ id }) => id));
  await startRun(world.quiet, {
    tenantId,
    connectionId,
    kind: 'compare',
    scope: { kind: 'connection' },
    trigger: { by },
  });
  await turnEngine(world, false);
  await world.drain();
  await turnEngine(world, true);
  await world.minutes(3);
  const { chainsWaiting = {} } = await world.quiet.connections.activity(tenantId, connectionId);
  expect(chainsWaiting).toEqual({});
  return (await world.runs()).filter(({ id, kind }) => kind === 'compare' && !before.has(id));
}

test('a comparison after a changed mapping that the engine is stopped in is made again once it is started', async () => {
  const compares = await cutShort('activation');
  expect(compares.map(({ state }) => state).toSorted()).toEqual(['cancelled', 'done']);
  expect(compares.find(({ state }) => state === 'done')?.counters.lookedAt).toBe(2);
});

test('a comparison that somebody asked for is not made again', async () => {
  expect((await cutShort('user')).map(({ state }) => state)).toEqual(['cancelled']);
});
