/**
 * Counters as attributes. Always true: they only grow, by additions that need no read. Each write below is part of a
 * transaction, so a crash leaves all of it or nothing. Attacked by test/contract/stores-runs-suite.ts.
 */

import { type CounterDeltas, type Counters, counterNames, noCounts, type RunRef } from '../../../../core/model/run.ts';
import type { Item, Write } from '../../../../ports/table.ts';
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

/** Adds to the run itself. */
export function runCounts(run: RunRef, deltas: CounterDeltas): Write {
  return { update: keys.run(run.tenantId, run.runId), add: countAttributes(deltas), when: { exists: true } };
}
