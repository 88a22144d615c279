import { batches } from '../../core/batches.ts';
import { asSyncError, type ErrorKind, SyncError } from '../../core/errors.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { mappedFields } from '../../core/mapping/mapped-fields.ts';
import type { ConnectionSetup } from '../../core/model/connection-setup.ts';
import { dueOf } from '../../core/model/due.ts';
import { connectionFailureId, type Failure } from '../../core/model/failure.ts';
import { type FieldState, fieldKey, isWatched, type Link } from '../../core/model/link.ts';
import { startRun } from '../../sync/runs/start-run.ts';
import { allPages } from '../all-pages.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { testConnection } from '../connections/test-connection.ts';
import { found } from '../found.ts';
import { runOverLinks } from '../runs/run-over-links.ts';

const linksPerRun = 100;
const failuresPerCall = 500;
const clearedAtOnce = 8;

/** The field without what made the engine leave it alone; a void choice is forgotten, so that the policy decides. */
function withoutMark(link: Link, field: string): Pick<Link, 'fieldStates' | 'choices'> {
  const { parked: _parked, held, heldOn: _on, heldSince: _since, unproven, ...rest } = link.fieldStates[field] ?? {};
  const state: FieldState = { ...rest, unproven: held === 'reformatted-in-turn' ? undefined : unproven };
  const { [field]: _choice, ...choices } = link.choices;
  const fieldStates = { ...link.fieldStates, [field]: state };
  return { fieldStates, choices: held === 'choice-void' ? choices : link.choices };
}

/**
 * Lets the engine try again what it left alone, and makes the link due. The failure stays open until the look succeeds,
 * except where its field is no longer mapped: no look would ever close that one.
 */
async function clearMarks(
  app: Application,
  setup: ConnectionSetup,
  linkId: string,
  failures: readonly Failure[],
): Promise<string[]> {
  const link = await app.links.get(setup.connection.tenantId, linkId);
  if (!link || !isWatched(link.state)) return [];
  const mapped = new Set(mappedFields(setup, link.ends.erp.type).map(fieldKey));
  const obsolete = failures.flatMap(({ id, field }) => (field !== undefined && !mapped.has(field) ? [id] : []));
  let after = link;
  for (const { field } of failures) {
    if (field !== undefined) after = { ...after, ...withoutMark(after, field) };
  }
  const stored = await app.links.record({
    before: link,
    after: { ...after, openFailures: link.openFailures.filter((id) => !obsolete.includes(id)) },
    closesFailures: obsolete,
    staysDue: dueOf(link, app.runtime.newId()),
  });
  return stored === 'superseded' ? clearMarks(app, setup, linkId, failures) : [linkId];
}

/** Failures of one connection: marks cleared, one run per hundred links, one over the connection for its own. */
async function retryOf(
  app: Application,
  caller: Caller,
  connectionId: string,
  failures: readonly Failure[],
): Promise<string[]> {
  const { tenantId } = caller;
  const trigger = { by: 'retry', caller: caller.caller } as const;
  if (failures.some(({ id }) => id === connectionFailureId(connectionId))) {
    await testConnection(app, tenantId, connectionId);
  }
  const setup = found(await app.connections.getSetup(tenantId, connectionId), 'connection', connectionId);
  const { state } = setup.connection;
  if (state !== 'active') throw new SyncError('conflict', `The connection is ${state}: nothing can be retried.`);
  const byLink = Map.groupBy(failures, ({ linkId }) => linkId);
  const links = [...byLink].flatMap(([linkId, group]) => (linkId === undefined ? [] : [{ linkId, group }]));
  const due = (
    await inParallel(links, clearedAtOnce, ({ linkId, group }) => clearMarks(app, setup, linkId, group))
  ).flat();
  const runIds: string[] = [];
  for (const linkIds of batches(due, linksPerRun)) {
    runIds.push((await runOverLinks(app, { tenantId, connectionId, linkIds, trigger })).id);
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

export interface RetryFilter {
  readonly connectionId?: string | undefined;
  readonly linkId?: string | undefined;
  readonly runId?: string | undefined;
  readonly kind?: ErrorKind | undefined;
  readonly reason?: string | undefined;
}

async function failuresFor(
  app: Application,
  tenantId: string,
  filter: RetryFilter,
): Promise<{ failures: Failure[]; more: boolean }> {
  const { kind, reason, ...listed } = filter;
  const failures: Failure[] = [];
  let more = false;
  for await (const { items, cursor } of allPages((page) => app.failures.list(tenantId, listed, page))) {
    failures.push(
      ...items.filter(
        (failure) =>
          (kind === undefined || failure.kind === kind) && (reason === undefined || failure.reason === reason),
      ),
    );
    more = cursor !== undefined || failures.length > failuresPerCall;
    if (failures.length >= failuresPerCall) break;
  }
  return { failures: failures.slice(0, failuresPerCall), more };
}

/** Tries again all failures that the filter names, up to 500 a call; what cannot be is named with the reason. */
export async function retryFailures(app: Application, caller: Caller, filter: RetryFilter) {
  const { failures, more } = await failuresFor(app, caller.tenantId, filter);
  const runIds: string[] = [];
  const refused: { connectionId: string; reason: string }[] = [];
  let retried = 0;
  for (const [connectionId, group] of Map.groupBy(failures, (failure) => failure.connectionId)) {
    try {
      runIds.push(...(await retryOf(app, caller, connectionId, group)));
      retried += group.length;
    } catch (failure) {
      const error = asSyncError(failure);
      if (error.kind !== 'conflict' && error.kind !== 'rejected') throw error;
      refused.push({ connectionId, reason: error.message });
    }
  }
  return { retried, runIds, refused, more };
}
