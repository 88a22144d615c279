/** Records that are archived, merged or gone in a mass: pausing is no act and costs nothing, breaking is rationed. */
import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import type { Brake } from '../../functions/core/model/brake.ts';
import { answerBrake } from '../../functions/features/runs/answer-brake.ts';
import { connectionId, tenantId, type World } from '../property/world.ts';
import { atRest, dueOf, failuresOf } from './at-rest.ts';

const fields = [{ name: 'name', direction: 'both' }] as const;
const links = 6;
/** All records but the last one. */
const mass = Array.from({ length: links - 1 }, (_, at) => `e${at}`);

async function compare(world: World): Promise<void> {
  await world.compare();
  await world.drain();
}

async function brakesOf(world: World): Promise<readonly Brake[]> {
  return (await world.quiet.connections.getSetup(tenantId, connectionId))?.brakes ?? [];
}

async function answer(world: World, kind: 'continue' | 'drop'): Promise<void> {
  const [brake] = await brakesOf(world);
  await answerBrake(world.quiet, { tenantId, caller: 'key1', runId: brake?.runId ?? '', answer: kind });
  await world.drain();
}

async function statesOf(world: World): Promise<string[]> {
  return (await world.links()).map(({ state, stateReason = '' }) => `${state} ${stateReason}`.trim()).sort();
}

const times = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);

async function withMass(world: World, act: (key: string) => void): Promise<World> {
  for (const key of mass) act(key);
  await compare(world);
  return world;
}

const merged = (world: World) => (key: string) =>
  world.erp.setStanding('party', key, { kind: 'merged', into: `into-${key}` });

test('archived records pause all their links: that is no act, and no brake is set', async () => {
  const world = await atRest({ fields, links });
  await withMass(world, (key) => world.erp.setStanding('party', key, { kind: 'archived' }));
  expect(await statesOf(world)).toEqual(['active', ...times(5, 'paused erp-actor-archived')]);
  expect(await brakesOf(world)).toEqual([]);
  expect(await failuresOf(world)).toEqual([]);
});

test('of merged records three break their links a day, the others stay as they are; continue breaks them with where they went', async () => {
  const world = await atRest({ fields, links });
  await withMass(world, merged(world));
  expect(await statesOf(world)).toEqual([...times(3, 'active'), ...times(3, 'broken erp-actor-merged')]);
  expect(await brakesOf(world)).toMatchObject([{ kind: 'breaks', withheld: 2 }]);
  await answer(world, 'continue');
  expect(await statesOf(world)).toEqual(['active', ...times(5, 'broken erp-actor-merged')]);
  expect((await world.links()).map(({ mergedInto }) => mergedInto).sort()).toEqual([
    ...mass.map((key) => `into-${key}`),
    undefined,
  ]);
  expect(await brakesOf(world)).toEqual([]);
});

test('a link that a person kept from breaking stays paused, whatever is seen of its merged record, until that is back', async () => {
  const world = await atRest({ fields, links });
  await withMass(world, merged(world));
  const held = (await world.links()).filter(({ withheld }) => withheld).map(({ ends }) => ends.erp.key);
  await answer(world, 'drop');
  const paused = [...times(3, 'broken erp-actor-merged'), ...times(2, 'paused dropped')];
  expect(await statesOf(world)).toEqual(['active', ...paused]);
  expect(await dueOf(world)).toEqual([]);
  world.erp.edit('party', held[0] ?? '', { NAME: 'of a merged record' });
  await world.minutes(2);
  await compare(world);
  expect(await statesOf(world)).toEqual(['active', ...paused]);
  expect(await brakesOf(world)).toEqual([]);
  for (const key of held) world.erp.setStanding('party', key, undefined);
  await world.minutes(2);
  expect(await statesOf(world)).toEqual([...times(3, 'active'), ...times(3, 'broken erp-actor-merged')]);
  expect(world.crm.valuesOf('contact', held[0]?.replace('e', 'c') ?? '').name).toBe('of a merged record');
});

test('a paused link whose record is gone breaks within the allowance too: what is withheld of it is counted and asked', async () => {
  const world = await atRest({ fields, links });
  await withMass(world, (key) => world.erp.setStanding('party', key, { kind: 'archived' }));
  await withMass(world, (key) => world.erp.removeRecord('party', key));
  expect(await statesOf(world)).toEqual([
    'active',
    ...times(3, 'broken erp-actor-gone'),
    ...times(2, 'paused erp-actor-archived'),
  ]);
  expect(await brakesOf(world)).toMatchObject([{ kind: 'breaks', withheld: 2, examples: [{}, {}] }]);
  expect((await failuresOf(world)).map(({ reason }) => reason)).toContain('braked-breaks');
  await answer(world, 'continue');
  expect(await statesOf(world)).toEqual(['active', ...times(5, 'broken erp-actor-gone')]);
  expect(await brakesOf(world)).toEqual([]);
});

test('a broken link that has another reason by now takes nothing from the allowance', async () => {
  const world = await atRest({ fields, links });
  const three = mass.slice(0, 3);
  for (const key of three) merged(world)(key);
  await compare(world);
  expect(await statesOf(world)).toEqual([...times(3, 'active'), ...times(3, 'broken erp-actor-merged')]);
  world.nowMs += 86_400_000;
  await withMass(world, (key) => world.erp.removeRecord('party', key));
  expect(await statesOf(world)).toEqual(['active', ...times(5, 'broken erp-actor-gone')]);
  expect(await brakesOf(world)).toEqual([]);
});

test('what was withheld is over once its record is archived, and the brake lifts', async () => {
  const world = await atRest({ fields, links });
  await withMass(world, merged(world));
  const held = (await world.links()).filter(({ withheld }) => withheld).map(({ ends }) => ends.erp.key);
  for (const key of held) world.erp.setStanding('party', key, { kind: 'archived' });
  await compare(world);
  expect((await world.links()).filter(({ withheld }) => withheld)).toEqual([]);
  expect(await brakesOf(world)).toEqual([]);
  // A comparison that nothing depends on leaves what is due to others: these links wait for their hour.
  await world.minutes(75);
  expect(await dueOf(world)).toEqual([]);
});

test('a failure that told why a link could not be read closes when its record is found gone, though its break is withheld', async () => {
  let down = false;
  const erpUnreadable = (key: string) => (down && key === 'e4' ? new SyncError('forbidden', 'no access') : undefined);
  const world = await atRest({ fields, links, erpUnreadable });
  down = true;
  await compare(world);
  expect((await failuresOf(world)).map(({ linkId, reason }) => [linkId, reason])).toEqual([['link4', 'forbidden']]);
  for (const key of mass.slice(0, 3)) world.erp.removeRecord('party', key);
  await compare(world);
  down = false;
  world.erp.removeRecord('party', 'e4');
  await compare(world);
  const [, , , , link] = await world.links();
  expect(link).toMatchObject({ state: 'active', withheld: { breaks: { reason: 'allowance' } }, openFailures: [] });
  expect((await failuresOf(world)).filter(({ linkId }) => linkId === 'link4')).toEqual([]);
});
