import { SyncError } from '../../core/errors.ts';
import { type Connection, type ConnectionState, connectionMoves } from '../../core/model/connection.ts';
import { connectionFailureId, signInFailureId } from '../../core/model/failure.ts';
import { sides } from '../../core/model/side.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { cancelRunsOf } from '../../sync/runs/cancel-run.ts';
import type { Application } from '../application.ts';
import { type AsRead, changedAtOnce, expectRevision } from '../expect-revision.ts';
import { found } from '../found.ts';
import { type ConnectionView, connectionView } from './connection-view.ts';
import { keepSchedule } from './keep-schedule.ts';

async function connectionOf(app: Application, tenantId: string, id: string): Promise<Connection> {
  return found(await app.connections.get(tenantId, id), 'connection', id);
}

export async function readConnection(app: Application, tenantId: string, id: string): Promise<ConnectionView> {
  const { connection, brakes } = found(await app.connections.getWithBrakes(tenantId, id), 'connection', id);
  return { ...connectionView(connection), brakes };
}

export async function listConnections(
  app: Application,
  tenantId: string,
  page: PageRequest & { includeDeleted: boolean },
): Promise<Page<ConnectionView>> {
  const { items, cursor } = await app.connections.list(tenantId, page);
  return { items: items.map(connectionView), cursor };
}

async function moved(app: Application, connection: Connection, state: ConnectionState): Promise<Connection> {
  if (!connectionMoves[connection.state].includes(state)) {
    throw new SyncError('conflict', `The connection is ${connection.state}; it cannot become ${state}.`);
  }
  const deletedAt = state === 'deleted' ? app.runtime.now() : undefined;
  const saved = await app.connections.replace({ ...connection, state, suspension: undefined, deletedAt });
  if (!saved) throw changedAtOnce('connection');
  for (const side of sides) await app.failures.close(connection.tenantId, signInFailureId(connection.id, side));
  // Whatever was read: the engine may have opened it meanwhile.
  await app.failures.close(connection.tenantId, connectionFailureId(connection.id));
  await cancelRunsOf(app, saved);
  return saved;
}

/** Stops its synchronisation; cursors and due items stay. Safe to repeat. */
export async function deactivateConnection(app: Application, tenantId: string, id: string): Promise<ConnectionView> {
  const connection = await connectionOf(app, tenantId, id);
  const saved = connection.state === 'inactive' ? connection : await moved(app, connection, 'inactive');
  if (connection.state === 'inactive') await cancelRunsOf(app, connection);
  await keepSchedule(app, tenantId, id);
  return connectionView(saved);
}

/** Soft: it can be restored, with its links and its passwords. */
export async function deleteConnection(app: Application, { tenantId, id, ifMatch }: AsRead): Promise<void> {
  const connection = await connectionOf(app, tenantId, id);
  if (connection.state !== 'deleted') {
    expectRevision(connection.revision, ifMatch);
    await moved(app, connection, 'deleted');
  }
  await keepSchedule(app, tenantId, id);
}

export async function restoreConnection(app: Application, tenantId: string, id: string): Promise<ConnectionView> {
  const connection = await connectionOf(app, tenantId, id);
  if (connection.state !== 'deleted') throw new SyncError('conflict', 'The connection is not deleted.');
  return connectionView(await moved(app, connection, 'inactive'));
}
