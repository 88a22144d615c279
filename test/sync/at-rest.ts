import type { DueItem } from '../../functions/core/model/due.ts';
import type { Failure } from '../../functions/core/model/failure.ts';
import { connectionId, tenantId, World, type WorldOptions } from '../property/world.ts';

/** A world whose links are all in agreement, with nothing to do, and whose next poll is due. */
export async function atRest(options: WorldOptions): Promise<World> {
  const world = new World(options);
  await world.setUp();
  await world.minutes(2);
  world.nowMs += 60_000;
  return world;
}

export async function failuresOf(world: World): Promise<readonly Failure[]> {
  return (await world.quiet.failures.list(tenantId, {}, { limit: 50 })).items;
}

export async function dueOf(world: World): Promise<readonly DueItem[]> {
  return (await world.quiet.dueItems.list(tenantId, connectionId, 50)).items;
}

/** A person starts or stops it; what is under way is left to others. */
export async function turnEngine(world: World, running: boolean): Promise<void> {
  const tenant = await world.quiet.tenants.get(tenantId);
  if (!tenant) throw new Error('the tenant is there');
  const changedAt = world.quiet.runtime.now();
  await world.quiet.tenants.replace({ ...tenant, engine: { running, changedAt, defaultIntervalMinutes: 15 } });
}
