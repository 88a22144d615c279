import fc from 'fast-check';
import { type Action, type HistoryOptions, Interleaving } from './interleaving.ts';
import type { FieldSpec, World } from './world.ts';

type Kind = Action['kind'];
type Weights = Readonly<Partial<Record<Kind, number>>>;

const common: Weights = {
  step: 40,
  deliver: 14,
  duplicate: 4,
  edit: 12,
  revert: 4,
  poll: 8,
  tick: 8,
  kill: 3,
  'lose-answer': 3,
  'refuse-call': 2,
  cancel: 1,
  compare: 1,
  lose: 1,
  flicker: 1,
  'break-write': 1,
};

/** Histories of 20 to 150 actions, with other weights where given; 0 leaves a kind out. */
export function actions(weights: Weights = {}): fc.Arbitrary<Action[]> {
  const kinds = Object.entries({ ...common, ...weights }) as [Kind, number][];
  const action = fc.record({
    kind: fc.oneof(...kinds.map(([kind, weight]) => ({ arbitrary: fc.constant(kind), weight }))),
    pick: fc.nat(9_999),
  });
  return fc.array(action, { minLength: 20, maxLength: 150, size: 'max' });
}

export const twoWay: readonly FieldSpec[] = [
  { name: 'name', direction: 'both' },
  { name: 'city', direction: 'both' },
];
/** The first two are parts of one value. */
export const grouped: readonly FieldSpec[] = [
  { name: 'street', direction: 'both', group: 'address' },
  { name: 'zip', direction: 'both', group: 'address' },
  { name: 'city', direction: 'both' },
];
export const mixed: readonly FieldSpec[] = [
  { name: 'name', direction: 'both' },
  { name: 'terms', direction: 'toCrm' },
  { name: 'note', direction: 'toErp' },
];

/**
 * So many histories, as the suite has time for; PROPERTY_RUNS for more; SEED and FAILING_PATH replay a printed failure; SHRINK=1 looks for its smallest form,
 * which takes minutes.
 */
export function settingsFor(numRuns: number) {
  return {
    numRuns: Number(process.env.PROPERTY_RUNS ?? numRuns),
    endOnFailure: process.env.SHRINK === undefined,
    ...(process.env.SEED && { seed: Number(process.env.SEED) }),
    ...(process.env.FAILING_PATH && { path: process.env.FAILING_PATH }),
  };
}

async function played(
  options: HistoryOptions,
  given: readonly Action[],
  prepare: (world: World) => Promise<void>,
): Promise<Interleaving> {
  const play = new Interleaving(options);
  await play.world.setUp();
  await prepare(play.world);
  await play.play(given);
  return play;
}

/** Plays every history in a world of its own, after `prepare`, and looks at what it left; the world may be generated too. */
export async function inEveryHistory(
  options: HistoryOptions | fc.Arbitrary<HistoryOptions>,
  histories: fc.Arbitrary<Action[]>,
  holds: (play: Interleaving) => Promise<void>,
  prepare: (world: World) => Promise<void> = async () => {},
  runs = 300,
): Promise<void> {
  const worlds = options instanceof fc.Arbitrary ? options : fc.constant(options);
  await fc.assert(
    fc.asyncProperty(histories, worlds, async (given, world) => holds(await played(world, given, prepare))),
    settingsFor(runs),
  );
}
