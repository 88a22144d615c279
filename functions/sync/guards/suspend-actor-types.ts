/**
 * Sets actor types aside whose records or fields our user may not read or write, or that are set up wrongly. Always true:
 * such a trouble is one open failure per type, not one per record, and the connection's other types go on; due items stay,
 * and what was set aside is tried once a day, and after a test. A crash may leave the failure of a type that is still at
 * work: the next call that meets the same trouble sets it aside. Attacked by test/sync/actor-types.test.ts.
 */
import type { SyncError } from '../../core/errors.ts';
import { type ActorTypeSetup, type ConnectionSetup, tablesOf } from '../../core/model/connection-setup.ts';
import { actorTypeFailureId, failureOf, typeAsideReason } from '../../core/model/failure.ts';
import { type Side, sides } from '../../core/model/side.ts';
import type { Engine } from '../engine.ts';

export interface TypeTrouble {
  readonly error: SyncError;
  /** Where it was met, and so where its end is seen: in a list of changes or over a link. */
  readonly metBy: 'list' | 'look';
  readonly runId: string;
}

/** The actor types that have this record type on either side; the same name may be one of both. */
export function typesOfRecordType({ actorTypes }: ConnectionSetup, recordType: string): ActorTypeSetup[] {
  return actorTypes.filter((type) => sides.some((side) => tablesOf(type)[side].type === recordType));
}

export function typesOfTable({ actorTypes }: ConnectionSetup, side: Side, table: string): ActorTypeSetup[] {
  return actorTypes.filter((type) => tablesOf(type)[side].table === table);
}

/** Safe to repeat: the day starts anew, and the failure keeps its beginning. */
export async function suspendActorTypes(
  engine: Engine,
  types: readonly ActorTypeSetup[],
  trouble: TypeTrouble,
): Promise<void> {
  for (const type of types) if (type.active) await suspendType(engine, type, trouble);
}

async function suspendType(engine: Engine, type: ActorTypeSetup, trouble: TypeTrouble): Promise<void> {
  const { tenantId, connectionId, actorType } = type;
  const { error, metBy, runId } = trouble;
  const at = engine.runtime.now();
  const id = actorTypeFailureId(connectionId, actorType);
  const open = await engine.failures.get(tenantId, id);
  const failure = failureOf({
    tenantId,
    id,
    connectionId,
    runId,
    kind: error.kind,
    reason: typeAsideReason,
    explanation: error.explanation,
    attempts: (open?.attempts ?? 0) + 1,
    at,
  });
  await engine.failures.open({ ...failure, firstAt: open?.firstAt ?? at });
  const since = type.suspended?.since ?? type.suspended?.at ?? at;
  const suspended = { reason: error.kind, since, at, metBy };
  const replaced = await engine.connections.noteActorType(type, { suspended });
  engine.telemetry.failure('actor-type-suspended', error, { tenantId, connectionId, actorType });
  if (replaced && !type.suspended) {
    await engine.alerts.tell({ event: 'actor-type-suspended', tenantId, connectionId, reason: error.kind, actorType });
  }
  if (replaced) return;
  const setup = await engine.connections.getSetup(tenantId, connectionId);
  const current = setup?.actorTypes.find((one) => one.actorType === actorType);
  if (current?.active && !current.suspended) await suspendType(engine, current, trouble);
}
