import { sides } from '../../functions/core/model/side.ts';
import { isBlank, type Values } from '../../functions/core/values/value.ts';
import type { FaultyWorld } from './faulty-world.ts';

interface Written {
  readonly key: string;
  readonly values: Values;
  readonly replaced: Values;
}

/** Fields whose value became another one. */
function overwritten({ values, replaced }: Written): [string, Values[string], Values[string]][] {
  return Object.entries(values).flatMap(([field, value]) =>
    isBlank(replaced[field]) || replaced[field] === value ? [] : [[field, replaced[field] ?? null, value]],
  );
}

function blanksOf(written: readonly Written[]): number {
  const harmed = written.filter((one) => overwritten(one).some(([, , value]) => isBlank(value)));
  return new Set(harmed.map(({ key }) => key)).size;
}

/** The most different values that one text replaced in a field. */
function uniformOf(written: readonly Written[]): number {
  const olds = new Map<string, Set<unknown>>();
  for (const [field, old, value] of written.flatMap(overwritten)) {
    if (isBlank(value)) continue;
    const name = `${field} ${value}`;
    olds.set(name, (olds.get(name) ?? new Set()).add(old));
  }
  return Math.max(0, ...[...olds.values()].map(({ size }) => size));
}

/** Records of which a field got what another one held just before, or in the same write. */
function swapsOf(written: readonly Written[], before: (key: string) => readonly unknown[]): number {
  const harmed = written.filter((one) => {
    const moved = overwritten(one).filter(([, old, value]) => value !== old && before(one.key).includes(value));
    return moved.length >= 2;
  });
  return new Set(harmed.map(({ key }) => key)).size;
}

/** What the two systems and the links have lost, counted in the systems themselves. */
export async function harmOf({ world, refusedOf }: FaultyWorld, before: (key: string) => readonly unknown[]) {
  const broken = (await world.links()).filter(({ state }) => state === 'broken').length;
  const most = (count: (written: readonly Written[]) => number) =>
    Math.max(...sides.map((side) => count(world[side].written)));
  return {
    blanks: most(blanksOf),
    breaks: broken,
    uniform: most(uniformOf),
    swaps: most((written) => swapsOf(written, before)),
    refusals: refusedOf.size,
  };
}
