/**
 * A deleted connection is removed for good once its time to be restored is over. Always true: it is marked before anything
 * of it goes, and one that is marked is never restored; the connection itself goes last, with its place in its connector's count and
 * the entry that tells of it, after its links, its runs and its secret. A crash leaves it marked, and the schedule's next
 * call goes on; the schedule goes after the connection. Attacked by test/features/connections/purge-connection.test.ts.
 */
import { connectionState } from '../../core/audit/set-up-states.ts';
import { type Connection, purgeAtOf } from '../../core/model/connection.ts';
import type { Engine } from '../../sync/engine.ts';
import type { Application } from '../application.ts';
import { trailOf } from '../audit/trail-of.ts';

type Purging = Engine & Pick<Application, 'vault'>;

/** The connection, marked; nothing where it may not be purged, or somebody changes it at this moment. */
async function markPurged(app: Purging, connection: Connection): Promise<Connection | undefined> {
  if (connection.purging) return connection;
  const purgeAt = purgeAtOf(connection);
  if (purgeAt === undefined || app.runtime.now() < purgeAt) return undefined;
  return app.connections.replace({ ...connection, purging: true });
}

/** The last step, once links and runs are gone. */
async function endPurge(app: Purging, connection: Connection): Promise<void> {
  const { tenantId, id, name } = connection;
  await app.purges.rest(tenantId, id);
  await app.vault.remove(tenantId, id);
  const trail = trailOf(
    app.runtime,
    { systemOf: tenantId },
    { act: 'connection.purge', subject: { kind: 'connection', id, name }, before: connectionState(connection) },
  );
  if (await app.purges.connection(connection, trail)) await app.schedules.remove(tenantId, id);
}

/** A call of the schedule of a deleted connection. Does one step of its purge, or nothing where its time has not come. */
export async function purgeConnection(
  app: Purging,
  { tenantId, connectionId }: { readonly tenantId: string; readonly connectionId: string },
): Promise<void> {
  const connection = await app.connections.get(tenantId, connectionId);
  if (!connection) return app.schedules.remove(tenantId, connectionId);
  const marked = await markPurged(app, connection);
  if (!marked) return;
  if (await app.purges.isEmpty(tenantId, connectionId)) return endPurge(app, marked);
  await app.queue.send([{ kind: 'purge', tenantId, connectionId, lane: 'low', interactive: false }]);
}
