import type { ActorType } from './actor-type.ts';
import type { FieldTrouble } from './failure.ts';
import type { FieldDrift } from './field-drift.ts';

/** What a failure has to say of a find, so that it is known from any later one of the same field. */
export type SeenTrouble = Pick<FieldTrouble, 'field' | 'reason' | 'firstAt'>;

/** The drift of a field as the failure of its connection names it. */
export function driftTrouble(actorType: ActorType, { side, field, what, since }: FieldDrift): FieldTrouble {
  return {
    field: `${actorType}.${side}.${field}`,
    kind: 'misconfigured',
    reason: `drift-${what}`,
    firstAt: since,
  };
}

export function isSameTrouble(one: SeenTrouble, other: SeenTrouble): boolean {
  return one.field === other.field && one.reason === other.reason && one.firstAt === other.firstAt;
}
