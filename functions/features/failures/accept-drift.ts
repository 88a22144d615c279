/**
 * Accepts drift: a field that changed is from now on as it should be, and one that is gone is nobody's trouble any more.
 * Always true: only what the caller was shown is accepted, whatever was found since, and each actor type changes with its
 * entry in the trail. The failure goes last, so a crash leaves it, and a repeat closes it. Attacked by
 * test/features/connections/accepted-drift.test.ts.
 */
import { acceptedState } from '../../core/audit/set-up-states.ts';
import { invalid, SyncError } from '../../core/errors.ts';
import { acceptedShape, driftOnceAccepted } from '../../core/mapping/field-drift.ts';
import { driftTrouble, isSameTrouble, type SeenTrouble } from '../../core/model/drift-trouble.ts';
import type { Failure } from '../../core/model/failure.ts';
import { type FieldDrift, needsAttention } from '../../core/model/field-drift.ts';
import { tellDrift } from '../../sync/guards/tell-drift.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { trailOnPart } from '../connections/trail-on-connection.ts';

type Stores = Pick<Application, 'failures' | 'runtime' | 'connections' | 'alerts' | 'telemetry'>;

/** Nobody accepts what they were not shown: `seen` has to be of what the failure names. */
export function refuseUnseen({ id, fields }: Failure, seen: readonly SeenTrouble[] | undefined): void {
  if (!seen) {
    const message = `Say what you accept: the \`fields\` of GET /v1/failures/${id}, all or some of them, as they stand there`;
    throw invalid([{ path: 'fields', message }]);
  }
  if (seen.some((one) => fields.some((listed) => isSameTrouble(one, listed)))) return;
  throw new SyncError('conflict', `Failure ${id} names none of these fields any more: read it again.`);
}

/** It changes what the mapping stands on, as saving the mapping or a refresh would. */
export function refuseUnlessAdmin({ role }: Caller, what: 'Accepting drift' | 'Looking at drift again'): void {
  if (role === 'admin') return;
  throw new SyncError('forbidden', `${what} changes the set-up: this is for admin, not for the role ${role}.`);
}

/** What was found since it was `seen` stays open. */
export async function acceptDrift(
  app: Stores,
  caller: Caller,
  connectionId: string,
  seen: readonly SeenTrouble[],
): Promise<'closed' | 'superseded'> {
  const { tenantId } = caller;
  const read = await app.connections.getWithTypes(tenantId, connectionId);
  for (const type of read?.actorTypes ?? []) {
    const isAccepted = (one: FieldDrift) =>
      needsAttention(one) && seen.some((other) => isSameTrouble(other, driftTrouble(type.actorType, one)));
    const accepted = (type.drift ?? []).filter(isAccepted);
    if (!read || accepted.length === 0) continue;
    const trail = trailOnPart(app, caller, read.connection, {
      act: 'drift.accept',
      before: acceptedState(type.actorType, accepted, ({ was }) => was),
      after: acceptedState(type.actorType, accepted, acceptedShape),
    });
    const drift = driftOnceAccepted(type, isAccepted);
    if (!(await app.connections.noteActorType(type, { drift }, trail))) return 'superseded';
  }
  // As it is now: more may have been found meanwhile.
  const now = await app.connections.getWithTypes(tenantId, connectionId);
  await tellDrift(app, { tenantId, connectionId }, now?.actorTypes ?? []);
  return 'closed';
}
