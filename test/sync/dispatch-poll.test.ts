/** The dispatcher: what it helps on, frees, gives up and leaves alone, so that every run ends whatever message was lost. */
import { expect, test } from 'vitest';
import { hasEnded } from '../../functions/core/model/run.ts';
import { cancelRun } from '../../functions/sync/runs/cancel-run.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { bookFaults } from '../property/books.ts';
import { connectionId, tenantId, type World } from '../property/world.ts';
import { atRest, dueOf } from './at-rest.ts';

const fields = [
  { name: 'name', direction: 'both' },
  { name: 'terms', direction: 'toCrm' },
] as const;

const threeAtRest = () => atRest({ fields, links: 3 });

function editAll(world: World): void {
  for (let at = 0; at < world.options.links; at += 1) world.crm.edit('contact', `c${at}`, { name: `new${at}` });
  // Further back than a list overlaps, so that no later list finds them again; and the next poll is due.
  world.nowMs += 60_000;
}

const namesInErp = (world: World) =>
  Array.from({ length: world.options.links }, (_, at) => world.erp.valuesOf('party', `e${at}`).NAME);

const syncAll = (world: World) =>
  startRun(world.quiet, {
    tenantId,
    connectionId,
    kind: 'sync',
    scope: { kind: 'connection' },
    trigger: { by: 'user' },
  });

const runOf = (world: World, id: string) => world.quiet.runs.get(tenantId, id);

/** Handles detect messages until only chunks are left. */
async function detectAll(world: World): Promise<void> {
  for (;;) {
    const queued = world.messages.find(({ message }) => message.kind === 'detect');
    if (!queued) return;
    await world.handle(queued, world.quiet);
    world.acknowledge(queued);
  }
}

/** Handles messages in order; the one at `place` among all that are ever handled is lost instead. Whether there was one. */
async function drainWithout(world: World, place: number): Promise<boolean> {
  for (let handled = 0; world.messages.length > 0; handled += 1) {
    const [queued] = world.ready();
    if (!queued) {
      world.nowMs = Math.min(...world.messages.map((one) => one.readyAtMs));
      continue;
    }
    if (handled === place) {
      world.acknowledge(queued);
      await world.drain();
      return true;
    }
    await world.handle(queued, world.quiet);
    world.acknowledge(queued);
  }
  return false;
}

/** Every run has ended well, every edit has arrived and is counted once, and nothing is left due. */
async function expectHealed(world: World, lost: number): Promise<void> {
  const runs = await world.runs();
  const states = runs.map((run) => run.state);
  expect(
    states.filter((state) => !hasEnded(state) || state === 'failed'),
    `message ${lost} lost`,
  ).toEqual([]);
  expect(namesInErp(world), `message ${lost} lost`).toEqual(['new0', 'new1', 'new2']);
  expect(runs.reduce((sum, run) => sum + run.counters.writtenToErp, 0)).toBe(3);
  expect(await bookFaults(world)).toEqual([]);
  expect(await dueOf(world)).toEqual([]);
}

test('whichever message of a poll is lost, five polls later its run has ended and every edit has arrived', async () => {
  let lost = 0;
  for (let more = true; more; lost += 1) {
    const world = await threeAtRest();
    editAll(world);
    await world.poll();
    more = await drainWithout(world, lost);
    await world.minutes(5);
    await expectHealed(world, lost);
  }
  // Two lists in pages, due items, and the links in chunks.
  expect(lost).toBeGreaterThan(6);
});

test('whichever message is lost while a run waits for the slot of another, both end and the second finds what is new', async () => {
  let lost = 0;
  for (let more = true; more; lost += 1) {
    const world = await threeAtRest();
    const first = await syncAll(world);
    const second = await syncAll(world);
    editAll(world);
    more = await drainWithout(world, lost);
    await world.minutes(6);
    await expectHealed(world, lost);
    for (const { id } of [first, second]) expect((await runOf(world, id))?.state).toBe('done');
  }
  expect(lost).toBeGreaterThan(8);
});

test('a run without progress for six hours has failed; what it left due is looked at by the next poll', async () => {
  const world = await threeAtRest();
  editAll(world);
  await world.poll();
  await detectAll(world);
  const [run] = (await world.runs()).filter(({ state }) => state === 'running');
  const id = run?.id ?? '';
  const since = Date.parse(run?.lastProgressAt ?? '');
  world.messages.length = 0;
  world.nowMs = since + 6 * 3_600_000 - 1_000;
  await world.poll();
  world.messages.length = 0;
  expect(await runOf(world, id)).toMatchObject({ state: 'running' });
  world.nowMs = since + 6 * 3_600_000 + 1_000;
  await world.poll();
  expect(await runOf(world, id)).toMatchObject({ state: 'failed', reason: 'no-progress' });
  await world.minutes(4);
  expect(namesInErp(world)).toEqual(['new0', 'new1', 'new2']);
  expect(await dueOf(world)).toEqual([]);
});

test('a run that moves, or waits for a system, is left alone', async () => {
  const world = await threeAtRest();
  editAll(world);
  await syncAll(world);
  const sent = world.messages.length;
  world.nowMs += 60_000;
  await world.poll();
  expect(world.messages.length).toBe(sent);
  const [run] = (await world.runs()).filter(({ state }) => state === 'running');
  const until = new Date(world.nowMs + 600_000).toISOString();
  await world.quiet.runs.noteWaiting(tenantId, run?.id ?? '', { kind: 'throttled', attempt: 1, until });
  world.nowMs += 300_000;
  await world.poll();
  expect(world.messages.length).toBe(sent);
  world.nowMs += 600_000;
  await world.poll();
  expect(world.messages.length).toBeGreaterThan(sent);
});

test('a slot whose run has ended is freed by the next poll, by who starts a run and by a late message', async () => {
  for (const freedBy of ['poll', 'start', 'message'] as const) {
    const world = await threeAtRest();
    const first = await syncAll(world);
    const second = await syncAll(world);
    expect(second.state).toBe('queued');
    editAll(world);
    const stored = await runOf(world, first.id);
    if (stored) await world.quiet.runs.end(stored, 'cancelled', new Date(world.nowMs).toISOString());
    if (freedBy !== 'message') world.messages.length = 0;
    world.nowMs += 60_000;
    if (freedBy === 'poll') await world.poll();
    if (freedBy === 'start') expect((await syncAll(world)).id).not.toBe(first.id);
    await world.drain();
    expect(await runOf(world, second.id), freedBy).toMatchObject({ state: 'done', counters: { writtenToErp: 3 } });
  }
});

test('cancelling the run in a slot lets the one that waits for it start at once', async () => {
  const world = await threeAtRest();
  const first = await syncAll(world);
  const second = await syncAll(world);
  editAll(world);
  world.messages.length = 0;
  await cancelRun(world.quiet, tenantId, first.id);
  await world.drain();
  expect(await runOf(world, second.id)).toMatchObject({ state: 'done', counters: { writtenToErp: 3 } });
});

test('links that were named are due before their message goes out', async () => {
  const world = await threeAtRest();
  editAll(world);
  const linkIds = ['link0', 'link2'];
  const run = await startRun(world.quiet, {
    tenantId,
    connectionId,
    kind: 'sync',
    scope: { kind: 'links', linkIds },
    linkIds,
    trigger: { by: 'user' },
  });
  expect((await dueOf(world)).map((due) => due.linkId).sort()).toEqual(linkIds);
  await world.drain();
  expect(await runOf(world, run.id)).toMatchObject({ state: 'done', counters: { lookedAt: 2, writtenToErp: 2 } });
  expect(await dueOf(world)).toEqual([]);
});

test('what is sent again of a comparison of named links removes what they are due by, as what was lost would have', async () => {
  const world = await threeAtRest();
  const linkIds = ['link0', 'link2'];
  const scope = { kind: 'links', linkIds } as const;
  const run = await startRun(world.quiet, {
    tenantId,
    connectionId,
    kind: 'compare',
    scope,
    linkIds,
    trigger: { by: 'user' },
  });
  world.messages.length = 0;
  world.nowMs += world.quiet.settings.stalledAfterMs;
  await world.poll();
  for (const queued of world.messages.filter(({ message }) => message.kind === 'look')) {
    world.acknowledge(queued);
    await world.handle(queued, world.quiet);
  }
  expect(await runOf(world, run.id)).toMatchObject({ state: 'done', counters: { lookedAt: 2 } });
  expect(await dueOf(world)).toEqual([]);
});

test('a slot whose run has ended and that nobody waits for lets the next run in at once', async () => {
  const world = await threeAtRest();
  const first = await syncAll(world);
  const stored = await runOf(world, first.id);
  if (stored) await world.quiet.runs.end(stored, 'cancelled', new Date(world.nowMs).toISOString());
  world.messages.length = 0;
  expect((await syncAll(world)).state).toBe('running');
});

test('a due item is left alone until its time, and looked at by the first call after it', async () => {
  const world = await threeAtRest();
  const notBefore = new Date(world.nowMs + 3_600_000).toISOString();
  await world.quiet.dueItems.putMany([{ tenantId, connectionId, linkId: 'link1', sequence: 'later', notBefore }]);
  await world.minutes(30);
  // Not by a run that reads what is due for another's sake, either.
  await world.quiet.dueItems.putMany([{ tenantId, connectionId, linkId: 'link0', sequence: 'now' }]);
  await world.minutes(29);
  expect(await dueOf(world)).toMatchObject([{ linkId: 'link1', sequence: 'later' }]);
  await world.minutes(2);
  expect(await dueOf(world)).toEqual([]);
});

test('a due item whose chunk still has a message is not sent again', async () => {
  const world = await threeAtRest();
  editAll(world);
  await world.poll();
  await detectAll(world);
  const looks = () => world.messages.filter(({ message }) => message.kind === 'look').length;
  const waiting = looks();
  expect(waiting).toBeGreaterThan(0);
  world.nowMs += 60_000;
  await world.poll();
  await detectAll(world);
  expect(looks()).toBe(waiting);
});

test('what is due with a lost message of a run that has ended is sent again, also where nobody tidied up', async () => {
  const world = await threeAtRest();
  editAll(world);
  const run = await syncAll(world);
  await detectAll(world);
  for (const queued of [...world.messages]) world.acknowledge(queued);
  await world.quiet.runs.end(run, 'cancelled', world.quiet.runtime.now());
  await world.minutes(3);
  expect(namesInErp(world)).toEqual(['new0', 'new1', 'new2']);
});
