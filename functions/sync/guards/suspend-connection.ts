/**
 * Always true: a suspended connection has the reason and one open failure; its cursors and due items stay, and a successful
 * test resumes it. A crash may leave the failure of a connection that is still active: the next call that meets the same
 * trouble suspends it. Attacked by test/sync/engine.test.ts.
 */

import type { SyncError } from '../../core/errors.ts';
import type { Connection } from '../../core/model/connection.ts';
import { connectionFailureId, failureOf } from '../../core/model/failure.ts';
import type { Engine } from '../engine.ts';

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
  if (current?.state !== 'active') return;
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
    suspension: { kind: error.kind, at },
  });
  if (!replaced) return suspendConnection(engine, connection, error, runId);
  engine.telemetry.failure('connection-suspended', error, { tenantId, connectionId: id });
  engine.telemetry.count('ConnectionSuspended', 1, { kind: error.kind });
}
