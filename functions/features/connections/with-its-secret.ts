/**
 * Stores a connection whose secret was written before. Always true: where it is not stored its secret goes again, unless the
 * connection is there after all. A crash in between leaves a secret that nothing names, until the tenant goes. Attacked by
 * test/features/connections/connections.test.ts and test/features/config/refused-config.test.ts.
 */
import { asSyncError } from '../../core/errors.ts';
import type { Connection } from '../../core/model/connection.ts';
import type { Application } from '../application.ts';

/** `create`: false where its connector is gone. */
export async function withItsSecret(
  app: Application,
  connection: Pick<Connection, 'tenantId' | 'id'>,
  create: () => Promise<boolean>,
): Promise<boolean> {
  try {
    const isCreated = await create();
    if (!isCreated) await forgetSecret(app, connection);
    return isCreated;
  } catch (failure) {
    await forgetSecret(app, connection);
    throw failure;
  }
}

/** What hindered the connection is told, not this. */
async function forgetSecret(
  app: Application,
  { tenantId, id: connectionId }: Pick<Connection, 'tenantId' | 'id'>,
): Promise<void> {
  try {
    if (!(await app.connections.get(tenantId, connectionId))) await app.vault.remove(tenantId, connectionId);
  } catch (another) {
    app.telemetry.failure('secret-left-behind', asSyncError(another), { tenantId, connectionId });
  }
}
