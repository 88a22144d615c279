/** How many messages of one run are out at once, and how those that wait for them get their turn. */
import { expect, test } from 'vitest';
import { keys } from '../../functions/adapters/aws/dynamodb/table/keys.ts';
import { SyncError } from '../../functions/core/errors.ts';
import type { Run } from '../../functions/core/model/run.ts';
import { messagesInHand, mostChunksOut } from '../../functions/core/timing/caps.ts';
import type { Table } from '../../functions/ports/table.ts';
import { cancelRun } from '../../functions/sync/runs/cancel-run.ts';
import { tenantId, type World, type WorldOptions } from '../property/world.ts';
import { atRest, dueOf, failuresOf } from './at-rest.ts';

const fields = [{ name: 'name', direction: 'both' }] as const;
const links = 45;
/** More than a transaction takes. */
const manyLinks = 130;

const isLook = ({ message }: World['messages'][number]) => message.kind === 'look';

/** A change of every link, listed one a page, so that each has a chunk of its own; nothing is looked at yet. */
async function detected(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = await atRest({ fields, links, pageSize: 1, ...options });
  for (let at = 0; at < (options.links ?? links); at += 1) world.erp.edit('party', `e${at}`, { NAME: `new${at}` });
  await world.poll();
  for (let next = detecting(world); next; next = detecting(world)) {
    await world.handle(next, world.quiet);
    world.acknowledge(next);
  }
  return world;
}

function detecting(world: World) {
  return world.messages.find((queued) => !isLook(queued));
}

async function theRun(world: World): Promise<Run> {
  const run = (await world.runs()).find(({ state }) => state === 'running');
  if (!run) throw new Error('a run is under way');
  return run;
}

async function arrived(world: World, of = links): Promise<number> {
  const values = Array.from({ length: of }, (_, at) => world.crm.valuesOf('contact', `c${at}`).name);
  return values.filter((value, at) => value === `new${at}`).length;
}

test('a run has only so many messages out at once, and looks at every link', async () => {
  const world = await detected();
  expect(world.messages.filter(isLook)).toHaveLength(mostChunksOut);
  const run = await theRun(world);
  expect(run).toMatchObject({ open: links, chains: {} });
  for (let next = world.ready()[0]; next; next = world.ready()[0]) {
    await world.handle(next, world.quiet);
    world.acknowledge(next);
    expect(world.messages.length).toBeLessThanOrEqual(mostChunksOut);
  }
  expect(await arrived(world)).toBe(links);
  const after = await world.quiet.runs.get(tenantId, run.id);
  expect(after).toMatchObject({ state: 'done', counters: { lookedAt: links, changed: links } });
});

test('whoever dies over the sending of the next chunks, they are sent', async () => {
  for (const dies of ['table.query', 'table.transact', 'table.getMany', 'queue.send']) {
    let calls = 0;
    let isArmed = false;
    const gate = async (what: string) => {
      if (!isArmed || what !== dies) return;
      isArmed = false;
      calls += 1;
      throw new SyncError('transient', 'the worker is gone');
    };
    const world = await detected({ gate });
    // Up to the one whose close has to send the next.
    for (let times = 1; times < messagesInHand.connection; times += 1) {
      const [first] = world.ready();
      if (first) await world.handle(first, world.quiet);
      if (first) world.acknowledge(first);
    }
    const [last] = world.ready();
    if (!last) throw new Error('more are out');
    const { takeUnsent } = world.engine.runs;
    world.engine.runs.takeUnsent = (run) => {
      isArmed = true;
      return takeUnsent(run);
    };
    await expect(world.handle(last)).rejects.toThrow();
    expect(calls, dies).toBe(1);
    await world.drain();
    expect(await arrived(world), dies).toBe(links);
    expect((await world.runs()).every(({ open }) => open === 0)).toBe(true);
  }
});

test('a stalled run is helped on with what was out, and with the next where that was closed', async () => {
  const world = await detected();
  world.messages.length = 0;
  world.nowMs += 600_000;
  await world.poll();
  expect(world.messages.filter(isLook)).toHaveLength(mostChunksOut);
  // Half of them are done, and nobody sends the next.
  const { takeUnsent } = world.engine.runs;
  world.engine.runs.takeUnsent = async () => [];
  for (const queued of world.ready().slice(0, messagesInHand.connection)) await world.handle(queued);
  world.engine.runs.takeUnsent = takeUnsent;
  world.messages.length = 0;
  world.nowMs += 600_000;
  await world.poll();
  expect(world.messages.filter(isLook)).toHaveLength(mostChunksOut);
  await world.drain();
  expect(await arrived(world)).toBe(links);
});

test('links that wait for their own sake keep nobody else waiting', async () => {
  const troubled = new Set(Array.from({ length: mostChunksOut }, (_, at) => `e${at}`));
  const refusal = new SyncError('defect', 'This record cannot be read now.');
  let isTroubled = false;
  const world = await detected({
    erpUnreadable: (key) => (isTroubled && troubled.has(key) ? refusal : undefined),
  });
  isTroubled = true;
  for (let next = world.ready()[0]; next; next = world.ready()[0]) {
    await world.handle(next, world.quiet);
    world.acknowledge(next);
  }
  expect(await arrived(world)).toBe(links - mostChunksOut);
  expect(await theRun(world)).toMatchObject({ open: mostChunksOut, out: 0, unsent: 0 });
  isTroubled = false;
  await world.drain();
  expect(await arrived(world)).toBe(links);
  expect((await world.runs())[0]).toMatchObject({ state: 'done', counters: { lookedAt: links } });
  expect(await failuresOf(world)).toEqual([]);
});

test('a system that cannot be reached keeps what was not sent from being tried', async () => {
  let isDown = false;
  const onCall = async (operation: string) => {
    if (isDown && operation === 'get') throw new SyncError('transient', 'The system is down.');
  };
  const world = await detected({ erp: { onCall } });
  isDown = true;
  for (let next = world.ready()[0]; next; next = world.ready()[0]) {
    await world.handle(next, world.quiet);
    world.acknowledge(next);
  }
  expect(await theRun(world)).toMatchObject({ open: links, out: mostChunksOut, unsent: links - mostChunksOut });
});

test('storage that asks for patience at each link keeps what was not sent from being tried', async () => {
  const world = await detected();
  const { takeIntent } = world.quiet.links;
  let throttles = 0;
  world.quiet.links.takeIntent = async (...step) => {
    if (throttles === mostChunksOut) return takeIntent(...step);
    throttles += 1;
    throw new SyncError('throttled', 'The table asks for patience.', { retryAfterMs: 1_000 });
  };
  for (let next = world.ready()[0]; next; next = world.ready()[0]) {
    await world.handle(next, world.quiet);
    world.acknowledge(next);
  }
  expect(throttles).toBe(mostChunksOut);
  expect(await theRun(world)).toMatchObject({ open: links, out: mostChunksOut, unsent: links - mostChunksOut });
  await world.drain();
  expect(await arrived(world)).toBe(links);
});

test('a cancelled run lets go of what it did not send, and the next poll looks at it', async () => {
  const world = await detected();
  const run = await theRun(world);
  await cancelRun(world.quiet, tenantId, run.id);
  expect(await world.quiet.runs.openChunks(tenantId, run.id)).toEqual([]);
  expect(await world.quiet.runs.unsentChunks(tenantId, run.id)).toEqual(new Set());
  expect(await world.quiet.runs.get(tenantId, run.id)).toMatchObject({ open: 0, counters: { lookedAt: 0 } });
  expect(await dueOf(world)).toHaveLength(links);
  await world.minutes(2);
  expect(await arrived(world)).toBe(links);
  expect(await dueOf(world)).toEqual([]);
});

/** A run under way, of whose chunks an earlier version sent or closed some: so many more are counted as out than are. */
async function miscounted(more: number, of = links): Promise<World> {
  const tables: Table[] = [];
  const around = (table: Table) => {
    tables.push(table);
    return table;
  };
  const world = await detected({ links: of, around });
  const { id } = await theRun(world);
  for (const table of tables) {
    await table.write({ update: keys.run(tenantId, id), add: { out: more }, when: { exists: true } });
  }
  return world;
}

test('however many an earlier version had out, as many are taken at once as may be', async () => {
  const world = await miscounted(-manyLinks, manyLinks);
  await world.drain();
  expect(await arrived(world, manyLinks)).toBe(manyLinks);
  expect((await world.runs())[0]).toMatchObject({ state: 'done', counters: { lookedAt: manyLinks } });
});

test('a run whose chunks an earlier version closed is helped on', async () => {
  const world = await miscounted(mostChunksOut);
  const { id } = await theRun(world);
  await world.drain();
  expect(await world.quiet.runs.get(tenantId, id)).toMatchObject({ out: mostChunksOut, unsent: links - mostChunksOut });
  await world.minutes(20);
  const after = await world.quiet.runs.get(tenantId, id);
  expect(after).toMatchObject({ state: 'done', open: 0, out: 0, unsent: 0, counters: { lookedAt: links } });
});

test('whoever dies over the next chunks after a place was given up, they are sent', async () => {
  const refusal = new SyncError('defect', 'This record cannot be read now.');
  const troubled = new Set<string>();
  let meetsTrouble = false;
  const world = await detected({
    erpUnreadable: (key) => {
      if (meetsTrouble) troubled.add(key);
      return troubled.has(key) ? refusal : undefined;
    },
  });
  meetsTrouble = true;
  const givers = world.ready().slice(0, messagesInHand.connection);
  const last = givers.pop();
  if (!last) throw new Error('some are out');
  for (const queued of givers) {
    await world.handle(queued, world.quiet);
    world.acknowledge(queued);
  }
  const { takeUnsent } = world.engine.runs;
  world.engine.runs.takeUnsent = async (run) => {
    await takeUnsent(run);
    throw new SyncError('transient', 'the worker is gone');
  };
  await expect(world.handle(last)).rejects.toThrow();
  meetsTrouble = false;
  // Delivered again while its link still waits.
  await world.handle(last, world.quiet);
  world.acknowledge(last);
  await world.drain();
  expect(await arrived(world)).toBe(links - troubled.size);
});
