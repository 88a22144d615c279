import { expect, test } from 'vitest';
import { countingTable } from '../../bench/counting-table.ts';
import { memoryTable } from '../../functions/adapters/memory/memory-table.ts';
import { SyncError } from '../../functions/core/errors.ts';
import type { Run } from '../../functions/core/model/run.ts';
import { noSweepProgress, progressOf } from '../../functions/core/model/sweep.ts';
import { handleWork } from '../../functions/sync/handle-work.ts';
import { recordFinding } from '../../functions/sync/look/record-finding.ts';
import { cancelRun } from '../../functions/sync/runs/cancel-run.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { connectionId, tenantId, type World, type WorldOptions } from '../property/world.ts';
import { atRest, dueOf, failuresOf } from './at-rest.ts';

const dayMs = 24 * 3_600_000;
const fields = [{ name: 'name', direction: 'both' }] as const;
const misses = { listMissesDeletes: true };

/** At rest, both sides miss deletes, and today's sweep is over. */
function swept(links: number, over: Partial<WorldOptions> = {}): Promise<World> {
  const { crm, erp, ...others } = over;
  return atRest({ fields, links, crm: { ...misses, ...crm }, erp: { ...misses, ...erp }, ...others });
}

/** The first poll of the next day, and all that follows. */
async function nextDay(world: World): Promise<void> {
  world.nowMs += dayMs;
  await world.poll();
  await world.drain();
}

async function sweeps(world: World): Promise<readonly Run[]> {
  return (await world.runs()).filter(({ kind }) => kind === 'sweep');
}

const statesOf = async (world: World) => (await world.links()).map(({ state }) => state);
const activityOf = (world: World) => world.quiet.connections.activity(tenantId, connectionId);

test.each(['crm', 'erp'] as const)(
  'a record that was deleted in the %s is found without any edit, once a day',
  async (side) => {
    const world = await swept(3);
    world[side].removeRecord(side === 'crm' ? 'contact' : 'party', side === 'crm' ? 'c1' : 'e1');
    await world.minutes(30);
    expect(await statesOf(world)).toEqual(['active', 'active', 'active']);
    await nextDay(world);
    expect(await statesOf(world)).toEqual(['active', 'broken', 'active']);
    const [link] = (await world.links()).filter(({ state }) => state === 'broken');
    expect(link?.stateReason).toBe(side === 'crm' ? 'crm-record-gone' : 'erp-actor-gone');
    expect(await failuresOf(world)).toMatchObject([{ linkId: 'link1', kind: 'missing' }]);
    const [run] = await sweeps(world);
    expect(run).toMatchObject({ lane: 'low', trigger: { by: 'schedule' }, counters: { lookedAt: 1, failed: 1 } });
  },
);

test('a sweep starts with the first poll of a UTC day, and no other poll of it costs a call more', async () => {
  const world = await swept(2);
  const before = (await sweeps(world)).length;
  expect(before).toBe(1);
  const calls = [world.crm.callCount(), world.erp.callCount()];
  await world.minutes(20);
  expect(world.crm.callCount() - (calls[0] ?? 0)).toBe(20);
  expect(world.erp.callCount() - (calls[1] ?? 0)).toBe(20);
  expect(await sweeps(world)).toHaveLength(before);
  // Nothing else keeps the first poll from ending in the dispatcher.
  const tomorrow = new Date(world.nowMs + dayMs).toISOString().slice(0, 10);
  await world.quiet.connections.noteDescribed(tenantId, connectionId, tomorrow);
  await nextDay(world);
  expect(await sweeps(world)).toHaveLength(before + 1);
});

test('where a comparison runs daily there is no sweep: it reads every record', async () => {
  const world = await swept(2, { listMayMissEdits: true });
  world.erp.removeRecord('party', 'e1');
  await nextDay(world);
  expect(await sweeps(world)).toEqual([]);
  expect(await statesOf(world)).toEqual(['active', 'broken']);
});

test('where lists tell of deletes nobody is asked', async () => {
  const world = await atRest({ fields, links: 2 });
  await nextDay(world);
  expect(await sweeps(world)).toEqual([]);
});

test('only the side whose lists miss deletes is asked', async () => {
  const world = await atRest({ fields, links: 2, erp: misses });
  await nextDay(world);
  const [run] = await sweeps(world);
  expect(run?.counters).toMatchObject({ callsToCrm: 0, callsToErp: 1 });
});

test('a sweep of 490 links takes one call a side and 0.05 storage calls a link, and looks at none that is well', async () => {
  let table = countingTable(memoryTable());
  const around: WorldOptions['around'] = (inner) => {
    table = countingTable(inner);
    return table;
  };
  const world = await swept(490, { around, joins: true });
  world.nowMs += dayMs;
  await world.poll();
  const list = world.messages.find(({ message }) => message.kind === 'detect' && message.chain === 'sweep:customer');
  if (!list) throw new Error('no sweep was started');
  table.startAnew();
  await world.handle(list, world.quiet);
  expect(table.counts().calls).toBeLessThanOrEqual(24);
  expect(table.counts().writeUnits).toBeLessThanOrEqual(10);
  const [run] = await sweeps(world);
  expect(run?.counters).toMatchObject({ lookedAt: 0, callsToCrm: 1, callsToErp: 1 });
});

test('an archived record is there, and a record that a capped answer left out is asked for again', async () => {
  let cap: number | undefined;
  const capped = { answersAtMost: () => cap };
  const world = await swept(9, { crm: capped, erp: capped });
  world.erp.setStanding('party', 'e3', { kind: 'archived' });
  await world.minutes(2);
  for (const most of [4, 2, 1]) {
    cap = most;
    await nextDay(world);
    const [run] = await sweeps(world);
    expect(run).toMatchObject({ state: 'done', counters: { lookedAt: 0 } });
  }
  world.erp.removeRecord('party', 'e8');
  await nextDay(world);
  expect((await statesOf(world)).map((state, at) => `${at} ${state}`)).toEqual([
    ...['0 active', '1 active', '2 active', '3 paused', '4 active', '5 active', '6 active', '7 active', '8 broken'],
  ]);
});

test('a record that an answer does not show, and that a read finds, breaks nothing', async () => {
  let empty = false;
  const world = await swept(12, { erp: { leavesOut: () => empty } });
  empty = true;
  await nextDay(world);
  expect(new Set(await statesOf(world))).toEqual(new Set(['active']));
  expect(await failuresOf(world)).toEqual([]);
  expect(await dueOf(world)).toEqual([]);
  expect((await activityOf(world)).sweep?.ended['sweep:customer']).toMatchObject({
    asked: 12,
    notFound: 12,
    unanswered: 0,
  });
});

test('where everything seems gone the allowance holds it: three links break, the others wait for a person', async () => {
  const world = await swept(20);
  for (let at = 0; at < 20; at += 1) world.erp.removeRecord('party', `e${at}`);
  await nextDay(world);
  expect((await statesOf(world)).filter((state) => state === 'broken')).toHaveLength(3);
  const [run] = await sweeps(world);
  expect(run).toMatchObject({ state: 'stopped-by-brake', reason: 'breaks', counters: { withheld: 17 } });
  expect(await dueOf(world)).toHaveLength(17);
});

test('a link whose break stands is left alone until its record is there again', async () => {
  const world = await swept(3);
  const row = world.erp.tables.get('party')?.get('e1');
  world.erp.removeRecord('party', 'e1');
  await nextDay(world);
  expect(await statesOf(world)).toEqual(['active', 'broken', 'active']);
  for (let day = 0; day < 2; day += 1) {
    await nextDay(world);
    expect((await sweeps(world))[0]?.counters.lookedAt).toBe(0);
  }
  // Its stamp is old: no list shows it.
  if (row) world.erp.tables.get('party')?.set('e1', row);
  await world.minutes(5);
  expect(await statesOf(world)).toEqual(['active', 'broken', 'active']);
  await nextDay(world);
  expect(await statesOf(world)).toEqual(['active', 'active', 'active']);
  expect(await failuresOf(world)).toEqual([]);
});

test('a link that is broken because its record was merged is left alone too', async () => {
  const world = await swept(2);
  world.erp.setStanding('party', 'e1', { kind: 'merged', into: 'e0' });
  await world.minutes(2);
  expect(await statesOf(world)).toEqual(['active', 'broken']);
  await nextDay(world);
  expect((await sweeps(world))[0]?.counters.lookedAt).toBe(0);
  world.erp.removeRecord('party', 'e1');
  await nextDay(world);
  expect((await sweeps(world))[0]?.counters.lookedAt).toBe(0);
});

test('a link that a person kept from breaking is left alone until its record is there again', async () => {
  const world = await swept(2);
  const row = world.erp.tables.get('party')?.get('e1');
  const link = await world.quiet.links.get(tenantId, 'link1');
  if (!row || !link) throw new Error('both are there');
  world.erp.removeRecord('party', 'e1');
  const becomes = { state: 'paused', stateReason: 'dropped', mergedInto: undefined } as const;
  const finding = { found: 'state', becomes, keeps: 'fields', at: new Date(world.nowMs).toISOString() } as const;
  await recordFinding(world.quiet, link, finding, () => ({}));
  await nextDay(world);
  expect((await sweeps(world))[0]?.counters.lookedAt).toBe(0);
  world.erp.tables.get('party')?.set('e1', row);
  await nextDay(world);
  expect(await statesOf(world)).toEqual(['active', 'active']);
});

test('what a sweep has found is due, so that it is looked at though every message of the run is lost', async () => {
  const world = await swept(3);
  world.erp.removeRecord('party', 'e1');
  world.nowMs += dayMs;
  await world.poll();
  for (const { message } of world.messages.splice(0)) await handleWork(world.quiet, message, 1);
  expect(await dueOf(world)).toMatchObject([{ linkId: 'link1' }]);
  const [run] = await sweeps(world);
  world.messages.length = 0;
  await cancelRun(world.quiet, tenantId, run?.id ?? '');
  await world.minutes(2);
  expect(await statesOf(world)).toEqual(['active', 'broken', 'active']);
});

test('a record that nothing is said of makes nothing due, and is counted', async () => {
  let silent = false;
  const refused = new SyncError('forbidden', 'Not this one.');
  const world = await swept(3, { erpUnreadable: (key) => (silent && key === 'e2' ? refused : undefined) });
  silent = true;
  await nextDay(world);
  expect((await sweeps(world))[0]).toMatchObject({ state: 'done', counters: { lookedAt: 0, failed: 0 } });
  expect((await activityOf(world)).sweep?.ended['sweep:customer']).toMatchObject({ asked: 3, unanswered: 1 });
});

test('what is due already is left to what it waits for', async () => {
  const world = await swept(2);
  world.erp.removeRecord('party', 'e1');
  const notBefore = new Date(world.nowMs + 2 * dayMs).toISOString();
  const due = { tenantId, connectionId, linkId: 'link1', sequence: 'theirs', notBefore };
  await world.quiet.dueItems.putMany([due]);
  await nextDay(world);
  expect(await dueOf(world)).toEqual([due]);
  expect((await sweeps(world))[0]?.counters.lookedAt).toBe(0);
});

test('a sweep that is through its budget goes on where it stopped on the next day, and is complete after several', async () => {
  const world = await swept(1_100);
  Object.assign(world.quiet.settings, { mostSweepCalls: 1 });
  world.erp.removeRecord('party', 'e5');
  world.erp.removeRecord('party', 'e1099');
  const asked: number[] = [];
  const begun = new Set<string | undefined>();
  for (let day = 0; day < 3; day += 1) {
    await nextDay(world);
    const { sweep } = await activityOf(world);
    begun.add(sweep?.begunAt);
    if (sweep) asked.push(progressOf(sweep).asked);
  }
  expect(asked).toEqual([490, 980, 1_100]);
  expect(begun.size).toBe(1);
  expect((await activityOf(world)).sweep).toMatchObject({ underWay: {}, ended: { 'sweep:customer': { notFound: 2 } } });
  expect((await statesOf(world)).filter((state) => state === 'broken')).toHaveLength(2);
  await nextDay(world);
  expect(begun).not.toContain((await activityOf(world)).sweep?.begunAt);
});

test('the budget is each side’s: the one whose lists tell of deletes is not asked, and the other stops at it', async () => {
  for (const side of ['crm', 'erp'] as const) {
    const world = await atRest({ fields, links: 600, [side]: misses });
    Object.assign(world.quiet.settings, { mostSweepCalls: 1 });
    await nextDay(world);
    expect((await activityOf(world)).sweep?.underWay['sweep:customer']).toMatchObject({ asked: 490 });
  }
});

test('a type that is not worked with keeps no sweep of the others from beginning', async () => {
  const world = await swept(2);
  const { sweep } = await activityOf(world);
  const begunAt = new Date(world.nowMs).toISOString();
  const underWay = { 'sweep:supplier': noSweepProgress(begunAt) };
  await world.quiet.connections.beginSweep(tenantId, connectionId, { begunAt, underWay, ended: {} }, sweep);
  await nextDay(world);
  expect((await activityOf(world)).sweep).toMatchObject({ underWay: {}, ended: { 'sweep:customer': { asked: 2 } } });
});

test('a sweep that is cancelled goes on where it stopped', async () => {
  const world = await swept(600);
  world.nowMs += dayMs;
  await world.poll();
  const list = () =>
    world.messages.find(({ message }) => message.kind === 'detect' && message.chain === 'sweep:customer');
  const first = list();
  if (!first) throw new Error('no sweep was started');
  await world.handle(first, world.quiet);
  world.acknowledge(first);
  const [run] = await sweeps(world);
  await cancelRun(world.quiet, tenantId, run?.id ?? '');
  await world.drain();
  expect((await sweeps(world))[0]?.state).toBe('cancelled');
  expect((await activityOf(world)).sweep?.underWay['sweep:customer']).toMatchObject({ asked: 490 });
  await nextDay(world);
  expect((await activityOf(world)).sweep?.ended['sweep:customer']).toMatchObject({ asked: 600 });
});

test('a side that cannot be asked is an open failure after six attempts, tried within two hours, and closed by the sweep that gets through', async () => {
  let down = false;
  const onCall = async (operation: string) => {
    if (down && operation === 'whichExist') throw new SyncError('transient', 'The server cannot be reached.');
  };
  const world = await swept(3, { erp: { onCall } });
  world.erp.removeRecord('party', 'e1');
  down = true;
  await nextDay(world);
  expect(await failuresOf(world)).toMatchObject([{ kind: 'transient', reason: 'changes-not-listed' }]);
  expect((await sweeps(world))[0]).toMatchObject({ state: 'done-with-failures' });
  await world.minutes(10);
  expect(await failuresOf(world)).toHaveLength(1);
  down = false;
  await world.minutes(125);
  expect(await failuresOf(world)).toMatchObject([{ linkId: 'link1', kind: 'missing' }]);
  expect(await statesOf(world)).toEqual(['active', 'broken', 'active']);
});

test('a side that asks for patience is left alone that long, and then the sweep goes on', async () => {
  let asksAt: number[] = [];
  const nowMs = () => world.nowMs;
  const onCall = async (operation: string, moment: string) => {
    if (operation !== 'whichExist' || moment !== 'sent') return;
    asksAt.push(nowMs());
    if (asksAt.length === 1) throw new SyncError('throttled', 'Too many calls.', { retryAfterMs: 300_000 });
  };
  const world: World = await swept(2, { erp: { onCall } });
  asksAt = [];
  world.erp.removeRecord('party', 'e1');
  await nextDay(world);
  const [first = 0, second = 0] = asksAt;
  expect(second - first).toBeGreaterThanOrEqual(300_000);
  expect(await statesOf(world)).toEqual(['active', 'broken']);
  expect((await failuresOf(world)).map(({ kind }) => kind)).toEqual(['missing']);
});

test('the end of a sweep is no poll', async () => {
  const world = await swept(2);
  world.nowMs += dayMs;
  await world.poll();
  const isOfSweep = ({ message }: World['messages'][number]) =>
    message.kind === 'detect' && message.chain === 'sweep:customer';
  const list = world.messages.find(isOfSweep);
  if (!list) throw new Error('no sweep was started');
  world.acknowledge(list);
  await world.drain();
  const polledAt = (await activityOf(world)).lastPolledAt;
  world.nowMs += 50_000;
  await world.handle(list, world.quiet);
  expect((await activityOf(world)).lastPolledAt).toBe(polledAt);
  expect((await sweeps(world))[0]?.state).toBe('done');
});

test('a sweep that a person asks for goes on with the one under way, or begins anew', async () => {
  const world = await swept(2);
  const ask = () =>
    startRun(world.quiet, {
      tenantId,
      connectionId,
      kind: 'sweep',
      scope: { kind: 'actor-type', actorType: 'customer' },
      trigger: { by: 'user' },
    });
  world.erp.removeRecord('party', 'e0');
  world.nowMs += 1_000;
  const { id } = await ask();
  await world.drain();
  expect(await world.quiet.runs.get(tenantId, id)).toMatchObject({ kind: 'sweep', counters: { lookedAt: 1 } });
  expect(await statesOf(world)).toEqual(['broken', 'active']);
});
