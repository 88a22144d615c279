/** How runs end, whatever becomes of their connection, their messages and the run they wait for. */
import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import { hasEnded, type Run } from '../../functions/core/model/run.ts';
import type { Engine } from '../../functions/sync/engine.ts';
import { suspendConnection } from '../../functions/sync/guards/suspend-connection.ts';
import { cancelRun } from '../../functions/sync/runs/cancel-run.ts';
import { detectMessage } from '../../functions/sync/runs/chains.ts';
import { dispatchPoll } from '../../functions/sync/runs/dispatch-poll.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { bookFaults } from '../property/books.ts';
import { connectionId, tenantId, type World } from '../property/world.ts';
import { atRest, dueOf, failuresOf, turnEngine } from './at-rest.ts';

const fields = [{ name: 'name', direction: 'both' }] as const;
const threeAtRest = () => atRest({ fields, links: 3 });

function editAll(world: World): void {
  for (let at = 0; at < world.options.links; at += 1) world.crm.edit('contact', `c${at}`, { name: `new${at}` });
  world.nowMs += 60_000;
}

const syncAll = (world: World, dryRun = false) =>
  startRun(world.quiet, {
    tenantId,
    connectionId,
    kind: 'sync',
    scope: { kind: 'connection' },
    trigger: { by: 'user' },
    dryRun,
  });

const runOf = (world: World, id: string) => world.quiet.runs.get(tenantId, id);
const stateOf = async (world: World) => (await world.quiet.connections.get(tenantId, connectionId))?.state;

/** Handles messages until only those of looks are left. */
async function detectAll(world: World): Promise<void> {
  for (;;) {
    const queued = world.messages.find(({ message }) => message.kind === 'detect');
    if (!queued) return;
    await world.handle(queued, world.quiet);
    world.acknowledge(queued);
  }
}

/** So many minutes of polls, whose messages nobody handles. */
async function pollsAlone(world: World, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    world.nowMs += 60_000;
    await world.poll();
  }
}

async function suspend(world: World, kind: 'misconfigured' | 'unauthorised' = 'misconfigured'): Promise<void> {
  const connection = await world.quiet.connections.get(tenantId, connectionId);
  if (connection) await suspendConnection(world.quiet, connection, new SyncError(kind, 'Made to fail.'));
}

test('a stalled run is sent again once, and again only after twice the time', async () => {
  const world = await threeAtRest();
  editAll(world);
  await syncAll(world);
  const sent = world.messages.length;
  world.messages.length = 0;
  await pollsAlone(world, 60);
  // After 2, 6, 14 and 30 minutes.
  expect(world.messages.length).toBe(4 * sent);
  await world.drain();
  expect(world.erp.valuesOf('party', 'e2').NAME).toBe('new2');
});

test('two dispatchers at once help a stalled run on once', async () => {
  const world = await threeAtRest();
  editAll(world);
  await syncAll(world);
  const sent = world.messages.length;
  world.messages.length = 0;
  world.nowMs += 130_000;
  await Promise.all([world.poll(), world.poll()]);
  expect(world.messages.length).toBe(sent);
});

test('suspending ends the runs under way with that reason, counts what was met, and leaves what is due', async () => {
  const world = await threeAtRest();
  editAll(world);
  const looking = await syncAll(world);
  await detectAll(world);
  const detecting = await syncAll(world);
  const waiting = await syncAll(world);
  await suspend(world);
  for (const { id } of [looking, detecting, waiting]) {
    expect(await runOf(world, id)).toMatchObject({ state: 'cancelled', reason: 'connection-suspended', open: 0 });
  }
  await world.drain();
  expect(await dueOf(world)).toHaveLength(3);
  expect(world.erp.written).toEqual([]);
});

test('a suspended connection whose messages were lost has no run under way after its next call', async () => {
  const world = await threeAtRest();
  editAll(world);
  const run = await syncAll(world);
  const dry = await syncAll(world, true);
  world.messages.length = 0;
  const connection = await world.quiet.connections.get(tenantId, connectionId);
  const suspension = { kind: 'misconfigured', at: new Date(world.nowMs).toISOString() };
  if (connection) await world.quiet.connections.replace({ ...connection, state: 'suspended', suspension });
  await world.poll();
  for (const { id } of [run, dry]) {
    expect(await runOf(world, id)).toMatchObject({ state: 'cancelled', reason: 'connection-suspended' });
  }
});

test('a message of a connection that was deactivated ends its run as cancelled, never as done with nothing', async () => {
  for (const kind of ['detect', 'look'] as const) {
    const world = await threeAtRest();
    editAll(world);
    const run = await syncAll(world);
    if (kind === 'look') await detectAll(world);
    await world.switchConnection('inactive');
    await world.drain();
    expect(await runOf(world, run.id), kind).toMatchObject({
      state: 'cancelled',
      reason: 'connection-deactivated',
      open: 0,
    });
    await world.switchConnection('active');
    await world.minutes(3);
    expect(world.erp.valuesOf('party', 'e2').NAME).toBe('new2');
  }
});

/** The engine of somebody who lists what is under way only after this was done. */
function listingAfter(world: World, meanwhile: () => Promise<void>): Engine {
  const { runs } = world.quiet;
  let isDone = false;
  const unfinished: Engine['runs']['unfinished'] = async (...of) => {
    if (!isDone) await meanwhile();
    isDone = true;
    return runs.unfinished(...of);
  };
  return { ...world.quiet, runs: Object.assign(Object.create(runs), { unfinished }) };
}

test('whoever finds a connection switched off, or the engine stopped, ends no run that was let in since', async () => {
  const turns = {
    connection: (world: World, on: boolean) => world.switchConnection(on ? 'active' : 'inactive'),
    engine: turnEngine,
  };
  for (const [what, turn] of Object.entries(turns)) {
    for (const met of ['call', 'message'] as const) {
      const world = await threeAtRest();
      editAll(world);
      const before = await syncAll(world);
      await turn(world, false);
      let since: Run | undefined;
      const engine = listingAfter(world, async () => {
        await cancelRun(world.quiet, tenantId, before.id);
        await turn(world, true);
        since = await syncAll(world);
      });
      const [message] = world.messages;
      if (met === 'call') await dispatchPoll(engine, { tenantId, connectionId });
      else if (message) await world.handle(message, engine);
      expect(since && (await runOf(world, since.id)), `${what}, met by a ${met}`).toMatchObject({ state: 'running' });
      await world.drain();
      expect(world.erp.valuesOf('party', 'e2').NAME, `${what}, met by a ${met}`).toBe('new2');
    }
  }
});

/** Handles what is sent by now; once the first message has read what stands, it is turned on. */
async function handleAllTurningOn(world: World, turnOn: () => Promise<void>): Promise<void> {
  const { connections, breakers } = world.quiet;
  const reads = { setup: false, standing: false };
  let isOn = false;
  const thenOn = async (read: keyof typeof reads) => {
    reads[read] = true;
    if (isOn || !reads.setup || !reads.standing) return;
    isOn = true;
    await turnOn();
  };
  const getSetup: Engine['connections']['getSetup'] = async (...of) => {
    const setup = await connections.getSetup(...of);
    await thenOn('setup');
    return setup;
  };
  const get: Engine['breakers']['get'] = async (...of) => {
    const found = await breakers.get(...of);
    await thenOn('standing');
    return found;
  };
  const engine = {
    ...world.quiet,
    connections: Object.assign(Object.create(connections), { getSetup }),
    breakers: Object.assign(Object.create(breakers), { get }),
  };
  for (const message of world.messages.splice(0)) await world.handle(message, engine);
}

test('a run whose message finds its connection switched off, or the engine stopped, ends, though that is over by then', async () => {
  const turns = {
    connection: (world: World, on: boolean) => world.switchConnection(on ? 'active' : 'inactive'),
    engine: turnEngine,
  };
  for (const [what, turn] of Object.entries(turns)) {
    for (const kind of ['detect', 'look'] as const) {
      const world = await threeAtRest();
      editAll(world);
      const run = await syncAll(world);
      if (kind === 'look') await detectAll(world);
      await turn(world, false);
      await handleAllTurningOn(world, () => turn(world, true));
      expect(await runOf(world, run.id), `${what}, met by a ${kind}`).toMatchObject({ state: 'cancelled', open: 0 });
      await world.minutes(3);
      expect(world.erp.valuesOf('party', 'e2').NAME, `${what}, met by a ${kind}`).toBe('new2');
    }
  }
});

test('a run that waits behind one which ended without passing on is started by the next call', async () => {
  const world = await threeAtRest();
  editAll(world);
  const first = await syncAll(world, true);
  const second = await syncAll(world, true);
  expect(second.state).toBe('queued');
  await world.quiet.runs.end(first, 'cancelled', new Date(world.nowMs).toISOString());
  world.messages.length = 0;
  await world.poll();
  await world.drain();
  expect(await runOf(world, second.id)).toMatchObject({ state: 'done', counters: { lookedAt: 3 } });
});

test('a run that waits behind a dead one starts once that has failed', async () => {
  const world = await threeAtRest();
  const first = await syncAll(world, true);
  const second = await syncAll(world, true);
  for (let minute = 0; minute < 6 * 60 + 2; minute += 1) {
    if ((await runOf(world, first.id))?.state === 'failed') break;
    world.messages.length = 0;
    await pollsAlone(world, 1);
  }
  expect(await runOf(world, first.id)).toMatchObject({ state: 'failed', reason: 'no-progress', open: 0 });
  await world.drain();
  expect(await runOf(world, second.id)).toMatchObject({ state: 'done' });
});

test('a cancelled run keeps no chunk open, though its messages are lost, and counts what a worker still finds', async () => {
  const world = await threeAtRest();
  editAll(world);
  const run = await syncAll(world);
  await detectAll(world);
  world.messages.length = 0;
  expect(await cancelRun(world.quiet, tenantId, run.id)).toMatchObject({ state: 'cancelled', open: 0 });
  expect(await world.quiet.runs.openChunks(tenantId, run.id)).toEqual([]);
  await world.minutes(3);
  expect(world.erp.valuesOf('party', 'e2').NAME).toBe('new2');
  expect(await bookFaults(world)).toEqual([]);
});

test('where whoever cancelled a run died before its chunks were closed, any message of it closes them', async () => {
  for (const kind of ['look', 'detect'] as const) {
    const world = await atRest({ fields, links: 3, pageSize: 2 });
    editAll(world);
    const { id } = await syncAll(world);
    await detectAll(world);
    const run = await runOf(world, id);
    if (!run) throw new Error('there is such a run');
    await world.quiet.runs.end(run, 'cancelled', world.quiet.runtime.now());
    expect(await world.quiet.runs.openChunks(tenantId, id)).toHaveLength(2);
    const [look] = world.messages;
    world.messages.length = 0;
    if (kind === 'look' && look) await world.handle(look, world.quiet);
    else await world.quiet.queue.send([detectMessage(run, 'crm:contact', 0)]);
    await world.drain();
    expect(await world.quiet.runs.openChunks(tenantId, id), kind).toEqual([]);
    expect(world.erp.written, kind).toEqual([]);
  }
});

test('suspension against deactivation ends right and without a failure, whichever comes first', async () => {
  const first = await threeAtRest();
  await suspend(first);
  expect(await stateOf(first)).toBe('suspended');
  expect(await failuresOf(first)).toHaveLength(1);

  let deactivate: (() => Promise<void>) | undefined;
  const second = await atRest({
    fields,
    links: 1,
    gate: async (what) => {
      // Between the failure and the state: somebody deactivates.
      if (what !== 'table.transact' && what !== 'table.write') return;
      if ((await failuresOf(second)).length === 0) return;
      const now = deactivate;
      deactivate = undefined;
      await now?.();
    },
  });
  deactivate = () => second.switchConnection('inactive');
  const connection = await second.quiet.connections.get(tenantId, connectionId);
  const error = new SyncError('misconfigured', 'Made to fail.');
  if (connection) await suspendConnection(second.engine, connection, error);
  expect(deactivate).toBeUndefined();
  expect(await stateOf(second)).toBe('inactive');
  expect(await failuresOf(second)).toEqual([]);
});

test('a suspended connection is tried once a day by itself, and resumed once it works; a refused password is not tried', async () => {
  const trouble = { on: true, calls: 0 };
  const world = await atRest({
    fields,
    links: 1,
    gate: async (what) => {
      if (what !== 'erp.listChanges.sent' || !trouble.on) return;
      trouble.calls += 1;
      throw new SyncError('misconfigured', 'Made to fail.');
    },
  });
  await world.minutes(1);
  expect(await stateOf(world)).toBe('suspended');
  const hours = async (count: number) => {
    for (let hour = 0; hour < count; hour += 1) {
      world.nowMs += 3_600_000;
      await world.poll();
      await world.drain();
    }
  };
  await hours(23);
  // Believed when it was met twice.
  expect(trouble.calls).toBe(2);
  await hours(2);
  expect(trouble.calls).toBe(3);
  expect(await stateOf(world)).toBe('suspended');
  trouble.on = false;
  await hours(25);
  expect(await stateOf(world)).toBe('active');
  expect(await failuresOf(world)).toEqual([]);

  await suspend(world, 'unauthorised');
  const calls = world.erp.callCount();
  await hours(50);
  expect(world.erp.callCount()).toBe(calls);
  expect(await stateOf(world)).toBe('suspended');
});

test('a dry run opens no failure and suspends nothing, whatever its lists and looks meet', async () => {
  for (const [kind, where] of [
    ['defect', 'erp.listChanges.sent'],
    ['misconfigured', 'erp.listChanges.sent'],
    ['unauthorised', 'erp.get.sent'],
    ['transient', 'erp.get.sent'],
    ['transient', 'crm.listChanges.sent'],
  ] as const) {
    const trouble = { on: false };
    const world = await atRest({
      fields,
      links: 1,
      gate: async (what) => {
        if (trouble.on && what === where) throw new SyncError(kind, 'Made to fail.');
      },
    });
    world.crm.edit('contact', 'c0', { name: 'new' });
    trouble.on = true;
    const run = await syncAll(world, true);
    for (const queued of world.messages) queued.receives = 2;
    await world.drain();
    expect(await runOf(world, run.id), `${kind} ${where}`).toMatchObject({
      state: 'done-with-failures',
      counters: { failed: 1 },
    });
    expect(await failuresOf(world), `${kind} ${where}`).toEqual([]);
    expect(await stateOf(world)).toBe('active');
    expect(await dueOf(world)).toEqual([]);
  }
});

test('a dry run writes nothing when a link of it kills its workers', async () => {
  const world = await threeAtRest();
  world.crm.edit('contact', 'c0', { name: 'new' });
  const run = await syncAll(world, true);
  await detectAll(world);
  const before = await world.quiet.links.get(tenantId, 'link0');
  for (const queued of world.messages) queued.receives = 3;
  await world.drain();
  expect(await runOf(world, run.id)).toMatchObject({
    state: 'done-with-failures',
    counters: { lookedAt: 1, failed: 1 },
  });
  expect(await world.quiet.links.get(tenantId, 'link0')).toEqual(before);
  expect([await dueOf(world), await failuresOf(world)]).toEqual([[], []]);
});

test('a list that kills its workers is an open failure at its fourth receive, and its run ends', async () => {
  const world = await threeAtRest();
  const run = await syncAll(world);
  for (const queued of world.messages) if (queued.message.kind === 'detect') queued.receives = 3;
  const calls = world.crm.callCount();
  await world.drain();
  expect(world.crm.callCount()).toBe(calls);
  const ended = await runOf(world, run.id);
  expect(ended).toMatchObject({ state: 'done-with-failures', counters: { failed: 3 } });
  expect(ended && hasEnded(ended.state)).toBe(true);
  expect((await failuresOf(world)).map(({ kind }) => kind)).toEqual(['defect', 'defect', 'defect']);
  await world.minutes(57);
  expect(await failuresOf(world)).toEqual([]);
});

/** Plays a poll that meets a refused sign-in, with a worker that dies at one storage call; its message is lost. */
async function suspendedWithDeath(dieAt: number) {
  let calls = 0;
  let refuses = false;
  let die = () => {};
  const world = await atRest({
    fields,
    links: 2,
    gate: async (what) => {
      if (what === 'erp.get.sent' && refuses) throw new SyncError('unauthorised', 'Made to fail.');
      if (!what.startsWith('table.') || !refuses) return;
      calls += 1;
      if (calls < dieAt || dieAt === 0) return;
      die();
      await new Promise(() => {});
    },
  });
  editAll(world);
  await syncAll(world);
  refuses = true;
  for (let [queued] = world.messages; queued; [queued] = world.messages) {
    const message = queued;
    const death = new Promise<void>((resolve) => {
      die = resolve;
    });
    await Promise.race([world.handle(message), death]);
    world.acknowledge(message);
    if (dieAt > 0 && calls >= dieAt) break;
  }
  world.messages.length = 0;
  await world.minutes(10);
  return { world, calls };
}

test('a worker that dies at any call while a refused sign-in is met leaves a suspended connection with one failure and no run', async () => {
  const { calls: all } = await suspendedWithDeath(0);
  expect(all).toBeGreaterThan(40);
  for (let dieAt = 1; dieAt <= all; dieAt += 1) {
    const { world } = await suspendedWithDeath(dieAt);
    expect(await stateOf(world), `died at ${dieAt}`).toBe('suspended');
    expect(await failuresOf(world), `died at ${dieAt}`).toMatchObject([{ reason: 'connection-suspended' }]);
    expect(await world.quiet.runs.unfinished(tenantId, connectionId), `died at ${dieAt}`).toEqual([]);
    expect((await dueOf(world)).length, `died at ${dieAt}`).toBeGreaterThan(0);
  }
});

test('a connection whose CRM has deleted the tenant is suspended with that reason, and operators are told', async () => {
  const trouble = new SyncError('misconfigured', 'The CRM has deleted this tenant.', { isTenantDeleted: true });
  let isDeleted = true;
  const world = await atRest({
    fields,
    links: 1,
    gate: async (what) => {
      if (what === 'crm.listChanges.sent' && isDeleted) throw trouble;
    },
  });
  await world.minutes(1);
  isDeleted = false;
  const connection = await world.quiet.connections.get(tenantId, connectionId);
  expect(connection?.suspension).toMatchObject({ kind: 'misconfigured', reason: 'crm-tenant-deleted' });
  const told = world.quiet.telemetry.told.filter(({ event }) => event === 'crm-tenant-deleted');
  expect(told).toMatchObject([{ kind: 'info', ids: { tenantId } }]);
});
