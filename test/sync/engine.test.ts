/** What the engine does beyond the happy path, on memory systems: waits, failures, splitting, suspension, cancel, dry run, queueing. */
import { expect, test } from 'vitest';
import { type ErrorKind, SyncError } from '../../functions/core/errors.ts';
import { cancelRun } from '../../functions/sync/runs/cancel-run.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { connectionId, tenantId, World, type WorldOptions } from '../property/world.ts';
import { atRest, dueOf, failuresOf } from './at-rest.ts';

const fields = [
  { name: 'name', direction: 'both' },
  { name: 'city', direction: 'both' },
] as const;

/** A world at rest, and a switch that makes calls fail. */
async function inTrouble(options: Partial<WorldOptions> = {}) {
  const trouble: { on?: (what: string) => ErrorKind | undefined } = {};
  const world = await atRest({
    fields,
    links: 2,
    gate: async (what) => {
      const kind = trouble.on?.(what);
      if (kind) throw new SyncError(kind, 'Made to fail.', { explanation: 'the words of the vendor' });
    },
    ...options,
  });
  return { world, trouble };
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

test('an idle poll costs one list call per table and side, no message and no run', async () => {
  const { world } = await inTrouble();
  const before = { crm: world.crm.callCount(), erp: world.erp.callCount(), runs: (await world.runs()).length };
  await world.poll();
  expect(world.messages).toEqual([]);
  expect(world.crm.callCount() - before.crm).toBe(1);
  expect(world.erp.callCount() - before.erp).toBe(1);
  expect((await world.runs()).length).toBe(before.runs);
  expect(await world.quiet.runs.unfinished(tenantId, connectionId)).toEqual([]);
});

test('a poll that lists much and finds nothing to look at leaves no run', async () => {
  const { world } = await inTrouble();
  const before = (await world.runs()).length;
  for (let at = 10; at < 20; at += 1) world.crm.edit('contact', `c${at}`, { name: 'of no link' });
  await world.poll();
  const { runId = '' } = world.messages[0]?.message ?? {};
  expect(runId).not.toBe('');
  await world.drain();
  expect((await world.runs()).length).toBe(before);
  expect(await world.quiet.runs.get(tenantId, runId)).toBeUndefined();
});

test('a system that cannot be read is waited for, becomes an open failure after six attempts, and is made good by a later poll', async () => {
  const { world, trouble } = await inTrouble();
  world.crm.edit('contact', 'c0', { name: 'new' });
  await world.poll();
  trouble.on = (what) => (what === 'erp.get.sent' ? 'transient' : undefined);
  const [first] = await (async () => {
    await world.handle(world.ready()[0] ?? never());
    return world.runs();
  })();
  expect(first).toBeDefined();
  await world.drain();
  const [failure] = await failuresOf(world);
  expect(failure).toMatchObject({
    linkId: 'link0',
    kind: 'transient',
    attempts: 6,
    explanation: 'the words of the vendor',
  });
  expect((await dueOf(world)).map((due) => due.linkId)).toEqual(['link0']);
  expect((await world.runs())[0]).toMatchObject({
    state: 'done-with-failures',
    counters: { failed: 1, writtenToErp: 0 },
  });
  trouble.on = () => undefined;
  await world.quiesce();
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('new');
  expect(await failuresOf(world)).toEqual([]);
});

test('a run says what it waits for while it waits', async () => {
  const { world, trouble } = await inTrouble();
  trouble.on = (what) => (what === 'erp.listChanges.sent' ? 'transient' : undefined);
  const run = await syncAll(world);
  for (const queued of world.ready()) {
    await world.handle(queued);
    world.acknowledge(queued);
  }
  expect((await world.quiet.runs.get(tenantId, run.id))?.waiting).toMatchObject({
    kind: 'transient',
    side: 'erp',
    attempt: 1,
  });
  trouble.on = () => undefined;
  await world.drain();
  expect(await world.quiet.runs.get(tenantId, run.id)).toMatchObject({ state: 'done' });
});

test('a system that cannot even be opened is waited for, and the change arrives when it is back', async () => {
  const { world, trouble } = await inTrouble();
  world.crm.edit('contact', 'c0', { name: 'new' });
  trouble.on = (what) => (what === 'erp.capabilities.sent' ? 'transient' : undefined);
  await world.poll();
  for (const queued of world.ready()) {
    await world.handle(queued);
    world.acknowledge(queued);
  }
  const [run] = await world.runs();
  expect(run).toMatchObject({ state: 'running', waiting: { kind: 'transient', side: 'erp', attempt: 1 } });
  trouble.on = () => undefined;
  await world.quiesce();
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('new');
  expect(await failuresOf(world)).toEqual([]);
});

test('a sign-in refused while opening suspends the connection, whether it is met by a chain or by a chunk', async () => {
  for (const kind of ['detect', 'look']) {
    const { world, trouble } = await inTrouble();
    world.crm.edit('contact', 'c0', { name: 'new' });
    await world.poll();
    while (world.ready()[0]?.message.kind !== kind) {
      const [queued = never()] = world.ready();
      await world.handle(queued);
      world.acknowledge(queued);
    }
    trouble.on = (what) => (what === 'erp.capabilities.sent' ? 'unauthorised' : undefined);
    await world.drain();
    expect((await world.quiet.connections.get(tenantId, connectionId))?.state).toBe('suspended');
    expect(await failuresOf(world)).toMatchObject([{ kind: 'unauthorised', reason: 'connection-suspended' }]);
  }
});

test('a refused credential suspends the connection at once, and what was due stays due', async () => {
  const { world, trouble } = await inTrouble();
  world.crm.edit('contact', 'c0', { name: 'new' });
  await world.poll();
  trouble.on = (what) => (what === 'erp.get.sent' ? 'unauthorised' : undefined);
  await world.drain();
  const before = world.erp.callCount();
  expect((await world.quiet.connections.get(tenantId, connectionId))?.state).toBe('suspended');
  expect(await failuresOf(world)).toMatchObject([{ kind: 'unauthorised', reason: 'connection-suspended' }]);
  expect((await dueOf(world)).length).toBe(1);
  await world.quiesce();
  expect(world.erp.callCount()).toBe(before);
  await expect(syncAll(world)).rejects.toMatchObject({ kind: 'conflict' });
});

test('a chunk that kills its worker is split at the third receive, and its poisoned link becomes an open failure', async () => {
  const { world } = await inTrouble({ links: 3 });
  for (const at of [0, 1, 2]) world.crm.edit('contact', `c${at}`, { name: `new${at}` });
  await world.poll();
  const poisoned = (linkIds: readonly string[]) => linkIds.includes('link1');
  for (let step = 0; step < 200 && world.messages.length > 0; step += 1) {
    const [queued] = world.ready();
    if (!queued) {
      world.nowMs = Math.min(...world.messages.map((one) => one.readyAtMs));
      continue;
    }
    const dies =
      queued.message.kind === 'look' &&
      poisoned(queued.message.linkIds) &&
      queued.receives < (queued.message.linkIds.length > 1 ? 2 : 3);
    if (dies) queued.receives += 1;
    else {
      await world.handle(queued, world.quiet);
      world.acknowledge(queued);
    }
  }
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('new0');
  expect(world.erp.valuesOf('party', 'e2').NAME).toBe('new2');
  expect(await failuresOf(world)).toMatchObject([{ linkId: 'link1', kind: 'defect' }]);
});

test('a refused field is parked with the words of the vendor, others go on, and it is sent again only when it changes', async () => {
  const { world } = await inTrouble({
    erpRefuses: (field, value) => (field === 'NAME' && value === 'bad' ? 'Not that name' : undefined),
  });
  world.crm.edit('contact', 'c0', { name: 'bad', city: 'Utrecht' });
  world.crm.edit('contact', 'c1', { name: 'good' });
  await world.poll();
  await world.drain();
  expect(world.erp.valuesOf('party', 'e0')).toMatchObject({ NAME: 'start0', CITY: 'Utrecht' });
  expect(world.erp.valuesOf('party', 'e1').NAME).toBe('good');
  expect(await failuresOf(world)).toMatchObject([
    { fields: [{ field: 'NAME~name', reason: 'refused-by-system', explanation: 'Not that name' }] },
  ]);
  // Nothing failed, and yet the run says that somebody has to look at it.
  expect((await world.runs())[0]).toMatchObject({
    state: 'done-with-failures',
    counters: { failed: 0, rejected: 1 },
  });
  const writes = world.erp.written.length;
  await world.compare();
  await world.quiesce();
  expect(world.erp.written.length).toBe(writes);
  world.nowMs += 120_000;
  world.crm.edit('contact', 'c0', { name: 'better' });
  await world.quiesce();
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('better');
  expect(await failuresOf(world)).toEqual([]);
});

test('the one refused field among several is found although the system does not name it, and the others go on', async () => {
  const many = Array.from({ length: 9 }, (_, at) => ({ name: `f${at}`, direction: 'both' as const }));
  const { world } = await inTrouble({
    fields: many,
    erpRefuses: (_field, value) => (value === 'bad' ? 'Not that value' : undefined),
    erpNamesRefused: false,
  });
  const edits = Object.fromEntries(many.map(({ name }, at) => [name, at === 6 ? 'bad' : `new${at}`]));
  world.crm.edit('contact', 'c0', edits);
  await world.poll();
  await world.drain();
  const kept = world.erp.valuesOf('party', 'e0');
  expect(many.map(({ name }) => kept[name.toUpperCase()])).toEqual(
    many.map((_, at) => (at === 6 ? 'start0' : `new${at}`)),
  );
  expect(await failuresOf(world)).toMatchObject([{ fields: [{ field: 'F6~f6', explanation: 'Not that value' }] }]);
  const [run] = await world.runs();
  expect(run?.counters).toMatchObject({ lookedAt: 1, writtenToErp: 8, rejected: 1, failed: 0 });
});

test('80 fields of 255 wide characters are synchronised, logged and refused like any other', async () => {
  const names = Array.from({ length: 80 }, (_, at) => `f${at}`);
  let refuses = false;
  const world = await atRest({
    fields: names.map((name) => ({ name, direction: 'both' as const })),
    links: 1,
    erpRefuses: (field) => (refuses ? `Not that ${field} ${'€'.repeat(2_000)}` : undefined),
  });
  const edit = (mark: string) => {
    const wide = (name: string) => `${mark}${name}`.padEnd(8) + '😀'.repeat(247);
    world.crm.edit('contact', 'c0', Object.fromEntries(names.map((name) => [name, wide(`crm${name}`)])));
    world.erp.edit('party', 'e0', Object.fromEntries(names.map((name) => [name.toUpperCase(), wide(`erp${name}`)])));
  };
  edit('1');
  await world.minutes(2);
  edit('2');
  await world.minutes(2);
  expect(world.erp.valuesOf('party', 'e0').F79).toBe(world.crm.valuesOf('contact', 'c0').f79);
  expect((await world.log()).filter(({ conflict }) => conflict)).toHaveLength(160);
  expect(await failuresOf(world)).toEqual([]);
  refuses = true;
  edit('3');
  await world.minutes(300);
  expect((await failuresOf(world)).map(({ fields }) => fields.length)).toEqual([80]);
  expect(await dueOf(world)).toEqual([]);
});

test('what could not be recorded is not sent: it is the failure of its link, and the neighbours go on', async () => {
  const names = ['name', ...Array.from({ length: 99 }, (_, at) => `f${at}`)];
  const world = await atRest({ fields: names.map((name) => ({ name, direction: 'both' as const })), links: 2 });
  const edit = (crm: string, erp: string) => {
    world.crm.edit('contact', 'c0', Object.fromEntries(names.map((name) => [name, crm])));
    world.erp.edit('party', 'e0', Object.fromEntries(names.map((name) => [name.toUpperCase(), erp])));
  };
  edit('x'.repeat(7_900), 'y'.repeat(7_900));
  world.crm.edit('contact', 'c1', { name: 'new' });
  const { length } = world.crm.written;
  await world.poll();
  await world.drain();
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('y'.repeat(7_900));
  expect(world.crm.written).toHaveLength(length);
  expect(world.erp.valuesOf('party', 'e1').NAME).toBe('new');
  expect(await failuresOf(world)).toMatchObject([{ linkId: 'link0', kind: 'too-large' }]);
  edit('short', 'shorter');
  await world.minutes(2);
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe(world.crm.valuesOf('contact', 'c0').name);
  expect(await failuresOf(world)).toEqual([]);
});

test('a record gone on one side breaks its link with the reason and an open failure, and deletes nothing', async () => {
  const { world } = await inTrouble();
  world.erp.removeRecord('party', 'e1');
  await world.compare();
  await world.drain();
  expect(await world.quiet.links.get(tenantId, 'link1')).toMatchObject({
    state: 'broken',
    stateReason: 'erp-actor-gone',
  });
  expect(world.crm.valuesOf('contact', 'c1').name).toBe('start1');
  expect(await failuresOf(world)).toMatchObject([{ linkId: 'link1', kind: 'missing', reason: 'erp-actor-gone' }]);
});

test('a dry run predicts the writes that follow and touches nothing', async () => {
  const { world } = await inTrouble();
  world.crm.edit('contact', 'c0', { name: 'new' });
  world.erp.edit('party', 'e0', { CITY: 'Breda' });
  world.erp.edit('party', 'e1', { CITY: 'Utrecht' });
  const dry = await syncAll(world, true);
  await world.drain();
  expect([world.crm.written.length, world.erp.written.length, (await dueOf(world)).length]).toEqual([0, 0, 0]);
  const real = await syncAll(world);
  await world.drain();
  const changes = async (runId: string) =>
    (await world.quiet.changeLog.list(tenantId, { runId }, { limit: 50 })).items
      .map(({ linkId, crmField, side, oldValue, newValue }) => ({ linkId, crmField, side, oldValue, newValue }))
      .sort((one, other) => (one.linkId + one.side < other.linkId + other.side ? -1 : 1));
  expect(await changes(dry.id)).toEqual(await changes(real.id));
  expect((await changes(real.id)).length).toBe(3);
  const counters = async (runId: string) => (await world.quiet.runs.get(tenantId, runId))?.counters;
  const { callsToCrm, callsToErp, ...predicted } = (await counters(dry.id)) ?? {};
  expect(await counters(real.id)).toMatchObject(predicted);
  expect([callsToCrm, callsToErp]).not.toContain(0);
});

test('triggers that come while changes are being detected get one queued run', async () => {
  const { world } = await inTrouble();
  const first = await syncAll(world);
  const second = await syncAll(world);
  const third = await syncAll(world);
  expect(first.state).toBe('running');
  expect(second.state).toBe('queued');
  expect(third.id).toBe(second.id);
  world.erp.edit('party', 'e0', { NAME: 'late' });
  await world.drain();
  expect((await world.quiet.runs.get(tenantId, second.id))?.state).toBe('done');
  expect(world.crm.valuesOf('contact', 'c0').name).toBe('late');
});

/** Handles messages until one is about to look at links. */
async function untilLooks(world: World): Promise<void> {
  while (!world.messages.some((queued) => queued.message.kind === 'look')) {
    const [queued] = world.ready();
    await world.handle(queued ?? never());
    if (queued) world.acknowledge(queued);
  }
}

test('a cancelled run leaves what it detected due, and the next poll looks at it', async () => {
  const { world } = await inTrouble({ links: 3 });
  for (const at of [0, 1, 2]) world.crm.edit('contact', `c${at}`, { name: `new${at}` });
  const run = await syncAll(world);
  await untilLooks(world);
  await cancelRun(world.quiet, tenantId, run.id);
  await world.drain();
  expect(world.erp.written).toEqual([]);
  expect((await world.quiet.runs.get(tenantId, run.id))?.state).toBe('cancelled');
  await world.quiesce();
  expect([0, 1, 2].map((at) => world.erp.valuesOf('party', `e${at}`).NAME)).toEqual(['new0', 'new1', 'new2']);
});

test('nothing is looked at once its run has ended or its connection is not active, also where nobody tidied up', async () => {
  for (const end of ['run', 'connection'] as const) {
    const { world } = await inTrouble({ links: 3 });
    for (const at of [0, 1, 2]) world.crm.edit('contact', `c${at}`, { name: `new${at}` });
    const run = await syncAll(world);
    await untilLooks(world);
    if (end === 'run') await world.quiet.runs.end(run, 'cancelled', world.quiet.runtime.now());
    const connection = await world.quiet.connections.get(tenantId, connectionId);
    if (end === 'connection' && connection) await world.quiet.connections.replace({ ...connection, state: 'inactive' });
    await world.drain();
    expect(world.erp.written, end).toEqual([]);
    expect(await dueOf(world), end).not.toEqual([]);
  }
});

test('only the first page of an interactive run stays in the high lane and in its group', async () => {
  const { world } = await inTrouble({ links: 3 });
  for (const at of [0, 1, 2]) world.crm.edit('contact', `c${at}`, { name: `new${at}` });
  await syncAll(world);
  const seen: string[] = [];
  while (world.messages.length > 0) {
    const [queued] = world.ready();
    const message = (queued ?? never()).message;
    if (message.kind === 'look') seen.push(`${message.lane} ${message.interactive}`);
    await world.handle(queued ?? never());
    world.acknowledge(queued ?? never());
  }
  expect(seen).toEqual(['high true', 'normal false']);
});

test('the first poll of a UTC day starts one compare run where a change list may miss edits', async () => {
  const { world } = await inTrouble({ listMayMissEdits: true });
  const comparing = async () => (await world.runs()).filter((run) => run.kind === 'compare').length;
  const before = await comparing();
  await world.poll();
  await world.drain();
  world.nowMs += 120_000;
  world.crm.edit('contact', 'c0', { name: 'a poll with work to do' });
  await world.poll();
  await world.drain();
  expect(await comparing()).toBe(before);
  world.nowMs += 86_400_000;
  await world.poll();
  await world.drain();
  world.nowMs += 120_000;
  await world.poll();
  await world.drain();
  expect(await comparing()).toBe(before + 1);
});

test('a call between polls only picks up what is due without a message', async () => {
  const { world } = await inTrouble();
  await world.poll();
  await world.drain();
  world.crm.edit('contact', 'c0', { name: 'new' });
  const due = { tenantId, connectionId, linkId: 'link1', sequence: 'lost' };
  await world.quiet.dueItems.putMany([due]);
  const calls = world.crm.callCount();
  world.nowMs += 10_000;
  await world.poll();
  await world.drain();
  expect(world.crm.callCount() - calls).toBe(1);
  expect(await dueOf(world)).toEqual([]);
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('start0');
});

test('a first sync of two hundred links reads both sides in pages', async () => {
  const world = new World({ fields, links: 200, pageSize: 200 });
  await world.setUp();
  await world.poll();
  await world.drain();
  const [run] = await world.runs();
  expect(run?.counters).toMatchObject({ lookedAt: 200, failed: 0 });
  expect(run?.counters.callsToCrm).toBeLessThanOrEqual(1 + 2 * 8);
  expect(run?.counters.callsToErp).toBeLessThanOrEqual(1 + 2 * 8);
});

function never(): never {
  throw new Error('there is always a message here');
}
