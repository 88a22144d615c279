import { changesBetween } from '../../core/audit/changes-between.ts';
import { actorTypeState, mappingState } from '../../core/audit/set-up-states.ts';
import { SyncError } from '../../core/errors.ts';
import type { ActorTypeRef } from '../../core/model/actor-type.ts';
import type { AuditAct } from '../../core/model/audit.ts';
import type { Connection } from '../../core/model/connection.ts';
import type { ActorTypeSetup, WholeActorType, WholeSetup } from '../../core/model/connection-setup.ts';
import type { MappingVersion } from '../../core/model/mapping-version.ts';
import type { Trail } from '../../ports/audit.ts';
import { tellDrift } from '../../sync/guards/tell-drift.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { whoOf } from '../audit/trail-of.ts';
import { trailOnPart } from '../connections/trail-on-connection.ts';
import { changedAtOnce, changedMeanwhile, expectRevision, type IfMatch } from '../expect-revision.ts';
import { found } from '../found.ts';
import { liveSetup, typeOf } from '../systems/live-setup.ts';

export interface ActorTypeChange extends Omit<ActorTypeRef, 'tenantId'> {
  readonly caller: Caller;
  readonly ifMatch: IfMatch;
}

export function onlyInactive(what: string, { state }: Connection): string {
  return `${what} can be changed only while the connection is inactive: it is ${state}.`;
}

function refuseUnlessInactive(connection: Connection, what: string): void {
  if (connection.state !== 'inactive') throw new SyncError('conflict', onlyInactive(what, connection));
}

interface Changing {
  /** What is changed, as it is told to people. */
  readonly what: string;
  readonly act: AuditAct;
  /** It is to be as it is: nothing is stored, whatever the state of its connection. */
  readonly stands: (type: WholeActorType) => boolean;
  /** The type as it is to be; throws what is wrong with it. */
  readonly change: (type: WholeActorType, setup: WholeSetup) => Promise<WholeActorType> | WholeActorType;
  /** With a change of the mapping: it is a new version, and whether it is an earlier one again. */
  readonly version?: { readonly restores?: number | undefined };
}

/** A type before and after somebody did something to it. */
interface TypeChange {
  readonly act: AuditAct;
  readonly before: ActorTypeSetup;
  readonly after: ActorTypeSetup;
}

export function versionOf(
  app: Application,
  caller: Caller,
  { before, after }: Omit<TypeChange, 'act'>,
  restores?: number,
): MappingVersion {
  const { tenantId, connectionId, actorType, active, fields, filter, mappingVersion: number = 1 } = after;
  return {
    ...{ tenantId, connectionId, actorType, number, active, fields, filter, restores },
    at: app.runtime.now(),
    by: whoOf(caller).by,
    changed: changesBetween(mappingState(before), mappingState(after)).map(({ path }) => path),
  };
}

/** The trail of what somebody does to an actor type. */
export function trailOnActorType(
  app: Application,
  caller: Caller,
  connection: Pick<Connection, 'id' | 'name'>,
  { act, before, after }: TypeChange,
): Trail {
  const states = { before: actorTypeState(before), after: actorTypeState(after) };
  return trailOnPart(app, caller, connection, { act, ...states });
}

/** Changes what people set of an actor type, only while the connection is inactive, also where it is activated meanwhile. */
export async function changeActorType(
  app: Application,
  { caller, connectionId, actorType, ifMatch }: ActorTypeChange,
  { what, act, stands, change, version }: Changing,
): Promise<WholeActorType> {
  const { tenantId } = caller;
  const setup = await liveSetup(app, tenantId, connectionId);
  const type = typeOf(setup, actorType);
  const isSame = stands(type);
  // Before the revision: who reads again could not change it either.
  if (!isSame) refuseUnlessInactive(setup.connection, what);
  expectRevision(type.revision, ifMatch);
  if (isSame) return type;
  const changed = await change(type, setup);
  const trail = trailOnActorType(app, caller, setup.connection, { act, before: type, after: changed });
  const saved = await app.connections.replaceActorType(changed, 'inactive', {
    trail,
    version: version && versionOf(app, caller, { before: type, after: changed }, version.restores),
  });
  if (saved) {
    const others = setup.actorTypes.filter((one) => one.actorType !== actorType);
    await tellDrift(app, { tenantId, connectionId }, [...others, saved]);
    return saved;
  }
  refuseUnlessInactive(found(await app.connections.get(tenantId, connectionId), 'connection', connectionId), what);
  throw ifMatch === 'any' ? changedAtOnce('actor type') : changedMeanwhile();
}
