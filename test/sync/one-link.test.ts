/** One link's trouble is one link's: its neighbours go on in the same message, and it heals by itself. */
import { expect, test } from 'vitest';
import { type ErrorKind, SyncError } from '../../functions/core/errors.ts';
import type { Link } from '../../functions/core/model/link.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { connectionId, tenantId, type World, type WorldOptions } from '../property/world.ts';
import { atRest, dueOf, failuresOf } from './at-rest.ts';

const fields = [{ name: 'name', direction: 'both' }] as const;

const threeAtRest = (options: Partial<WorldOptions> = {}) => atRest({ fields, links: 3, ...options });

function editAll(world: World): void {
  for (const at of [0, 1, 2]) world.crm.edit('contact', `c${at}`, { name: `new${at}` });
}

function names(world: World): unknown[] {
  return [0, 1, 2].map((at) => world.erp.valuesOf('party', `e${at}`).NAME);
}

/** From now on a step of the store breaks over this one link. */
function breakFor(world: World, step: 'takeIntent' | 'record', linkId: string, kind: ErrorKind) {
  const trouble = { on: true, met: 0 };
  const { links } = world.quiet;
  const meet = (link: Pick<Link, 'id'>) => {
    if (!trouble.on || link.id !== linkId) return;
    trouble.met += 1;
    throw kind === 'defect' ? new TypeError('a bug') : new SyncError(kind, 'Made to fail.', { retryAfterMs: 1_000 });
  };
  const { takeIntent, record } = links;
  if (step === 'takeIntent') {
    links.takeIntent = async (link, intent) => {
      meet(link);
      return takeIntent(link, intent);
    };
  } else {
    links.record = async (given) => {
      meet(given.before);
      return record(given);
    };
  }
  return trouble;
}

/** Handles the messages until the first look message is done, which counts as the attempt given. */
async function throughFirstLook(world: World, attempt = 1): Promise<void> {
  await world.poll();
  for (;;) {
    const [queued] = world.ready();
    if (!queued) throw new Error('there is a look');
    const { kind } = queued.message;
    world.acknowledge(queued);
    const message = kind === 'look' ? { ...queued.message, attempt } : queued.message;
    await world.handle({ ...queued, message }, world.quiet);
    if (kind === 'look') return;
  }
}

test('whatever breaks over one link, its neighbours are written in the same message, and it goes on when that is over', async () => {
  for (const step of ['takeIntent', 'record'] as const) {
    for (const kind of ['defect', 'too-large', 'throttled', 'transient'] as const) {
      const world = await threeAtRest({ pageSize: 200 });
      editAll(world);
      const trouble = breakFor(world, step, 'link1', kind);
      await throughFirstLook(world).catch((failure: unknown) => {
        // A link that cannot even be given up leaves its message to the queue, once the others are done.
        if (step !== 'record' || kind !== 'too-large') throw failure;
      });
      expect([names(world)[0], names(world)[2]], `${step} ${kind}`).toEqual(['new0', 'new2']);
      trouble.on = false;
      await world.drain();
      await world.quiesce();
      expect(names(world), `${step} ${kind}`).toEqual(['new0', 'new1', 'new2']);
      expect(await failuresOf(world)).toEqual([]);
      expect(await dueOf(world)).toEqual([]);
    }
  }
});

test('a defect of one link is a failed look: the fourth in a row is an open failure, which its next success closes', async () => {
  const world = await threeAtRest();
  editAll(world);
  const trouble = breakFor(world, 'takeIntent', 'link1', 'defect');
  await world.poll();
  await world.drain();
  expect(trouble.met).toBe(4);
  expect(await failuresOf(world)).toMatchObject([{ linkId: 'link1', kind: 'defect', attempts: 4 }]);
  expect((await dueOf(world)).map(({ linkId }) => linkId)).toEqual(['link1']);
  const told = world.quiet.telemetry as { told?: readonly unknown[] };
  expect(JSON.stringify(told.told)).toContain('look-failed');
  trouble.on = false;
  await world.quiesce();
  expect(names(world)).toEqual(['new0', 'new1', 'new2']);
  expect(await failuresOf(world)).toEqual([]);
});

test('storage that is throttled is waited for, however long, and is never a failure', async () => {
  const world = await threeAtRest();
  editAll(world);
  const trouble = breakFor(world, 'takeIntent', 'link1', 'throttled');
  await world.poll();
  for (let handled = 0; trouble.met < 20 && handled < 200; handled += 1) {
    const [queued] = world.ready();
    if (queued) {
      await world.handle(queued, world.quiet);
      world.acknowledge(queued);
    } else world.nowMs = Math.min(...world.messages.map((one) => one.readyAtMs));
  }
  expect(trouble.met).toBe(20);
  expect(await failuresOf(world)).toEqual([]);
  trouble.on = false;
  await world.drain();
  expect(names(world)).toEqual(['new0', 'new1', 'new2']);
});

test('a record that may not be read is its own open failure with the words of its system, tried hourly, and heals', async () => {
  for (const kind of ['forbidden', 'unauthorised', 'misconfigured'] as const) {
    let refused = false;
    const explanation = 'no access to this one';
    const world = await threeAtRest({
      erpUnreadable: (key) =>
        refused && key === 'e1' ? new SyncError(kind, 'Made to fail.', { explanation }) : undefined,
    });
    refused = true;
    editAll(world);
    await world.poll();
    await world.drain();
    expect(names(world)).toEqual(['new0', 'start1', 'new2']);
    expect(await failuresOf(world)).toMatchObject([{ linkId: 'link1', kind, explanation }]);
    expect((await world.quiet.connections.get(tenantId, connectionId))?.state).toBe('active');
    const reads = world.erp.callCount();
    world.nowMs += 60_000;
    await world.minutes(50);
    const [failure] = await failuresOf(world);
    expect(Date.parse(failure?.nextAttemptAt ?? '')).toBeGreaterThan(world.nowMs - 3_600_000);
    expect(world.erp.callCount() - reads).toBeLessThan(60);
    refused = false;
    await world.minutes(15);
    expect(names(world)).toEqual(['new0', 'new1', 'new2']);
    expect(await failuresOf(world)).toEqual([]);
  }
});

test('a side that cannot be read any more in a later round leaves what the first round recorded', async () => {
  const refuse = { from: Number.POSITIVE_INFINITY, reads: 0 };
  const world = await threeAtRest({
    pageSize: 200,
    gate: async (what) => {
      if (what !== 'erp.get.sent') return;
      refuse.reads += 1;
      if (refuse.reads >= refuse.from) throw new SyncError('transient', 'Made to fail.');
    },
  });
  editAll(world);
  // One record is stale: somebody edits it while it is read.
  const { get } = world.erp;
  world.erp.get = async (...asked) => {
    const batch = await get.apply(world.erp, asked);
    world.erp.edit('party', 'e1', { NAME: 'theirs' });
    return batch;
  };
  refuse.from = refuse.reads + 2;
  await throughFirstLook(world, 6);
  expect((await failuresOf(world)).map(({ linkId }) => linkId)).toEqual(['link1']);
  expect([names(world)[0], names(world)[2]]).toEqual(['new0', 'new2']);
});

test('the last receive of a link that a worker is still at opens no failure', async () => {
  const world = await threeAtRest();
  editAll(world);
  await world.poll();
  while (world.ready()[0]?.message.kind !== 'look') {
    const [queued] = world.ready();
    if (!queued) throw new Error('there is a message');
    await world.handle(queued, world.quiet);
    world.acknowledge(queued);
  }
  const [queued] = world.ready();
  if (queued?.message.kind !== 'look') throw new Error('there is a look');
  const link = await world.quiet.links.get(tenantId, queued.message.linkIds[0] ?? '');
  if (!link) throw new Error('there is a link');
  await world.quiet.links.takeIntent(link, {
    token: 'another worker',
    runId: queued.message.runId,
    chunkId: queued.message.chunkId,
    expiresAtMs: world.nowMs + 60_000,
    versions: { crm: '', erp: '' },
    readAtMs: { crm: 0, erp: 0 },
    writes: [],
  });
  world.acknowledge(queued);
  world.messages.push({ ...queued, message: { ...queued.message, linkIds: [link.id] }, receives: 3 });
  await world.handle(world.messages.at(-1) ?? queued, world.quiet);
  world.messages.pop();
  expect(await failuresOf(world)).toEqual([]);
  await world.drain();
  await world.quiesce();
  expect(names(world)).toEqual(['new0', 'new1', 'new2']);
  expect(await failuresOf(world)).toEqual([]);
});

test('a dry run at its last receive, or over trouble, leaves nothing but its counts', async () => {
  for (const kind of ['unauthorised', 'transient', 'last receive'] as const) {
    let refused = false;
    const world = await threeAtRest({
      gate: async (what) => {
        if (refused && kind !== 'last receive' && what === 'erp.get.sent') throw new SyncError(kind, 'Made to fail.');
      },
    });
    refused = true;
    const run = await startRun(world.quiet, {
      tenantId,
      connectionId,
      kind: 'sync',
      scope: { kind: 'links', linkIds: ['link0'] },
      linkIds: ['link0'],
      trigger: { by: 'user' },
      dryRun: true,
    });
    const before = await world.links();
    if (kind === 'last receive') for (const queued of world.messages) queued.receives = 3;
    await world.drain();
    expect(await world.links()).toEqual(before);
    expect(await failuresOf(world)).toEqual([]);
    expect(await dueOf(world)).toEqual([]);
    expect((await world.quiet.connections.get(tenantId, connectionId))?.state).toBe('active');
    const counters = { lookedAt: 1, failed: 1 };
    expect(await world.quiet.runs.get(tenantId, run.id)).toMatchObject({ state: 'done-with-failures', counters });
  }
});

test('a link disconnected over an unanswered write is looked at to settle it, and for nothing else', async () => {
  const world = await threeAtRest();
  editAll(world);
  world.erp.breakOverNextWrite();
  await throughFirstLook(world);
  const open = (await world.links()).findIndex((link) => link.intent);
  expect(open).toBeGreaterThanOrEqual(0);
  await world.disconnect(open);
  world.crm.edit('contact', `c${open}`, { name: 'later' });
  await world.drain();
  await world.minutes(3);
  const [link] = await world.quiet.links.getMany(tenantId, [world.linkId(open)]);
  expect(link?.state).toBe('disconnected');
  expect(link?.intent).toBeUndefined();
  expect(world.erp.valuesOf('party', `e${open}`).NAME).toBe(`new${open}`);
  expect((await world.log()).filter(({ linkId }) => linkId === link?.id)).toMatchObject([{ outcome: 'settled' }]);
  expect(await dueOf(world)).toEqual([]);
});

test('a link that cannot even be given up leaves its neighbours given up, with their failures', async () => {
  let down = false;
  const world = await threeAtRest({
    pageSize: 200,
    gate: async (what) => {
      if (down && what === 'erp.get.sent') throw new SyncError('transient', 'Made to fail.');
    },
  });
  down = true;
  editAll(world);
  breakFor(world, 'record', 'link0', 'too-large');
  await expect(throughFirstLook(world, 6)).rejects.toMatchObject({ kind: 'too-large' });
  expect((await failuresOf(world)).map(({ linkId }) => linkId).sort()).toEqual(['link1', 'link2']);
});
