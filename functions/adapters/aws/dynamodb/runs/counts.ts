/**
 * Counters as attributes. Always true: they only grow, by additions that need no read. Each write below is part of a
 * transaction, so a crash leaves all of it or nothing. Attacked by test/contract/stores-runs-suite.ts.
 */

import type { Tallies } from '../../../../core/model/proposal.ts';
import { type CounterDeltas, type Counters, counterNames, noCounts, type RunRef } from '../../../../core/model/run.ts';
import type { Item, Write } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { numberIn } from '../table/stored-item.ts';

/** Counters are top-level numbers, so that they can be added to without being read. */
const attributes = counterNames.map((name) => [name, `count-${name}`] as const);

export function countAttributes(counters: CounterDeltas): Record<string, number> {
  const amounts: Record<string, number> = {};
  for (const [name, attribute] of attributes) {
    const amount = counters[name] ?? 0;
    if (amount !== 0) amounts[attribute] = amount;
  }
  return amounts;
}

export function countersOf(item: Item): Counters {
  const counters = noCounts();
  for (const [name, attribute] of attributes) counters[name] = numberIn(item, attribute);
  return counters;
}

const tallyPrefix = 'tally-';

/** Tallies likewise: which there are is known to a proposal alone. */
export function tallyAttributes(tallies: Tallies): Record<string, number> {
  return Object.fromEntries(Object.entries(tallies).map(([name, amount]) => [`${tallyPrefix}${name}`, amount]));
}

/** Nothing where there are none. */
export function talliesOf(item: Item): Tallies | undefined {
  const names = Object.keys(item).filter((name) => name.startsWith(tallyPrefix));
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name.slice(tallyPrefix.length), numberIn(item, name)]));
}

/** Adds to the run itself. */
export function runCounts(run: RunRef, deltas: CounterDeltas): Write {
  return { update: keys.run(run.tenantId, run.runId), add: countAttributes(deltas), when: { exists: true } };
}
