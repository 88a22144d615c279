/** Invariants 1 to 4, 6 and 7 of the engine under generated interleavings; a failure prints its seed. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasEnded } from '../../functions/core/model/run.ts';
import type { Value } from '../../functions/core/values/value.ts';
import { type Action, type Edit, Interleaving } from './interleaving.ts';
import type { FieldSpec, WorldOptions } from './world.ts';

const weights: readonly { kind: Action['kind']; weight: number }[] = [
  { kind: 'step', weight: 40 },
  { kind: 'deliver', weight: 14 },
  { kind: 'duplicate', weight: 4 },
  { kind: 'edit', weight: 12 },
  { kind: 'revert', weight: 4 },
  { kind: 'poll', weight: 8 },
  { kind: 'tick', weight: 8 },
  { kind: 'kill', weight: 3 },
  { kind: 'lose-answer', weight: 3 },
  { kind: 'refuse-call', weight: 2 },
  { kind: 'cancel', weight: 1 },
  { kind: 'compare', weight: 1 },
];

function actions(without: readonly Action['kind'][] = []): fc.Arbitrary<Action[]> {
  const kinds = weights.filter(({ kind }) => !without.includes(kind));
  const action = fc.record({
    kind: fc.oneof(...kinds.map(({ kind, weight }) => ({ arbitrary: fc.constant(kind), weight }))),
    pick: fc.nat(9_999),
  });
  return fc.array(action, { minLength: 20, maxLength: 150, size: 'max' });
}

const twoWay: readonly FieldSpec[] = [
  { name: 'name', direction: 'both' },
  { name: 'city', direction: 'both' },
];
const mixed: readonly FieldSpec[] = [
  { name: 'name', direction: 'both' },
  { name: 'terms', direction: 'toCrm' },
  { name: 'note', direction: 'toErp' },
];

/**
 * PROPERTY_RUNS for more histories; SEED and FAILING_PATH replay a printed failure; SHRINK=1 looks for its smallest form,
 * which takes minutes.
 */
const settings = {
  numRuns: Number(process.env.PROPERTY_RUNS ?? 300),
  endOnFailure: process.env.SHRINK === undefined,
  ...(process.env.SEED && { seed: Number(process.env.SEED) }),
  ...(process.env.FAILING_PATH && { path: process.env.FAILING_PATH }),
};

async function played(options: Omit<WorldOptions, 'gate'>, given: readonly Action[]): Promise<Interleaving> {
  const play = new Interleaving(options);
  await play.world.setUp();
  await play.play(given);
  return play;
}

interface Loose {
  readonly where: string;
  readonly crm: unknown;
  readonly erp: unknown;
}

/** Two-way fields that differ although nothing stands in their way. */
async function differences(play: Interleaving): Promise<Loose[]> {
  const { world } = play;
  const loose: Loose[] = [];
  for (const [at, link] of (await world.links()).entries()) {
    for (const { name, direction } of world.options.fields) {
      const crm = world.crm.valuesOf('contact', `c${at}`)[name];
      const erp = world.erp.valuesOf('party', `e${at}`)[name.toUpperCase()];
      const state = link.fieldStates[`${name.toUpperCase()}~${name}`];
      if (direction === 'both' && crm !== erp && !state?.held && !state?.parked)
        loose.push({ where: `${link.id}.${name}`, crm, erp });
    }
  }
  return loose;
}

/** What a field of one side held at the mark and ever after. */
function valuesSince({ world, edits }: Interleaving, { side, at, field, mark }: Edit): Value[] {
  const key = side === 'crm' ? field : field.toUpperCase();
  const changes = [
    { when: '', value: `start${at}` as Value },
    ...edits
      .filter((edit) => edit.side === side && edit.at === at && edit.field === field)
      .map((edit) => ({ when: edit.mark, value: edit.value })),
    ...world[side].written
      .filter((one) => one.key.endsWith(String(at)) && key in one.values)
      .map((one) => ({ when: one.at, value: one.values[key] ?? null })),
  ].sort((one, other) => (one.when < other.when ? -1 : 1));
  const before = changes.filter((change) => change.when <= mark).slice(-1);
  return [...before, ...changes.filter((change) => change.when > mark)].map((change) => change.value);
}

/** Edits that the engine overwrote although they had not travelled, and that the log does not show as losing. */
async function lostEdits(play: Interleaving): Promise<unknown[]> {
  const { world } = play;
  const log = await world.log();
  return play.edits.filter((edit) => {
    const { side, at, mark, value } = edit;
    const key = side === 'crm' ? edit.field : edit.field.toUpperCase();
    const here = world[side].written.filter((one) => one.key.endsWith(String(at)));
    const overwritten = here.some((one) => one.replacedMarks[key] === mark && one.values[key] !== value);
    if (!overwritten) return false;
    const travelled = valuesSince(play, { ...edit, side: side === 'crm' ? 'erp' : 'crm' }).includes(value);
    const ofField = log.filter(
      (one) => one.linkId === world.linkId(at) && one.crmField === edit.field && one.id > mark,
    );
    return !travelled && !ofField.some((one) => one.conflict?.[side] === value);
  });
}

async function expectInvariants(play: Interleaving): Promise<void> {
  const { world } = play;
  expect(await differences(play)).toEqual([]);
  expect(await lostEdits(play)).toEqual([]);
  const writes = world.crm.written.length + world.erp.written.length;
  await world.compare();
  await world.drain();
  await world.quiesce();
  expect(world.crm.written.length + world.erp.written.length - writes).toBe(0);
  expect((await world.runs()).filter((run) => !hasEnded(run.state)).map((run) => run.id)).toEqual([]);
  const due = await world.quiet.dueItems.list('tenant1', 'conn1', 100);
  expect(due.items).toEqual([]);
}

test('two-way fields converge, nothing is lost and nothing echoes, whatever workers, queue and people do', async () => {
  await fc.assert(
    fc.asyncProperty(actions(), async (given) => {
      await expectInvariants(await played({ fields: twoWay, links: 2 }, given));
    }),
    settings,
  );
});

test('the same holds with one-way fields and with the ERP winning', async () => {
  await fc.assert(
    fc.asyncProperty(actions(), async (given) => {
      await expectInvariants(await played({ fields: mixed, links: 3, policy: { kind: 'erp-wins' } }, given));
    }),
    settings,
  );
});

test('the same holds where answers to writes prove nothing', async () => {
  await fc.assert(
    fc.asyncProperty(actions(), async (given) => {
      const options = { fields: twoWay, links: 2, erpAnswersStored: false } as const;
      await expectInvariants(await played({ ...options, policy: { kind: 'latest-wins', fallback: 'erp' } }, given));
    }),
    settings,
  );
});

test('the same holds where the ERP refuses values without saying which', async () => {
  const erpRefuses = (_field: string, value: Value) => (String(value).endsWith('7') ? 'Not that value' : undefined);
  await fc.assert(
    fc.asyncProperty(actions(), async (given) => {
      await expectInvariants(await played({ fields: twoWay, links: 2, erpRefuses, erpNamesRefused: false }, given));
    }),
    settings,
  );
});

test('without faults the counters of all runs are exactly what was written', async () => {
  await fc.assert(
    fc.asyncProperty(actions(['kill', 'lose-answer', 'refuse-call']), async (given) => {
      const play = await played({ fields: twoWay, links: 3 }, given);
      fc.pre(play.faults === 0);
      const runs = await play.world.runs();
      const sum = (name: 'writtenToCrm' | 'writtenToErp') => runs.reduce((total, run) => total + run.counters[name], 0);
      const fields = (written: readonly { values: object }[]) =>
        written.reduce((total, one) => total + Object.keys(one.values).length, 0);
      expect({ crm: sum('writtenToCrm'), erp: sum('writtenToErp') }).toEqual({
        crm: fields(play.world.crm.written),
        erp: fields(play.world.erp.written),
      });
    }),
    settings,
  );
});
