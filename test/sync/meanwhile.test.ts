/** What others do at one moment of a look: between its reads and its writes, between its writes and its record. */
import { expect, test } from 'vitest';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { bookFaults } from '../property/books.ts';
import { connectionId, tenantId, type World, type WorldOptions } from '../property/world.ts';
import { atRest, dueOf } from './at-rest.ts';

const fields = [
  { name: 'name', direction: 'both' },
  { name: 'city', direction: 'both' },
] as const;

const never = () => new Promise<void>(() => {});

/** A world at rest whose port calls can be met, each only once: the calls that are waited for, and what happens there. */
async function metAtRest(options: Partial<WorldOptions> = {}) {
  const meet = new Map<string, () => Promise<void>>();
  const world = await atRest({
    fields,
    links: 2,
    gate: async (what) => {
      const met = meet.get(what);
      meet.delete(what);
      await met?.();
    },
    ...options,
  });
  return { world, meet };
}

async function handleNext(world: World, wanted: (message: { kind: string; chain?: string }) => boolean): Promise<void> {
  const queued = world.messages.find(({ message }) => wanted(message));
  if (!queued) throw new Error('there is such a message');
  world.acknowledge(queued);
  await world.handle(queued);
}

test('an edit listed after a look of the same run has read its link leaves that link due', async () => {
  const { world, meet } = await metAtRest();
  await world.quiet.dueItems.putMany([{ tenantId, connectionId, linkId: 'link0', sequence: 'first' }]);
  await world.poll();
  await handleNext(world, ({ chain }) => chain === 'due');
  meet.set('erp.get.answered', async () => {
    world.erp.edit('party', 'e0', { CITY: 'later' });
    await handleNext(world, ({ chain }) => chain === 'erp:party');
  });
  await handleNext(world, ({ kind }) => kind === 'look');
  expect((await dueOf(world)).map((due) => due.linkId)).toEqual(['link0']);
  await world.drain();
  await world.minutes(2);
  expect(world.crm.valuesOf('contact', 'c0').city).toBe('later');
});

test('a write of a dead worker may land while its lease runs: nobody settles it before that', async () => {
  const { world, meet } = await metAtRest();
  let land = () => {};
  meet.set('erp.update.sent', () => new Promise((resolve) => (land = resolve)));
  meet.set('erp.update.answered', never);
  world.crm.edit('contact', 'c0', { name: 'new' });
  await world.poll();
  while (world.messages.some(({ message }) => message.kind === 'detect')) {
    await handleNext(world, ({ kind }) => kind === 'detect');
  }
  const [look] = world.messages;
  void handleNext(world, ({ kind }) => kind === 'look');
  await new Promise((resolve) => setImmediate(resolve));
  // The person thinks better of it, and the queue delivers the message again at once.
  world.crm.edit('contact', 'c0', { name: 'start0' });
  if (look) await world.handle(look, world.quiet);
  world.nowMs += 8_000;
  land();
  await new Promise((resolve) => setImmediate(resolve));
  await world.drain();
  await world.minutes(3);
  expect(world.crm.valuesOf('contact', 'c0').name).toBe('start0');
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('start0');
  expect(await bookFaults(world)).toEqual([]);
});

test('a look that wrote nothing records nothing over what another look has recorded since', async () => {
  const { world, meet } = await metAtRest();
  world.crm.edit('contact', 'c0', { name: 'same' });
  world.erp.edit('party', 'e0', { NAME: 'same' });
  const named = (linkIds: string[]) =>
    startRun(world.quiet, {
      tenantId,
      connectionId,
      kind: 'sync',
      scope: { kind: 'links', linkIds },
      linkIds,
      trigger: { by: 'user' },
    });
  await named(['link0']);
  meet.set('table.transact', async () => {
    world.crm.edit('contact', 'c0', { name: 'newer' });
    await named(['link0']);
    await world.drain();
  });
  await handleNext(world, ({ kind }) => kind === 'look');
  const link = await world.quiet.links.get(tenantId, 'link0');
  expect(link && world.fieldState(link, 'name')?.agreed).toEqual({ crm: 'newer', erp: 'newer' });
});

test('a link whose write is not proven, or has no answer, stays due', async () => {
  for (const proven of [true, false]) {
    const { world, meet } = await metAtRest({ erpAnswersStored: proven });
    if (proven) meet.set('erp.update.answered', () => Promise.reject(new TypeError('an answer that cannot be read')));
    world.crm.edit('contact', 'c0', { name: 'new' });
    await world.poll();
    while (world.messages.some(({ message }) => message.kind === 'detect')) {
      await handleNext(world, ({ kind }) => kind === 'detect');
    }
    await handleNext(world, ({ kind }) => kind === 'look');
    expect(
      (await dueOf(world)).map((due) => due.linkId),
      `proven: ${proven}`,
    ).toEqual(['link0']);
    await world.drain();
    await world.minutes(3);
    expect(await dueOf(world)).toEqual([]);
  }
});

test('a link disconnected while it is written stays so, and is due no more once a look has seen it settled', async () => {
  const { world, meet } = await metAtRest({ erpAnswersStored: false });
  meet.set('erp.update.answered', async () => void (await world.disconnect(0)));
  world.crm.edit('contact', 'c0', { name: 'new' });
  await world.poll();
  while (world.messages.some(({ message }) => message.kind === 'detect')) {
    await handleNext(world, ({ kind }) => kind === 'detect');
  }
  await handleNext(world, ({ kind }) => kind === 'look');
  expect(await world.quiet.links.get(tenantId, 'link0')).toMatchObject({ state: 'disconnected' });
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('new');
  await world.minutes(1);
  expect(await dueOf(world)).toEqual([]);
});

test("what the list shows again of the engine's own write is not looked at again", async () => {
  const { world } = await metAtRest();
  world.crm.edit('contact', 'c0', { name: 'new' });
  await world.poll();
  await world.drain();
  const runs = (await world.runs()).length;
  world.nowMs += 55_000;
  const stamp = world.nowMs;
  // An overlap as long as an hour shows everything again.
  const parties = { tenantId, connectionId, side: 'erp', table: 'party' } as const;
  const { revision = 0 } = (await world.quiet.cursors.get(parties)) ?? {};
  const cursor = JSON.stringify({ since: stamp - 3_600_000 });
  await world.quiet.cursors.store(parties, cursor, revision);
  await world.poll();
  await world.drain();
  expect((await world.runs()).length).toBe(runs);
});

test("the engine's own later write does not make a person's earlier edit the latest", async () => {
  const { world, meet } = await metAtRest({ policy: { kind: 'latest-wins', fallback: 'erp' } });
  world.erp.edit('party', 'e0', { CITY: 'Ede' });
  meet.set('crm.update.sent', async () => {
    world.crm.edit('contact', 'c0', { name: 'earlier' });
    world.nowMs += 10_000;
    world.erp.edit('party', 'e0', { NAME: 'later' });
    world.nowMs += 10_000;
  });
  await world.poll();
  await world.drain();
  await world.minutes(2);
  expect(world.crm.valuesOf('contact', 'c0')).toMatchObject({ name: 'later', city: 'Ede' });
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('later');
});
