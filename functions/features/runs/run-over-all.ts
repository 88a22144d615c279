/**
 * A run over several connections: one of each that is active, under one that does nothing itself and ends with them. Always
 * true: how it stands is read from theirs, and it is stored as ended, with their sums, once. A crash before it is stored
 * leaves the runs of the connections without it; after that nothing is left to do. Attacked by
 * test/features/runs/run-over-all.test.ts.
 */
import { asSyncError, SyncError } from '../../core/errors.ts';
import { inParallel } from '../../core/in-parallel.ts';
import type { Connection } from '../../core/model/connection.ts';
import { addCounts, everyConnection, hasEnded, noCounts, type Run, stateOfAll } from '../../core/model/run.ts';
import { cancelRun, reasonsToEnd } from '../../sync/runs/cancel-run.ts';
import { newRun, type StartRunRequest, startRun, urgencyNow } from '../../sync/runs/start-run.ts';
import type { Application } from '../application.ts';
import { completed } from './completed.ts';

const connectionsAtOnce = 8;

type Request = Omit<StartRunRequest, 'connectionId' | 'scope' | 'linkIds' | 'order'>;

/** What the run of one connection covers. */
type Part = Pick<StartRunRequest, 'connectionId' | 'scope' | 'linkIds' | 'skips'>;

/** Nothing where the connection was switched off meanwhile. */
async function startOf(app: Application, request: Request, part: Part, order: Promise<readonly Connection[]>) {
  try {
    return await startRun(app, { ...request, ...part, order });
  } catch (failure) {
    const error = asSyncError(failure);
    const { connectionId } = part;
    const now = error.kind === 'conflict' ? await app.connections.get(request.tenantId, connectionId) : undefined;
    if (error.kind === 'not-found' || (now && now.state !== 'active')) return undefined;
    throw error;
  }
}

/** SyncError `conflict` if no connection is active, or the engine is stopped and the run not forced. */
export async function runOverAll(
  app: Application,
  request: Request,
  order: Promise<readonly Connection[]>,
): Promise<Run> {
  const scope = { kind: 'connection' } as const;
  const parts = (await order).map(({ id }) => ({ connectionId: id, scope }));
  return runOverSeveral(app, { ...request, scope: { kind: 'all' }, order }, parts);
}

/** The same over named connections, each with what it is to cover; those that are not active are left out. */
export async function runOverSeveral(
  app: Application,
  request: Request & Pick<StartRunRequest, 'scope'> & { readonly order: Promise<readonly Connection[]> },
  parts: readonly Part[],
): Promise<Run> {
  const { order } = request;
  const active = new Set((await order).filter(({ state }) => state === 'active').map(({ id }) => id));
  const atWork = parts.filter(({ connectionId }) => active.has(connectionId));
  // One person asks once, however many connections there are.
  const named = atWork.flatMap(({ linkIds = [] }) => linkIds);
  const urgency = await urgencyNow(app, {
    ...request,
    connectionId: everyConnection,
    linkIds: atWork[0]?.linkIds && named,
  });
  const asked = { ...request, urgency };
  const started = await inParallel(atWork, connectionsAtOnce, (part) => startOf(app, asked, part, order));
  const runs = started.filter((run) => run !== undefined);
  if (runs.length === 0)
    throw new SyncError('conflict', 'No connection is active: activate one before starting a run.');
  const children = runs.map(({ id, connectionId }) => ({ runId: id, connectionId }));
  const leftOut = parts.filter(({ connectionId }) => !runs.some((run) => run.connectionId === connectionId));
  const skips = leftOut.flatMap(({ linkIds = [] }) =>
    linkIds.map((linkId) => ({ linkId, reason: 'connection-not-active' as const })),
  );
  const fresh = await newRun(app, { ...asked, connectionId: everyConnection, skips });
  const run: Run = { ...fresh, interactive: false, children };
  await app.runs.create(run, []);
  return run;
}

/** At one moment: as deployed the runs, and what might end them, are one call. */
async function runsOf(app: Application, { tenantId, children = [] }: Run): Promise<Run[]> {
  const [runs, reasons] = await Promise.all([
    app.runs.getMany(
      tenantId,
      children.map(({ runId }) => runId),
    ),
    Promise.all(children.map(({ connectionId }) => reasonsToEnd(app, { tenantId, connectionId }))),
  ]);
  const reasonOf = new Map(children.map(({ runId }, at) => [runId, reasons[at]]));
  return inParallel(runs, connectionsAtOnce, (run) => completed(app, run, reasonOf.get(run.id)));
}

/** As it stands by the runs of its connections; stored as ended once they have. */
export async function asItsRuns(app: Application, run: Run): Promise<Run> {
  if (hasEnded(run.state)) return run;
  const runs = await runsOf(app, run);
  const state = stateOfAll(runs);
  const counters = runs.reduce((sum, one) => addCounts(sum, one.counters), noCounts());
  const lastProgressAt = runs.reduce(
    (last, one) => (one.lastProgressAt > last ? one.lastProgressAt : last),
    run.createdAt,
  );
  if (state === 'running') return { ...run, counters: addCounts(run.counters, counters), lastProgressAt };
  await app.runs.endAll(run, state, counters, app.runtime.now());
  return (await app.runs.get(run.tenantId, run.id)) ?? run;
}

/** Cancels the runs of all connections that have not ended. */
export async function cancelAll(app: Application, run: Run): Promise<Run> {
  if (hasEnded(run.state)) throw new SyncError('conflict', `The run has ended already (${run.state}).`);
  const open = (await runsOf(app, run)).filter(({ state }) => !hasEnded(state));
  await inParallel(open, connectionsAtOnce, async (one) => {
    try {
      await cancelRun(app, one.tenantId, one.id);
    } catch (failure) {
      // It ended meanwhile.
      if (asSyncError(failure).kind !== 'conflict') throw failure;
    }
  });
  return asItsRuns(app, run);
}
