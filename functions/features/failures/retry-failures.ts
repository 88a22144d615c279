import { batches } from '../../core/batches.ts';
import { asSyncError, SyncError } from '../../core/errors.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { mappedFields } from '../../core/mapping/mapped-fields.ts';
import type { ConnectionSetup } from '../../core/model/connection-setup.ts';
import { dueOf } from '../../core/model/due.ts';
import {
  connectionFailureId,
  driftReason,
  type Failure,
  fieldsMeant,
  isMeant,
  type TroubleFilter,
  typeAsideReason,
} from '../../core/model/failure.ts';
import { fieldKey, isWatched } from '../../core/model/link.ts';
import { recordFinding } from '../../sync/look/record-finding.ts';
import { startRun } from '../../sync/runs/start-run.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { refreshMetadata } from '../connections/refresh-metadata.ts';
import { testConnection } from '../connections/test-connection.ts';
import { enoughOf } from '../enough-of.ts';
import { found } from '../found.ts';
import { runOverLinks } from '../runs/run-over-links.ts';
import { refuseUnlessAdmin } from './accept-drift.ts';

const linksPerRun = 100;
/** A call takes no more once it has so many. */
const failuresPerCall = 500;
const failuresPerPage = 100;
const clearedAtOnce = 8;

/**
 * Lets the engine try again what it left alone, and makes the link due. The failure stays open until the look succeeds,
 * but for fields that are no longer mapped: no look would ever close those.
 */
async function clearMarks(
  app: Application,
  setup: ConnectionSetup,
  linkId: string,
  meant: TroubleFilter,
): Promise<string[]> {
  const link = await app.links.get(setup.connection.tenantId, linkId);
  if (!link || !isWatched(link.state)) return [];
  const mapped = new Set(mappedFields(setup, link.ends.erp.type).map(fieldKey));
  const finding = { found: 'retry', mapped, meant, at: app.runtime.now() } as const;
  const staysDue = dueOf(link, app.runtime.newId());
  const stored = await recordFinding(app, link, finding, () => ({ staysDue }));
  return stored === 'superseded' ? clearMarks(app, setup, linkId, meant) : [linkId];
}

function isDrift({ reason }: Failure): boolean {
  return reason === driftReason;
}

/** Failures of one connection: marks cleared, one run per hundred links, one over the connection for its own. */
async function retryOf(
  app: Application,
  caller: Caller,
  connectionId: string,
  failures: readonly Failure[],
  meant: TroubleFilter = {},
): Promise<string[]> {
  const { tenantId } = caller;
  const trigger = { by: 'retry', caller: caller.caller } as const;
  const [drifted, others] = [failures.filter(isDrift), failures.filter((one) => !isDrift(one))];
  // What drifted is looked at again; there is nothing of it to run.
  if (drifted.length > 0) {
    refuseUnlessAdmin(caller, 'Looking at drift again');
    await refreshMetadata(app, caller, connectionId);
  }
  if (others.length === 0) return [];
  // What is set aside, a connection or a type of it, is taken up by a test.
  if (others.some(({ id, reason }) => id === connectionFailureId(connectionId) || reason === typeAsideReason)) {
    await testConnection(app, caller, connectionId);
  }
  const setup = found(await app.connections.getSetup(tenantId, connectionId), 'connection', connectionId);
  const { state } = setup.connection;
  if (state !== 'active') throw new SyncError('conflict', `The connection is ${state}: nothing can be retried.`);
  const byLink = Map.groupBy(others, ({ linkId }) => linkId);
  const linkIds = [...byLink.keys()].filter((linkId) => linkId !== undefined);
  const due = (await inParallel(linkIds, clearedAtOnce, (linkId) => clearMarks(app, setup, linkId, meant))).flat();
  const runIds: string[] = [];
  for (const batch of batches(due, linksPerRun)) {
    runIds.push((await runOverLinks(app, { tenantId, connectionId, linkIds: batch, trigger })).id);
  }
  if (byLink.has(undefined)) {
    const scope = { kind: 'connection' } as const;
    runIds.push((await startRun(app, { tenantId, connectionId, kind: 'sync', scope, trigger })).id);
  }
  return runIds;
}

/** Tries one failure again at once; SyncError `rejected` if it is a suspended connection whose test still fails. */
export async function retryFailure(app: Application, caller: Caller, failureId: string): Promise<{ runIds: string[] }> {
  const failure = found(await app.failures.get(caller.tenantId, failureId), 'failure', failureId);
  return { runIds: await retryOf(app, caller, failure.connectionId, [failure]) };
}

export interface RetryFilter extends TroubleFilter {
  readonly connectionId?: string | undefined;
  readonly linkId?: string | undefined;
  readonly runId?: string | undefined;
}

function failuresFor(app: Application, tenantId: string, filter: RetryFilter, from: string | undefined) {
  const { kind, reason, ...listed } = filter;
  const meant = { kind, reason };
  return enoughOf(
    (page) => app.failures.list(tenantId, listed, page),
    (failures) => failures.filter((one) => isMeant(one, meant) || fieldsMeant(one, meant).length > 0),
    { enough: failuresPerCall, limit: failuresPerPage, from },
  );
}

/**
 * Tries again all failures that the filter names, some 500 a call; what cannot be is named with the reason. `cursor`: there
 * may be more, behind those that were taken, whatever became of them.
 */
export async function retryFailures(app: Application, caller: Caller, filter: RetryFilter, from?: string) {
  const { found: failures, cursor } = await failuresFor(app, caller.tenantId, filter, from);
  const runIds: string[] = [];
  const refused: { connectionId: string; reason: string }[] = [];
  let retried = 0;
  for (const [connectionId, ofConnection] of Map.groupBy(failures, (failure) => failure.connectionId)) {
    // Systems that cannot be looked at keep nothing else from being tried.
    for (const group of [ofConnection.filter((one) => !isDrift(one)), ofConnection.filter(isDrift)]) {
      if (group.length === 0) continue;
      try {
        runIds.push(...(await retryOf(app, caller, connectionId, group, filter)));
        retried += group.length;
      } catch (failure) {
        const error = asSyncError(failure);
        const isOfOne = error.kind === 'conflict' || error.kind === 'rejected';
        if (!isOfOne && (error.kind === 'defect' || !group.some(isDrift))) throw failure;
        refused.push({ connectionId, reason: error.message });
      }
    }
  }
  return { retried, runIds, refused, cursor };
}
