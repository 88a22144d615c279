import type { FieldFault } from '../../core/errors.ts';
import { type Run, resyncOf } from '../../core/model/run.ts';

/** What a run can be asked to cover. */
export const scopeKinds = ['links', 'crm-record', 'erp-keys', 'actor-type', 'connection', 'all'] as const;
type ScopeKind = (typeof scopeKinds)[number];

/** A run as it was asked for, or as much of it as has its form. */
interface AskedOrSent {
  readonly kind?: Run['kind'] | undefined;
  readonly connectionId?: unknown;
  readonly scope?: { readonly kind: ScopeKind } | undefined;
  readonly dryRun?: boolean | undefined;
  readonly noBlanks?: boolean | undefined;
  readonly toOthers?: boolean | undefined;
}

/** Links and CRM records know their connections. */
const ofOneConnection: readonly ScopeKind[] = ['connection', 'actor-type', 'erp-keys'];
/** A sweep goes through all links. */
const sweepable: readonly ScopeKind[] = ['connection', 'actor-type', 'all'];

export function connectionFaults({ connectionId, scope }: Pick<AskedOrSent, 'connectionId' | 'scope'>): FieldFault[] {
  const path = 'connectionId';
  if (!scope) return [];
  if (scope.kind === 'all' && connectionId !== undefined) {
    return [{ path, message: 'Must be left out with a scope of kind all' }];
  }
  if (connectionId !== undefined || !ofOneConnection.includes(scope.kind)) return [];
  const kind = scope.kind === 'connection' ? 'connection (so it is where none is sent)' : scope.kind;
  const message = `Is missing: must be the id of a connection (\`GET /v1/connections\`) with a scope of kind ${kind}; links, crm-record and all need none`;
  return [{ path, message }];
}

function kindFaults({ kind, scope, dryRun, noBlanks, toOthers }: AskedOrSent): FieldFault[] {
  if (kind === undefined) return [];
  const faults: FieldFault[] = [];
  if (noBlanks && !resyncOf({ kind })) {
    faults.push({ path: 'noBlanks', message: 'Only with a run of kind resync-from-crm or resync-from-erp' });
  }
  if (toOthers && kind !== 'resync-from-erp') {
    faults.push({ path: 'toOthers', message: 'Only with a run of kind resync-from-erp' });
  } else if (toOthers && scope?.kind === 'all') {
    faults.push({
      path: 'toOthers',
      message: 'Not with all connections: name the one whose values go to all others',
    });
  }
  if (kind !== 'sweep') return faults;
  if (scope && !sweepable.includes(scope.kind)) {
    faults.push({ path: 'scope', message: 'A sweep has a scope of kind connection, actor-type or all' });
  }
  // It writes nothing that could be kept back.
  if (dryRun) faults.push({ path: 'dryRun', message: 'Must be left out with a run of kind sweep' });
  return faults;
}

/** All that is missing or does not go together, at once. */
export function runFaults(asked: AskedOrSent): FieldFault[] {
  return [...connectionFaults(asked), ...kindFaults(asked)];
}
