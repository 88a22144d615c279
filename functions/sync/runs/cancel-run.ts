/**
 * Always true: a run has ended as it is answered, and its slot is free. A crash may leave the slot with the cancelled run:
 * the next trigger, or a message of the run, passes it on. Cancelling is shown in test/sync/engine.test.ts.
 */

import { SyncError } from '../../core/errors.ts';
import { hasEnded, type Run } from '../../core/model/run.ts';
import type { Engine } from '../engine.ts';
import { passSlotOn } from './slots.ts';

/** Stops a run: work already applied stays and is logged; what was not looked at stays due for the next poll. */
export async function cancelRun(engine: Engine, tenantId: string, runId: string): Promise<Run> {
  const run = await engine.runs.get(tenantId, runId);
  if (!run) throw new SyncError('not-found', `There is no sync run ${runId}.`);
  const ended = await engine.runs.end(run, 'cancelled', engine.runtime.now());
  const after = await engine.runs.get(tenantId, runId);
  if (!after || (!ended && !hasEnded(after.state))) return cancelRun(engine, tenantId, runId);
  if (!ended && after.state !== 'cancelled') {
    throw new SyncError('conflict', `The run has ended already (${after.state}).`);
  }
  await passSlotOn(engine, after);
  return after;
}
