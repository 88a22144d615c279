import type { Value } from '../../functions/core/values/value.ts';
import type { FieldSpec, World, WorldOptions } from '../property/world.ts';
import { atRest } from '../sync/at-rest.ts';

export const twoTexts: readonly FieldSpec[] = [
  { name: 'name', direction: 'both' },
  { name: 'phone', direction: 'both' },
];

/** A world at rest, and what happens at a port call: each is met once, and may throw. */
export async function metAtRest(options: Partial<WorldOptions> = {}) {
  const meet = new Map<string, () => void | Promise<void>>();
  const world = await atRest({
    fields: twoTexts,
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

/** Polls, with everything that comes of it, by the engine whose port calls are met. */
export async function pollMet(world: World): Promise<void> {
  await world.poll(world.engine);
  for (let [queued] = world.ready(); queued; [queued] = world.ready()) {
    await world.handle(queued);
    world.acknowledge(queued);
  }
}

export const inCrm = (world: World, at = 0) => world.crm.valuesOf('contact', `c${at}`);
export const inErp = (world: World, at = 0) => world.erp.valuesOf('party', `e${at}`);

export function editCrm(world: World, values: Readonly<Record<string, Value>>, at = 0): void {
  world.crm.edit('contact', `c${at}`, values);
}

export function editErp(world: World, values: Readonly<Record<string, Value>>, at = 0): void {
  world.erp.edit('party', `e${at}`, values);
}

/** What every write of the engine left in a field of one side. */
export function stored(world: World, side: 'crm' | 'erp', field: string): readonly Value[] {
  return world[side].written.filter(({ values }) => field in values).map(({ values }) => values[field] ?? null);
}

/** What a server does to every text that it is sent. */
export function ofText(change: (text: string) => string) {
  return (_field: string, value: Value): Value => (typeof value === 'string' ? change(value) : value);
}
