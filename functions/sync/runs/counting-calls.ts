/**
 * Counts the calls of some work. Always true: calls are counted whether the work ends well or throws. A crash loses the
 * count of that work, so it is a lower bound. Shown in test/sync/engine.test.ts.
 */

import type { CounterDeltas } from '../../core/model/run.ts';
import type { Side } from '../../core/model/side.ts';
import type { RecordSystem } from '../../ports/record-system.ts';

export async function countingCalls<Result>(
  systems: Readonly<Record<Side, Pick<RecordSystem, 'callCount'>>>,
  counted: (counts: CounterDeltas) => Promise<void>,
  work: () => Promise<Result>,
): Promise<Result> {
  const before = { crm: systems.crm.callCount(), erp: systems.erp.callCount() };
  try {
    return await work();
  } finally {
    await counted({
      callsToCrm: systems.crm.callCount() - before.crm,
      callsToErp: systems.erp.callCount() - before.erp,
    });
  }
}
