import { SyncError } from '../../core/errors.ts';
import type { ActorType, ActorTypeRef } from '../../core/model/actor-type.ts';
import type { Connection } from '../../core/model/connection.ts';
import type { ActorTypeSetup, ConnectionSetup, WholeActorType, WholeSetup } from '../../core/model/connection-setup.ts';
import { markMoved, movedExplanation } from '../../sync/guards/mark-moved.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';

function refuseDeleted({ state }: Connection): void {
  if (state === 'deleted') throw new SyncError('conflict', 'The connection is deleted: restore it.');
}

/** A connection that can be worked with, not deleted, with all fields of its types. */
export async function liveSetup(app: Application, tenantId: string, connectionId: string): Promise<WholeSetup> {
  const setup = found(await app.connections.getWholeSetup(tenantId, connectionId), 'connection', connectionId);
  refuseDeleted(setup.connection);
  return setup;
}

/** The same with the fields in use alone, as the engine has them. */
export async function liveCompactSetup(
  app: Application,
  tenantId: string,
  connectionId: string,
): Promise<ConnectionSetup> {
  const setup = found(await app.connections.getSetup(tenantId, connectionId), 'connection', connectionId);
  refuseDeleted(setup.connection);
  return setup;
}

/** One of the types of a set-up; SyncError `not-found` names those that there are. */
export function typeOf<Type extends ActorTypeSetup>(
  { actorTypes }: { readonly actorTypes: readonly Type[] },
  actorType: ActorType,
): Type {
  const offered = actorTypes.map((type) => type.actorType);
  const type = actorTypes.find((one) => one.actorType === actorType);
  return found(type, 'actor type', actorType, offered);
}

/** One type with all its fields, of a connection that can be worked with: a call less than the whole set-up. */
export async function liveType(
  app: Application,
  ref: ActorTypeRef,
): Promise<{ readonly connection: Connection; readonly type: WholeActorType }> {
  const { tenantId, connectionId, actorType } = ref;
  const { connection, type } = found(await app.connections.getWholeType(ref), 'connection', connectionId);
  refuseDeleted(connection);
  return { connection, type: type ?? typeOf(await liveSetup(app, tenantId, connectionId), actorType) };
}

/** SyncError `conflict` while its connector is at another address than its secrets were tested with; else as it is stored. */
export async function refuseMoved(app: Application, connection: Connection): Promise<Connection> {
  const marked = await markMoved(app, connection);
  if (marked.secretNeeded) throw new SyncError('conflict', movedExplanation);
  return marked;
}

/** A suspended connection's ERP is left alone: a refused password is never tried a second time but by a test. */
export function refuseSuspended({ state, secretNeeded }: Connection): void {
  if (secretNeeded) throw new SyncError('conflict', movedExplanation);
  if (state === 'suspended') {
    throw new SyncError('conflict', 'The connection is suspended: mend what stopped it, then test it.');
  }
}
