/**
 * How far the sweep of a connection has come, in its activity: an attribute a chain, so that chains are swept side by side.
 * Always true: a sweep is begun by one only, and a chain that has ended stays so, whoever was slow; who is slow says nothing of a later sweep. A crash leaves a chain
 * where its last page began: that page is asked for again. Attacked by test/contract/stores-set-up-suite.ts.
 */
import type { Sweep, SweepProgress } from '../../../../core/model/sweep.ts';
import type { Attribute, Item, Table } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { attributesOf } from '../table/stored-item.ts';

interface Of {
  readonly tenantId: string;
  readonly connectionId: string;
}

const tags = { type: 'activity', v: 1 } as const;
const underWay = 'sweep-';
const ended = 'swept-';

/** The sweep that an activity tells of, to be checked by its schema. */
export function sweepIn(item: Item): unknown {
  if (item.sweepBegunAt === undefined) return undefined;
  const of = (prefix: string) =>
    Object.fromEntries(
      Object.entries(item).flatMap(([name, progress]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), progress]] : [],
      ),
    );
  return { begunAt: item.sweepBegunAt, underWay: of(underWay), ended: of(ended) };
}

/** In place of the last one, as it was read; false = it is not the last one any more. */
export async function beginSweep(
  table: Table,
  { tenantId, connectionId }: Of,
  sweep: Sweep,
  last: Sweep | undefined,
): Promise<boolean> {
  const set: Record<string, Attribute> = { ...tags, sweepBegunAt: sweep.begunAt };
  for (const [chain, progress] of Object.entries(sweep.underWay)) set[`${underWay}${chain}`] = attributesOf(progress);
  for (const [chain, progress] of Object.entries(sweep.ended)) set[`${ended}${chain}`] = attributesOf(progress);
  const left = [
    ...Object.keys(last?.underWay ?? {}).map((chain) => `${underWay}${chain}`),
    // Also where one has ended since it was read.
    ...Object.keys({ ...last?.ended, ...sweep.underWay }).map((chain) => `${ended}${chain}`),
  ];
  const { ok } = await table.transact([
    {
      update: keys.activity(tenantId, connectionId),
      set,
      remove: [...new Set(left)].filter((name) => !(name in set)),
      when: last ? { equals: { sweepBegunAt: last.begunAt } } : { absent: ['sweepBegunAt'] },
    },
  ]);
  return ok;
}

export async function noteSwept(
  table: Table,
  { tenantId, connectionId }: Of,
  chain: string,
  progress: SweepProgress,
): Promise<void> {
  const set = { ...tags, [`${underWay}${chain}`]: attributesOf(progress) };
  const when = { equals: { sweepBegunAt: progress.begunAt }, absent: [`${ended}${chain}`] };
  await table.write({ update: keys.activity(tenantId, connectionId), set, when });
}

export async function endSweep(
  table: Table,
  { tenantId, connectionId }: Of,
  chain: string,
  progress: SweepProgress,
): Promise<void> {
  const set = { ...tags, [`${ended}${chain}`]: attributesOf(progress) };
  const when = { equals: { sweepBegunAt: progress.begunAt } };
  await table.write({ update: keys.activity(tenantId, connectionId), set, remove: [`${underWay}${chain}`], when });
}
