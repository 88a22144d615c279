/**
 * Counts the calls of some work. Always true: calls are counted whether the work ends well or throws. A crash loses the
 * count of that work, so it is a lower bound. Shown in test/sync/engine.test.ts.
 */

import type { BySide } from '../../core/model/by-side.ts';
import type { CounterDeltas } from '../../core/model/run.ts';
import type { RecordSystem } from '../../ports/record-system.ts';

type Counting = BySide<Pick<RecordSystem, 'callCount'>>;

/** Calls made until now; to count from here on. */
export function callsUntilNow({ crm, erp }: Counting): BySide<number> {
  return { crm: crm.callCount(), erp: erp.callCount() };
}

/** `before`: from where on, where some of the work was begun earlier. */
export async function countingCalls<Result>(
  systems: Counting,
  counted: (counts: CounterDeltas) => Promise<void>,
  work: () => Promise<Result>,
  before = callsUntilNow(systems),
): Promise<Result> {
  try {
    return await work();
  } finally {
    await counted({
      callsToCrm: systems.crm.callCount() - before.crm,
      callsToErp: systems.erp.callCount() - before.erp,
    });
  }
}
