/**
 * Ends runs before they are done. Always true: a run has ended as it is answered, its slot is free, no chunk of it is open
 * and what was counted in them is in its counters; what was not looked at stays due. A crash may leave the slot or chunks
 * with the cancelled run: cancelling again, the next trigger, and a message of the run make that good. Attacked by
 * test/sync/engine.test.ts and test/sync/ends-of-runs.test.ts.
 */

import { SyncError } from '../../core/errors.ts';
import type { Connection, ConnectionState } from '../../core/model/connection.ts';
import { hasEnded, type Run, type RunReason } from '../../core/model/run.ts';
import type { Engine } from '../engine.ts';
import { passSlotOn } from './slots.ts';

/** Closes the chunks of a run that has ended, and passes its slot on. */
export async function letGo(engine: Engine, run: Run): Promise<void> {
  await engine.runs.dropUnsent(run.tenantId, run.id);
  for (const { id } of await engine.runs.openChunks(run.tenantId, run.id)) {
    await engine.runs.closeChunk(run.tenantId, run.id, id);
  }
  await passSlotOn(engine, run);
}

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
  await letGo(engine, after);
  return (await engine.runs.get(tenantId, runId)) ?? after;
}

const reasons: Readonly<Record<Exclude<ConnectionState, 'active'>, RunReason>> = {
  suspended: 'connection-suspended',
  inactive: 'connection-deactivated',
  deleted: 'connection-deleted',
};

/** Ends one run of a connection that is not active; one that nobody has seen yet leaves nothing. */
async function endWith(engine: Engine, run: Run, reason: RunReason): Promise<void> {
  if (run.latent) {
    await engine.runs.dropLatent(run.tenantId, run.id);
    return passSlotOn(engine, run);
  }
  await engine.runs.end(run, 'cancelled', engine.runtime.now(), reason);
  await letGo(engine, run);
}

/**
 * A connection that is not active has no run under way: each is cancelled, with the state as its reason. Those that wait
 * come first, so that none is let into a slot. Safe to repeat; whoever meets such a run does.
 */
export async function cancelRunsOf(engine: Engine, { tenantId, id, state }: Connection): Promise<void> {
  if (state === 'active') return;
  const runs = await engine.runs.unfinished(tenantId, id);
  const inOrder = [...runs.filter((run) => run.state === 'queued'), ...runs.filter((run) => run.state !== 'queued')];
  for (const run of inOrder) await endWith(engine, run, reasons[state]);
}

/** Of a run whose connection is not active any more: cancels it, and whatever else that connection has under way. */
export async function cancelOfInactive(engine: Engine, run: Run): Promise<void> {
  const connection = await engine.connections.get(run.tenantId, run.connectionId);
  if (!connection || connection.state === 'active') return;
  await cancelRunsOf(engine, connection);
  // The index of unfinished runs may not show it yet.
  const current = await engine.runs.get(run.tenantId, run.id);
  if (current && !hasEnded(current.state)) await endWith(engine, current, reasons[connection.state]);
}
