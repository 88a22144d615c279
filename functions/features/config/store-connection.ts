/**
 * Stores what was prepared of a connection. Always true: connection, actor types with their versions, list pairs and trail
 * are one transaction, and a new secret is written before the connection names it; so a refusal leaves the old connection,
 * or none, and so does a crash, with at most a secret that nothing names. Attacked by test/crash/config.test.ts.
 */
import { SyncError } from '../../core/errors.ts';
import type { Connection } from '../../core/model/connection.ts';
import type { WholeActorType } from '../../core/model/connection-setup.ts';
import { signInFailureId } from '../../core/model/failure.ts';
import { sameContent } from '../../core/values/same-content.ts';
import { markMoved } from '../../sync/guards/mark-moved.ts';
import { tellDrift } from '../../sync/guards/tell-drift.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { keepSchedule } from '../connections/keep-schedule.ts';
import { trailOnConnection } from '../connections/trail-on-connection.ts';
import { withItsSecret } from '../connections/with-its-secret.ts';
import { changedAtOnce } from '../expect-revision.ts';
import { found } from '../found.ts';
import { trailOnActorType, versionOf } from '../mappings/change-actor-type.ts';
import { trailOnLists } from '../mappings/save-list-mappings.ts';
import { trailOnRefresh } from '../systems/refresh-setup.ts';
import type { Ready } from './prepare-connection.ts';

async function secretVersionOf(app: Application, { connection, config }: Ready, id: string) {
  if (config.keepsSecrets) return connection.secretVersion;
  const names = Object.keys(config.secrets);
  return names.length > 0 ? app.vault.write(connection.tenantId, id, config.secrets) : undefined;
}

/** What is written with the connection itself. */
function alongOf(app: Application, caller: Caller, ready: Ready, connection: Connection) {
  const { setup, refreshed, types, lists } = ready;
  const { tenantId, id: connectionId } = connection;
  const own = <T extends { readonly connectionId: string }>(thing: T): T => ({ ...thing, connectionId });
  const steps = types.flatMap((one) => one.steps);
  const known = setup?.actorTypes ?? [];
  const isNew = (type: WholeActorType) => !known.some((one) => sameContent(one, type));
  const act = setup ? 'connection.change' : 'connection.create';
  const [before, after] = [lists.before.map(own), lists.after.map(own)];
  return {
    actorTypes: ready.actorTypes.map(own).filter(isNew),
    versions: steps.flatMap((step) =>
      step.isVersion ? [versionOf(app, caller, { before: own(step.before), after: own(step.after) })] : [],
    ),
    lists:
      after.length > 0 ? { tenantId, connectionId, revision: setup?.lists.revision ?? 0, before, after } : undefined,
    trail: [
      ...trailOnConnection(app, caller, act, { before: setup?.connection, after: connection }),
      ...(setup ? trailOnRefresh(app, caller, setup, refreshed.filter(isNew)) : []),
      ...steps.flatMap((step) => trailOnActorType(app, caller, connection, step)),
      ...trailOnLists(app, caller, connection, { before, after }),
    ],
  };
}

async function make(app: Application, caller: Caller, ready: Ready, connection: Connection): Promise<Connection> {
  const { actorTypes, trail, ...along } = alongOf(app, caller, ready, connection);
  const create = () => app.connections.create(connection, actorTypes, trail, along);
  if (await withItsSecret(app, connection, create)) return connection;
  throw new SyncError('conflict', 'Its connector was removed at this moment.');
}

async function change(app: Application, caller: Caller, ready: Ready, connection: Connection): Promise<Connection> {
  const { actorTypes, ...along } = alongOf(app, caller, ready, connection);
  const saved = await app.connections.replaceWhole(connection, actorTypes, along);
  if (!saved) throw changedAtOnce('connection');
  return saved;
}

/** Makes or changes the connection; its id. `place`: of one that is made. */
export async function storeConnection(
  app: Application,
  caller: Caller,
  ready: Ready,
  { connectorId, place }: { readonly connectorId: string; readonly place: number },
): Promise<string> {
  const { setup, config } = ready;
  const id = setup?.connection.id ?? app.runtime.newId();
  const secretVersion = await secretVersionOf(app, ready, id);
  const connection = { ...ready.connection, ...(setup ? {} : { id, connectorId, place }), secretVersion };
  const saved = await (setup ? change : make)(app, caller, ready, connection);
  if (setup) await tellDrift(app, { tenantId: saved.tenantId, connectionId: id }, ready.actorTypes);
  // Whoever signs in now was tested just before.
  if (setup && config.differs) await app.failures.close(connection.tenantId, signInFailureId(id, 'erp'));
  const isPolledAnew = saved.intervalMinutes !== setup?.connection.intervalMinutes;
  if (saved.state !== 'inactive' && isPolledAnew) await keepSchedule(app, connection.tenantId, id);
  // The connector may have moved since it was read.
  if (config.differs) await markMoved(app, saved);
  return id;
}

/** After its connector was moved, which marks it: on what is stored now, if that is all that was changed of it. */
export async function afterMove(app: Application, ready: Ready): Promise<Ready> {
  const { setup, connection } = ready;
  if (!setup) return ready;
  const { tenantId, id } = connection;
  const now = found(await app.connections.get(tenantId, id), 'connection', id);
  const unmarked = (one: Connection) => ({ ...one, revision: 0, secretNeeded: undefined });
  if (!sameContent(unmarked(now), unmarked(setup.connection))) throw changedAtOnce('connection');
  return { ...ready, connection: { ...connection, revision: now.revision } };
}
