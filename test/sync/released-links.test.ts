/** Fields that wait for a list item go by themselves once it is mapped, and nothing else is tried for it. */
import { expect, test } from 'vitest';
import { dueOf } from '../../functions/core/model/due.ts';
import { recordFinding } from '../../functions/sync/look/record-finding.ts';
import { connectionId, tenantId, World } from '../property/world.ts';
import { listFields, mapGroups, waiting } from './list-world.ts';

const group = (world: World, at: number) => world.erp.valuesOf('party', `e${at}`).GROUP;
const noted = async (world: World) => (await world.quiet.connections.getSetup(tenantId, connectionId))?.lists.mappedAt;

/** Two links wait for the item `new`, one for `other`; the last has an item that is mapped. */
async function waitingWorld(options: Partial<World['options']> = {}): Promise<World> {
  const world = new World({ fields: listFields, links: 4, ...options });
  await world.setUp();
  await mapGroups(world, { old: 'old' });
  await world.minutes(4);
  for (const [at, item] of ['new', 'new', 'other', 'old'].entries()) {
    world.crm.edit('contact', `c${at}`, { group: item, name: `Firm ${at}` });
  }
  await world.minutes(2);
  return world;
}

test('an item without a counterpart parks its field alone, and the link is found by what it waits for', async () => {
  const world = await waitingWorld();
  expect([0, 1, 2, 3].map((at) => [group(world, at), world.erp.valuesOf('party', `e${at}`).NAME])).toEqual([
    [null, 'Firm 0'],
    [null, 'Firm 1'],
    [null, 'Firm 2'],
    ['old', 'Firm 3'],
  ]);
  expect(await waiting(world)).toEqual([
    ['link0', ['new']],
    ['link1', ['new']],
    ['link2', ['other']],
  ]);
});

test('once the item is mapped the links that wait for it go by themselves, and no other is looked at', async () => {
  const world = await waitingWorld();
  const before = (await world.links())[2];
  const lookedAt = async () => (await world.runs()).reduce((sum, { counters }) => sum + counters.lookedAt, 0);
  const looks = await lookedAt();
  await mapGroups(world, { old: 'old', fresh: 'new' });
  await world.minutes(1);
  expect((await lookedAt()) - looks).toBe(2);
  expect([0, 1, 2].map((at) => group(world, at))).toEqual(['fresh', 'fresh', null]);
  expect(await waiting(world)).toEqual([['link2', ['other']]]);
  expect((await world.links())[2]).toEqual(before);
  expect((await world.links()).map(({ openFailures }) => openFailures.length)).toEqual([0, 0, 1, 0]);
});

test('what is parked for another reason, or waits for another item, is tried by no comparison either', async () => {
  const world = await waitingWorld();
  await mapGroups(world, { old: 'old', fresh: 'new' });
  await world.minutes(2);
  const failure = await world.quiet.failures.get(tenantId, 'link2');
  await world.compare();
  await world.drain();
  expect(await world.quiet.failures.get(tenantId, 'link2')).toEqual(failure);
  expect(failure).toMatchObject({ attempts: 1 });
});

test('the note that items were mapped goes once no worker is left who had read the pairs before', async () => {
  const world = await waitingWorld();
  expect(await noted(world)).toBeUndefined();
  await mapGroups(world, { old: 'old', fresh: 'new' });
  await world.minutes(1);
  expect(await noted(world)).toBeDefined();
  await world.minutes(2);
  expect(await noted(world)).toBeUndefined();
  const { idlePolls } = world;
  await world.poll(world.engine);
  expect(world.idlePolls).toBe(idlePolls);
  world.nowMs += 60_000;
  await world.poll(world.engine);
  expect(world.idlePolls).toBe(idlePolls + 1);
});

test('an item that is mapped while a look parks its field is not waited for for ever', async () => {
  let duringLook: (() => Promise<void>) | undefined;
  const world = new World({
    fields: listFields,
    links: 1,
    gate: async (what) => {
      if (what !== 'erp.get.answered' || !duringLook) return;
      const then = duringLook;
      duringLook = undefined;
      await then();
    },
  });
  await world.setUp();
  await mapGroups(world, { old: 'old' });
  await world.minutes(4);
  world.crm.edit('contact', 'c0', { group: 'new' });
  world.nowMs += 60_000;
  await world.poll();
  duringLook = async () => {
    await mapGroups(world, { old: 'old', fresh: 'new' });
    // The pass that this starts finds nobody who waits.
    await world.poll();
    for (const queued of world.messages.filter(({ message }) => message.kind === 'detect')) {
      await world.handle(queued, world.quiet);
      world.acknowledge(queued);
    }
    passed = true;
  };
  let passed = false;
  for (let [next] = world.messages; next; [next] = world.messages) {
    await world.handle(next, world.engine);
    world.acknowledge(next);
  }
  expect(passed).toBe(true);
  expect(await waiting(world)).toEqual([['link0', ['new']]]);
  await world.minutes(3);
  expect(group(world, 0)).toBe('fresh');
  expect(await waiting(world)).toEqual([]);
});

test('who waits is told of from the links: after a disconnect, a restore, another value, a retry', async () => {
  const world = await waitingWorld();
  await world.disconnect(0);
  expect((await waiting(world)).map(([link]) => link)).toEqual(['link1', 'link2']);
  world.crm.edit('contact', 'c1', { group: 'other' });
  world.crm.edit('contact', 'c2', { group: 'old' });
  await world.minutes(2);
  expect(await waiting(world)).toEqual([['link1', ['other']]]);
  await world.restore(0);
  expect(await waiting(world)).toEqual([
    ['link0', ['new']],
    ['link1', ['other']],
  ]);
  await world.minutes(1);
  const link = await world.quiet.links.get(tenantId, 'link1');
  if (!link) throw new Error('it is there');
  const finding = { found: 'retry', mapped: new Set(['GROUP~group']), at: world.quiet.runtime.now() } as const;
  await recordFinding(world.quiet, link, finding, () => ({ staysDue: dueOf(link, world.newId()) }));
  expect((await waiting(world)).map(([id]) => id)).toEqual(['link0']);
  await world.minutes(2);
  expect(await waiting(world)).toEqual([
    ['link0', ['new']],
    ['link1', ['other']],
  ]);
});

test('a failure that a person took off the list waits all the same', async () => {
  const world = await waitingWorld();
  const link = await world.quiet.links.get(tenantId, 'link0');
  if (!link) throw new Error('it is there');
  await recordFinding(world.quiet, link, { found: 'dismiss', at: world.quiet.runtime.now() }, () => ({}));
  expect((await waiting(world)).map(([id]) => id)).toContain('link0');
  await mapGroups(world, { old: 'old', fresh: 'new' });
  await world.minutes(1);
  expect(group(world, 0)).toBe('fresh');
});
