/**
 * Ends runs before they are done. Always true: a run has ended as it is answered, its slot is free, no chunk of it is open
 * and what was counted in them is in its counters; what was not looked at stays due. A crash may leave the slot or chunks
 * with the cancelled run: cancelling again, the next trigger, and a message of the run make that good. Attacked by
 * test/sync/engine.test.ts and test/sync/ends-of-runs.test.ts.
 */

import { SyncError } from '../../core/errors.ts';
import type { Connection, ConnectionState } from '../../core/model/connection.ts';
import { mayWorkFor } from '../../core/model/proposal.ts';
import { hasEnded, isDetecting, type Run, type RunReason } from '../../core/model/run.ts';
import { isEngineStopped, type Tenant } from '../../core/model/tenant.ts';
import type { Engine } from '../engine.ts';
import { isPassing } from './passing.ts';
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

interface Halted {
  readonly run: Run;
  readonly reason: RunReason;
}

/** Ends one run of a connection that is not active; one that nobody has seen yet leaves nothing. */
async function endWith(engine: Engine, run: Run, reason: RunReason): Promise<void> {
  if (run.latent) {
    await engine.runs.dropLatent(run.tenantId, run.id);
    return passSlotOn(engine, run);
  }
  await compareLater(engine, run);
  await engine.runs.end(run, 'cancelled', engine.runtime.now(), reason);
  await letGo(engine, run);
}

/** What a comparison that is made once had not listed yet is not due, so nobody else would find it: it is compared again later. */
async function compareLater(engine: Engine, run: Run): Promise<void> {
  const { tenantId, connectionId, kind, dryRun, chains } = run;
  if (kind !== 'compare' || dryRun || isPassing(run) || !isDetecting(run)) return;
  const { chainsWaiting = {} } = await engine.connections.activity(tenantId, connectionId);
  for (const chain of Object.keys(chains).filter((one) => !(one in chainsWaiting))) {
    await engine.connections.noteChainWait(tenantId, connectionId, chain, engine.runtime.now());
  }
}

async function endAll(engine: Engine, halted: readonly Halted[]): Promise<void> {
  const isQueued = ({ run }: Halted) => run.state === 'queued';
  // Those that wait come first, so that none is let into a slot.
  const inOrder = [...halted.filter(isQueued), ...halted.filter((one) => !isQueued(one))];
  for (const { run, reason } of inOrder) await endWith(engine, run, reason);
}

/**
 * Ends what is under way of a connection and may not go on, each run with its own reason, and answers the others. The runs
 * are listed before the reasons are read: one that started since may have been let in by whoever activated the connection,
 * or started the engine, meanwhile.
 */
async function endHalted(engine: Engine, of: Pick<Run, 'tenantId' | 'connectionId'>): Promise<readonly Run[]> {
  const runs = await engine.runs.unfinished(of.tenantId, of.connectionId);
  if (runs.length === 0) return runs;
  const reasonOf = await reasonsToEnd(engine, of);
  const halted = runs.flatMap((run) => {
    const reason = reasonOf(run);
    return reason ? [{ run, reason }] : [];
  });
  await endAll(engine, halted);
  return runs.filter((run) => !halted.some((one) => one.run === run));
}

/**
 * A connection that is not active has no run under way but of proposed mappings, where it is merely inactive: each other is
 * cancelled, with the state as its reason. Safe to repeat; whoever meets such a run does.
 */
export async function cancelRunsOf(engine: Engine, { tenantId, id, state }: Connection): Promise<void> {
  if (state !== 'active') await endHalted(engine, { tenantId, connectionId: id });
}

/** A stopped engine has no run under way but those that were forced. Answers those; safe to repeat. */
export function cancelUnforced(engine: Engine, tenantId: string, connectionId: string): Promise<readonly Run[]> {
  return endHalted(engine, { tenantId, connectionId });
}

/** Why a run of a connection may not go on. */
export type ReasonToEnd = (run: Run) => RunReason | undefined;

/** What a run works with, as it was read. */
interface Standing {
  readonly connection: Connection | undefined;
  readonly tenant: Tenant | undefined;
}

/** The connection is not active, or the engine was stopped and the run is not forced. */
function reasonIn({ connection, tenant }: Standing, run: Run): RunReason | undefined {
  if (!connection) return undefined;
  const { state } = connection;
  if (state !== 'active' && !mayWorkFor(connection, run)) return reasons[state];
  return isEngineStopped(tenant) && !run.forced ? 'engine-stopped' : undefined;
}

export async function reasonsToEnd(
  engine: Engine,
  { tenantId, connectionId }: Pick<Run, 'tenantId' | 'connectionId'>,
): Promise<ReasonToEnd> {
  const [connection, tenant] = await Promise.all([
    engine.connections.get(tenantId, connectionId),
    engine.tenants.get(tenantId),
  ]);
  return (run) => reasonIn({ connection, tenant }, run);
}

/**
 * Of a run whose message found that it may not go on: cancels it, and what else of its connection is under way for as little
 * reason. It ends by what the message found, though that be over by now: its message is done with, and no other comes.
 */
export async function cancelHalted(engine: Engine, run: Run, found: Standing): Promise<void> {
  await cancelIf(engine, run, (one) => reasonIn(found, one));
}

/** Cancels a run that may not go on, and what else of its connection may not; false = the run may go on. */
export async function cancelIf(engine: Engine, run: Run, reasonOf: ReasonToEnd): Promise<boolean> {
  const reason = reasonOf(run);
  if (!reason) return false;
  await endHalted(engine, run);
  // The index of unfinished runs may not show it yet.
  const current = await engine.runs.get(run.tenantId, run.id);
  if (current && !hasEnded(current.state)) await endWith(engine, current, reason);
  return true;
}
