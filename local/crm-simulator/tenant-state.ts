import type { Crm } from './crm.ts';
import type { JsonObject } from './json.ts';

const runningStates = ['Running', 'OnlineMaintenance'];

export const isTenantRunning = (crm: Crm): boolean => runningStates.includes(crm.faults.tenantState);

/** The tenant's root on the host it lives on now: a move changes the path here, as it changes the host at the vendor's. */
export function tenantRoot(crm: Crm, origin: string): string {
  return crm.hostMoves === 0 ? `${origin}/${crm.tenant}` : `${origin}/online${crm.hostMoves + 1}/${crm.tenant}`;
}

/** `GET /api/state/{tenant}` (spec 1.2). */
export function tenantState(crm: Crm, origin: string): JsonObject {
  return {
    ContextIdentifier: crm.tenant,
    Endpoint: `${tenantRoot(crm, origin)}/`,
    State: crm.faults.tenantState,
    IsRunning: isTenantRunning(crm),
    ValidUntil: new Date(crm.nowMs() + crm.faults.stateValidSeconds * 1000).toISOString(),
    Api: `${tenantRoot(crm, origin)}/api`,
    Version: '11.4.0.0',
  };
}
