import { SyncError } from '../../core/errors.ts';
import { type Connection, connectionMoves } from '../../core/model/connection.ts';
import { connectionFailureId, driftFailureId, signInFailureId } from '../../core/model/failure.ts';
import { sides } from '../../core/model/side.ts';
import type { NameMove } from '../../ports/name-move.ts';
import { cancelRunsOf } from '../../sync/runs/cancel-run.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { type AsRead, changedAtOnce, expectRevision } from '../expect-revision.ts';
import { found } from '../found.ts';
import { refuseNameOf } from '../refuse-name-of.ts';
import { type ConnectionView, connectionView } from './connection-view.ts';
import { keepSchedule } from './keep-schedule.ts';
import { trailOnConnection } from './trail-on-connection.ts';

async function connectionOf(app: Application, tenantId: string, id: string): Promise<Connection> {
  return found(await app.connections.get(tenantId, id), 'connection', id);
}

/** How each move is told. */
const acts = {
  inactive: 'connection.deactivate',
  deleted: 'connection.delete',
  restored: 'connection.restore',
} as const;

/** One that is deleted has no name; restored it takes it again. */
function nameMoveOf({ state: before, name }: Connection, state: 'inactive' | 'deleted'): NameMove {
  if (state === 'deleted') return { gives: name };
  return before === 'deleted' ? { takes: name } : {};
}

async function moved(
  app: Application,
  caller: Caller,
  connection: Connection,
  state: 'inactive' | 'deleted',
): Promise<Connection> {
  if (!connectionMoves[connection.state].includes(state)) {
    throw new SyncError('conflict', `The connection is ${connection.state}; it cannot become ${state}.`);
  }
  const deletedAt = state === 'deleted' ? app.runtime.now() : undefined;
  const after = { ...connection, state, suspension: undefined, deletedAt };
  const act = acts[connection.state === 'deleted' ? 'restored' : state];
  const trail = trailOnConnection(app, caller, act, { before: connection, after });
  const saved = await app.connections.replace(after, trail, nameMoveOf(connection, state));
  if (!saved) throw changedAtOnce('connection');
  for (const side of sides) await app.failures.close(connection.tenantId, signInFailureId(connection.id, side));
  // Whatever was read: the engine may have opened it meanwhile.
  await app.failures.close(connection.tenantId, connectionFailureId(connection.id));
  if (state === 'deleted') await app.failures.close(connection.tenantId, driftFailureId(connection.id));
  await cancelRunsOf(app, saved);
  return saved;
}

/** Stops its synchronisation; cursors and due items stay. Safe to repeat. */
export async function deactivateConnection(app: Application, caller: Caller, id: string): Promise<ConnectionView> {
  const { tenantId } = caller;
  const connection = await connectionOf(app, tenantId, id);
  const saved = connection.state === 'inactive' ? connection : await moved(app, caller, connection, 'inactive');
  if (connection.state === 'inactive') await cancelRunsOf(app, connection);
  await keepSchedule(app, tenantId, id);
  return connectionView(saved);
}

/** Soft: it can be restored, with its links and its passwords. */
export async function deleteConnection(app: Application, { caller, id, ifMatch }: AsRead): Promise<void> {
  const { tenantId } = caller;
  const connection = await connectionOf(app, tenantId, id);
  if (connection.state !== 'deleted') {
    expectRevision(connection.revision, ifMatch);
    await moved(app, caller, connection, 'deleted');
  }
  await keepSchedule(app, tenantId, id);
}

export async function restoreConnection(app: Application, caller: Caller, id: string): Promise<ConnectionView> {
  const connection = await connectionOf(app, caller.tenantId, id);
  if (connection.state !== 'deleted') throw new SyncError('conflict', 'The connection is not deleted.');
  if (connection.purging) {
    throw new SyncError('conflict', 'The connection is being removed for good; it cannot be restored any more.');
  }
  refuseNameOf('connection', await app.connections.inOrder(caller.tenantId), connection);
  const restored = await moved(app, caller, connection, 'inactive');
  await keepSchedule(app, caller.tenantId, id);
  return connectionView(restored);
}
