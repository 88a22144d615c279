/**
 * The stored form of runs and chunks. Always true: a run that has not ended is in the dispatcher's index, latent or not,
 * and only one that is not latent is listed. Nothing is written here, so a crash leaves nothing. Attacked by
 * test/contract/stores-runs-suite.ts.
 */

import { Chunk, hasEnded, Run } from '../../../../core/model/run.ts';
import type { Item, Table } from '../../../../ports/table.ts';
import { indexPartitions, keys, sortKeys } from '../table/keys.ts';
import { packedIds, unpackedIds } from '../table/packed-ids.ts';
import { membersIn, numberIn, readItem, storedItem, textIn } from '../table/stored-item.ts';
import { countAttributes, countersOf, talliesOf, tallyAttributes } from './counts.ts';

/** Runs that never ended, and their chunks, are cleaned up long after anything could still come for them. */
export const unendedLifeMs = 30 * 86_400_000;

/** Per chain: the page it is at, where that starts, the chunks added at that page, and how often some were added. */
export const chainAttributes = (chain: string) => ({
  page: `page-${chain}`,
  from: `from-${chain}`,
  added: `added-${chain}`,
  rounds: `rounds-${chain}`,
});

/** A run that people can see: listed, and read by the dispatcher while it has not ended. */
export function runIndex({
  tenantId,
  connectionId,
  id,
  state,
}: Pick<Run, 'tenantId' | 'connectionId' | 'id' | 'state'>) {
  return {
    gsi1pk: indexPartitions.runs(tenantId),
    gsi1sk: sortKeys.id(id),
    gsi2pk: indexPartitions.runsOfConnection(tenantId, connectionId),
    gsi2sk: sortKeys.id(id),
    ...(!hasEnded(state) && unfinishedIndex({ tenantId, connectionId, id })),
  };
}

/** Of every run, latent ones too: a poll that lost its message stays in its slot until the dispatcher helps it on. */
function unfinishedIndex({ tenantId, connectionId, id }: Pick<Run, 'tenantId' | 'connectionId' | 'id'>) {
  return { gsi3pk: indexPartitions.unfinishedRuns(tenantId, connectionId), gsi3sk: sortKeys.id(id) };
}

/** Chains and counters are top-level attributes, so that they can be conditions and be added to without being read. */
export function runItem(run: Run): Item {
  const { chains, counters, tallies = {}, ...rest } = run;
  const pages = Object.entries(chains).map(([chain, { page, from }]) => {
    const names = chainAttributes(chain);
    return { [names.page]: page, [names.from]: from };
  });
  return storedItem(
    {
      type: 'run',
      key: keys.run(run.tenantId, run.id),
      index: run.latent ? unfinishedIndex(run) : runIndex(run),
      expiresAtMs: Date.parse(run.createdAt) + unendedLifeMs,
    },
    {
      ...rest,
      ...countAttributes(counters),
      ...tallyAttributes(tallies),
      ...Object.assign({}, ...pages),
      detecting: membersOrNone(Object.keys(chains)),
    },
  );
}

/** A set without members cannot be stored. */
function membersOrNone(members: readonly string[]): ReadonlySet<string> | undefined {
  return members.length > 0 ? new Set(members) : undefined;
}

export function readRun(item: Item): Run {
  return readItem('run', Run, item, () => {
    const chains = [...membersIn(item, 'detecting')].map((chain) => {
      const names = chainAttributes(chain);
      return [chain, { page: numberIn(item, names.page), from: textIn(item, names.from) }];
    });
    return { ...item, chains: Object.fromEntries(chains), counters: countersOf(item), tallies: talliesOf(item) };
  });
}

export async function getRun(table: Table, tenantId: string, runId: string): Promise<Run | undefined> {
  const item = await table.get(keys.run(tenantId, runId));
  return item && readRun(item);
}

export function chunkItem({ pending: _pending, ...chunk }: Chunk): Item {
  const key = keys.chunk(chunk.tenantId, chunk.runId, chunk.id);
  const expiresAtMs = Date.parse(chunk.sentAt) + unendedLifeMs;
  return storedItem({ type: 'chunk', key, expiresAtMs }, { ...chunk, linkIds: packedIds(chunk.linkIds), turns: 0 });
}

/** With the links that have no result yet. What an earlier version stored has the set of those itself. */
export function readChunk(item: Item, isDone: (linkId: string) => boolean): Chunk {
  return readItem('chunk', Chunk, item, () => {
    const linkIds = item.pending instanceof Set ? [...item.pending] : unpackedIds(textIn(item, 'linkIds') ?? '');
    return { ...item, linkIds, pending: linkIds.filter((linkId) => !isDone(linkId)) };
  });
}
