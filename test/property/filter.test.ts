/** Records that leave a filter and come back into it, by people's edits and by our own writes, amid looks that are stopped at any call. */
import { expect, test } from 'vitest';
import type { RecordFilter } from '../../functions/core/mapping/record-filter.ts';
import { actions, grouped, inEveryHistory, twoWay } from './histories.ts';
import type { Interleaving } from './interleaving.ts';
import { expectInvariants } from './invariants.ts';
import { connectionId, tenantId, type World } from './world.ts';

const outside: RecordFilter = ['3', '7'].map((end) => ({ field: 'CITY', operator: 'notends', values: [end] }));

async function filter(world: World, by: RecordFilter | undefined): Promise<void> {
  const setup = await world.quiet.connections.getWholeSetup(tenantId, connectionId);
  const [type] = setup?.actorTypes ?? [];
  if (!type) throw new Error('a type is mapped');
  expect(await world.quiet.connections.replaceActorType({ ...type, filter: by })).toBeDefined();
}

test.each([
  ['two-way fields', twoWay],
  ['values of several fields', grouped],
])('of %s that a filter leaves out for a while no edit is lost, and none is written twice', async (_, fields) => {
  const paused = new Set<string>();
  const holds = async (play: Interleaving) => {
    const { world } = play;
    for (const { state } of await world.links()) paused.add(state);
    await filter(world, undefined);
    await world.compare();
    await world.drain();
    await world.quiesce();
    await expectInvariants(play);
  };
  const prepare = async (world: World) => {
    await world.quiesce();
    await filter(world, outside);
  };
  const history = actions({ edit: 20, compare: 2, resync: 1, blank: 2 });
  await inEveryHistory({ fields, links: 2 }, history, holds, prepare, 40);
  expect(paused).toContain('paused');
});
