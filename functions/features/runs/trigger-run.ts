import { invalid, SyncError } from '../../core/errors.ts';
import type { ActorType, CrmType } from '../../core/model/actor-type.ts';
import { isWatched, type LinkHead } from '../../core/model/link.ts';
import type { Run, RunScope, SkipReason } from '../../core/model/run.ts';
import { orderOf, startRun } from '../../sync/runs/start-run.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';
import { linksJoiningCrmRecord, linksOfErpKeys } from '../links/list-links.ts';
import { connectionFaults, runFaults } from './run-faults.ts';
import { runOverAll, runOverSeveral } from './run-over-all.ts';

type AskedScope =
  | { readonly kind: 'links'; readonly linkIds: readonly string[] }
  | { readonly kind: 'crm-record'; readonly crmType: CrmType; readonly crmKey: string }
  | { readonly kind: 'erp-keys'; readonly actorType: ActorType; readonly erpKeys: readonly string[] }
  | { readonly kind: 'actor-type'; readonly actorType: ActorType }
  | { readonly kind: 'connection' }
  | { readonly kind: 'all' };

export interface AskedRun {
  readonly kind: Run['kind'];
  /** May be left out where the scope names links or a CRM record: they know their connection. */
  readonly connectionId?: string | undefined;
  readonly scope: AskedScope;
  readonly dryRun: boolean;
  /** Of a resync. */
  readonly noBlanks?: boolean | undefined;
  /** Of a resync from the ERP: on to the other connections of each record. */
  readonly toOthers?: boolean | undefined;
  /** Although the engine is stopped. */
  readonly force?: boolean | undefined;
}

function connectionIdOf(asked: AskedRun): string {
  if (asked.connectionId !== undefined) return asked.connectionId;
  throw invalid(connectionFaults(asked));
}

/** The links that a scope names; nothing for scopes whose links the run detects itself. */
async function namedLinks(app: Application, tenantId: string, asked: AskedRun): Promise<LinkHead[] | undefined> {
  const { scope } = asked;
  switch (scope.kind) {
    case 'links': {
      const links = await app.links.getHeads(tenantId, scope.linkIds);
      for (const linkId of scope.linkIds)
        found(
          links.find((link) => link.id === linkId),
          'link',
          linkId,
        );
      return links;
    }
    case 'crm-record':
      return linksJoiningCrmRecord(app, tenantId, scope.crmType, scope.crmKey);
    case 'erp-keys': {
      const { actorType, erpKeys } = scope;
      return linksOfErpKeys(app, { tenantId, connectionId: connectionIdOf(asked), actorType }, erpKeys);
    }
    default:
      return undefined;
  }
}

/** The links that are meant: those named one by one, in whatever state; of a record, those that join it now. */
function meant(links: readonly LinkHead[], { scope, connectionId }: AskedRun): readonly LinkHead[] {
  if (scope.kind === 'links') return links;
  return links.filter(
    (link) => isWatched(link.state) && (connectionId === undefined || link.connectionId === connectionId),
  );
}

/** The connections that the links belong to; those of links that are in use, if any is. */
function connectionsOf(links: readonly LinkHead[], asked: AskedRun): readonly string[] {
  if (asked.connectionId !== undefined && links.length > 0) return [asked.connectionId];
  const watched = links.filter((link) => isWatched(link.state));
  const ids = [...new Set((watched.length > 0 ? watched : links).map((link) => link.connectionId))];
  if (ids.length === 0) throw new SyncError('not-found', 'No link in this scope is in use.');
  return ids;
}

/**
 * Starts a run as somebody asked for it; SyncError `conflict` for an inactive connection, or a stopped engine. `reached`: of
 * the links in its scope these alone.
 */
export async function triggerRun(
  app: Application,
  caller: Caller,
  asked: AskedRun,
  reached?: readonly LinkHead[],
): Promise<Run> {
  const { tenantId } = caller;
  const { kind, scope, dryRun, noBlanks, toOthers, force: forced } = asked;
  const faults = runFaults(asked);
  if (faults.length > 0) throw invalid(faults);
  // Read beside the links: somebody waits.
  const order = orderOf(app, tenantId);
  const request = {
    tenantId,
    kind,
    dryRun,
    noBlanks,
    toOthers,
    forced,
    order,
    trigger: { by: 'user', caller: caller.caller } as const,
  };
  if (scope.kind === 'all') return runOverAll(app, request, order);
  const named = reached ?? (await namedLinks(app, tenantId, asked));
  if (!named) {
    return startRun(app, { ...request, connectionId: connectionIdOf(asked), scope: storedScope(scope) });
  }
  const links = meant(named, asked);
  const [runsOn, ...others] = connectionsOf(links, asked);
  const covered = { ...request, scope: storedScope(scope) };
  if (kind === 'resync-from-erp' && others.length > 0) {
    throw invalid([
      { path: 'connectionId', message: 'Needed: the links belong to several ERPs, and one of them is to win' },
    ]);
  }
  if (runsOn !== undefined && others.length === 0) return startRun(app, { ...covered, ...partOf(links, runsOn) });
  const parts = [runsOn, ...others].flatMap((connectionId) => {
    const own = links.filter((link) => link.connectionId === connectionId);
    return connectionId === undefined ? [] : [{ scope: covered.scope, ...partOf(own, connectionId) }];
  });
  return runOverSeveral(app, covered, parts);
}

/** What a run of the connection has of these links, and what it leaves out. */
function partOf(links: readonly LinkHead[], connectionId: string) {
  const reasons = new Map(links.map((link) => [link.id, skipReason(link, connectionId)]));
  return {
    connectionId,
    linkIds: links.flatMap(({ id }) => (reasons.get(id) ? [] : [id])),
    skips: [...reasons].flatMap(([linkId, reason]) => (reason ? [{ linkId, reason }] : [])),
  };
}

/** Why a link that was named cannot be looked at. */
function skipReason({ connectionId, state }: LinkHead, runsOn: string): SkipReason | undefined {
  if (connectionId !== runsOn) return 'of-another-connection';
  return isWatched(state) ? undefined : 'disconnected';
}

function storedScope(scope: AskedScope): RunScope {
  if (scope.kind === 'links') return { ...scope, linkIds: [...scope.linkIds] };
  return scope.kind === 'erp-keys' ? { ...scope, erpKeys: [...scope.erpKeys] } : scope;
}
