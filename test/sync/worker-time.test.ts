/** Short waits in place, both sides at once, and what a worker still begins when its time runs out. */
import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import { tenantId, type World } from '../property/world.ts';
import { atRest, failuresOf } from './at-rest.ts';

const fields = [
  { name: 'name', direction: 'both' },
  { name: 'city', direction: 'both' },
] as const;

async function gatedAtRest(links: number) {
  const gate: { on?: (what: string, world: World) => Promise<void> } = {};
  const world: World = await atRest({ fields, links, pageSize: 200, gate: async (what) => gate.on?.(what, world) });
  return { world, gate };
}

async function throughFirstLook(world: World): Promise<void> {
  await world.poll();
  for (;;) {
    const [queued] = world.ready();
    if (!queued) throw new Error('there is a look');
    world.acknowledge(queued);
    await world.handle(queued, world.quiet);
    if (queued.message.kind === 'look') return;
  }
}

test('ten edits arrive within a minute where a system lets one call through every three seconds', async () => {
  const { world, gate } = await gatedAtRest(10);
  for (let at = 0; at < 10; at += 1) world.crm.edit('contact', `c${at}`, { name: `new${at}` });
  let freeAtMs = 0;
  gate.on = async (what) => {
    if (!what.startsWith('erp.') || !what.endsWith('.sent') || what.includes('capabilities')) return;
    const leftMs = freeAtMs - world.nowMs;
    if (leftMs > 0) throw new SyncError('throttled', 'Made to wait.', { retryAfterMs: leftMs });
    freeAtMs = world.nowMs + 3_000;
  };
  const from = world.nowMs;
  await world.poll();
  await world.drain();
  const arrived = Array.from({ length: 10 }, (_, at) => world.erp.valuesOf('party', `e${at}`).NAME);
  expect(arrived).toEqual(Array.from({ length: 10 }, (_, at) => `new${at}`));
  expect(world.nowMs - from).toBeLessThan(60_000);
  expect(await failuresOf(world)).toEqual([]);
});

test('a wait of a few seconds is waited out in place: neither side is read again for it', async () => {
  for (const where of ['erp.get.sent', 'crm.get.sent', 'erp.update.sent']) {
    const { world, gate } = await gatedAtRest(2);
    world.crm.edit('contact', 'c0', { name: 'new' });
    const reads = { crm: 0, erp: 0 };
    let waits = 2;
    gate.on = async (what) => {
      if (what === 'crm.get.answered') reads.crm += 1;
      if (what === 'erp.get.answered') reads.erp += 1;
      if (what !== where || waits === 0) return;
      waits -= 1;
      throw new SyncError('throttled', 'Made to wait.', { retryAfterMs: 5_000 });
    };
    await throughFirstLook(world);
    expect(world.erp.valuesOf('party', 'e0').NAME, where).toBe('new');
    expect(reads, where).toEqual({ crm: 1, erp: 1 });
    expect(world.messages, where).toEqual([]);
  }
});

test('both sides are written at once', async () => {
  const { world, gate } = await gatedAtRest(1);
  world.crm.edit('contact', 'c0', { name: 'new' });
  world.erp.edit('party', 'e0', { CITY: 'Ede' });
  const open = new Set<string>();
  let most = 0;
  gate.on = async (what) => {
    if (!what.includes('.update.')) return;
    if (what.endsWith('.answered')) open.delete(what.slice(0, 3));
    else open.add(what.slice(0, 3));
    most = Math.max(most, open.size);
    await new Promise((resolve) => setImmediate(resolve));
  };
  await throughFirstLook(world);
  expect(most).toBe(2);
  expect(world.erp.valuesOf('party', 'e0')).toEqual({ NAME: 'new', CITY: 'Ede' });
  expect(world.crm.valuesOf('contact', 'c0')).toEqual({ name: 'new', city: 'Ede' });
});

test('a worker whose time runs out begins no write: the rest goes out as a new message, and no attempt is spent', async () => {
  const { world, gate } = await gatedAtRest(1);
  world.crm.edit('contact', 'c0', { name: 'new' });
  let slow = true;
  gate.on = async (what) => {
    if (!slow || what !== 'erp.get.answered') return;
    slow = false;
    world.nowMs += 46_000;
  };
  await throughFirstLook(world);
  expect(world.erp.written).toEqual([]);
  expect((await world.quiet.links.get(tenantId, 'link0'))?.intent).toBeUndefined();
  expect(world.messages).toMatchObject([
    { message: { kind: 'look', linkIds: ['link0'], attempt: 1 }, readyAtMs: world.nowMs },
  ]);
  await world.drain();
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('new');
});

test('a worker whose time runs out starts no wait either', async () => {
  const { world, gate } = await gatedAtRest(1);
  world.crm.edit('contact', 'c0', { name: 'new' });
  let refusals = 1;
  gate.on = async (what) => {
    if (what !== 'erp.update.sent' || refusals === 0) return;
    refusals -= 1;
    world.nowMs += 42_000;
    throw new SyncError('throttled', 'Made to wait.', { retryAfterMs: 4_000 });
  };
  await throughFirstLook(world);
  expect(world.erp.written).toEqual([]);
  expect(world.messages).toMatchObject([{ message: { attempt: 1 }, readyAtMs: world.nowMs + 4_000 }]);
  await world.drain();
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('new');
});
