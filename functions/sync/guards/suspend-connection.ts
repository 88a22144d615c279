/**
 * Always true: a suspended connection has the reason and one open failure, and no run under way; its cursors and due items
 * stay, and a successful test resumes it. One that somebody deactivates meanwhile is inactive, without that failure. A crash
 * may leave the failure of a connection that is still active, or runs of a suspended one: the next call that meets the same
 * trouble suspends it, and the dispatcher ends its runs. Attacked by test/sync/ends-of-runs.test.ts.
 */

import type { SyncError } from '../../core/errors.ts';
import type { Connection } from '../../core/model/connection.ts';
import { connectionFailureId, failureOf } from '../../core/model/failure.ts';
import type { Engine } from '../engine.ts';
import { cancelRunsOf } from '../runs/cancel-run.ts';

/** Stops a connection that only an administrator can mend: a refused password, a field that is gone. Safe to repeat. */
export async function suspendConnection(
  engine: Engine,
  connection: Connection,
  error: SyncError,
  runId?: string,
): Promise<void> {
  const { tenantId, id } = connection;
  const at = engine.runtime.now();
  const current = await engine.connections.get(tenantId, id);
  if (current?.state === 'suspended') return;
  if (current?.state !== 'active') return engine.failures.close(tenantId, connectionFailureId(id));
  const failure = failureOf({
    tenantId,
    id: connectionFailureId(id),
    connectionId: id,
    runId,
    kind: error.kind,
    reason: 'connection-suspended',
    explanation: error.explanation,
    at,
  });
  await engine.failures.open(failure);
  const replaced = await engine.connections.replace({
    ...current,
    state: 'suspended',
    suspension: { kind: error.kind, at, ...(error.isTenantDeleted && { reason: 'crm-tenant-deleted' }) },
  });
  if (!replaced) return suspendConnection(engine, connection, error, runId);
  await cancelRunsOf(engine, replaced);
  engine.telemetry.failure('connection-suspended', error, { tenantId, connectionId: id });
  engine.telemetry.count('ConnectionSuspended', 1, { kind: error.kind });
  const event = error.isTenantDeleted ? 'crm-tenant-deleted' : 'connection-suspended';
  await engine.alerts.tell({ event, tenantId, connectionId: id, reason: error.kind });
  // An operator deletes it here, too.
  if (error.isTenantDeleted) {
    engine.telemetry.info('crm-tenant-deleted', { tenantId });
    engine.telemetry.count('CrmTenantDeleted', 1);
  }
}
