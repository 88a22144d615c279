/**
 * Counters as attributes. Always true: they only grow, by additions that need no read, and a link's result is added only
 * while it has none. Each write below is part of a transaction, so a crash leaves all of it or nothing. Attacked by
 * test/contract/stores-record-suite.ts and test/contract/stores-runs-suite.ts.
 */

import {
  type ChunkRef,
  type CounterDeltas,
  type Counters,
  counterNames,
  noCounts,
  type RunRef,
} from '../../../../core/model/run.ts';
import type { Condition, Item, Write } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { numberIn } from '../table/stored-item.ts';

/** Counters are top-level numbers, so that they can be added to without being read. */
const prefix = 'count-';

export function countAttributes(counters: CounterDeltas): Record<string, number> {
  const amounts = counterNames.map((name): [string, number] => [`${prefix}${name}`, counters[name] ?? 0]);
  return Object.fromEntries(amounts.filter(([, amount]) => amount !== 0));
}

export function countersOf(item: Item): Counters {
  const counters = noCounts();
  for (const name of counterNames) counters[name] = numberIn(item, `${prefix}${name}`);
  return counters;
}

/**
 * Adds to an open chunk. `changes` goes up with every write, so that closing can tell that it saw the last one.
 * `resultOf`: this is that link's result, on condition that it has none yet. `changedOf`: it is counted as changed and has
 * no result yet.
 */
export function chunkCounts(
  chunk: ChunkRef,
  deltas: CounterDeltas,
  { resultOf, changedOf }: { readonly resultOf?: string | undefined; readonly changedOf?: string | undefined },
): Write {
  const when: Condition = resultOf === undefined ? { exists: true } : { contains: { pending: resultOf } };
  return {
    update: keys.chunk(chunk.tenantId, chunk.runId, chunk.chunkId),
    add: { ...countAttributes(deltas), changes: 1 },
    addMembers: changedOf === undefined ? undefined : { 'changed-links': [changedOf] },
    dropMembers: resultOf === undefined ? undefined : { pending: [resultOf] },
    when,
  };
}

/** Adds to the run itself: what comes after its chunk was closed. */
export function runCounts(run: RunRef, deltas: CounterDeltas): Write {
  return { update: keys.run(run.tenantId, run.runId), add: countAttributes(deltas), when: { exists: true } };
}
