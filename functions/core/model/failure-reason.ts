/**
 * Why something needs attention, as stable words: whoever opens a failure uses one of them, and `core/explain/remedy.ts` has
 * a sentence for each. What another version stored may hold others.
 */
import type { ErrorKind } from '../errors.ts';
import type { ActKind } from './brake.ts';
import type { FieldDrift } from './field-drift.ts';
import type { heldReasons, LinkStateReason, ParkedField } from './link.ts';

/** Of a link: why it stopped, why looks at it come to nothing, or that only fields of it are in trouble. */
type LinkReason = LinkStateReason | 'always-stale' | 'always-refused' | 'fields-left-alone';

type ListReason = 'changes-not-listed' | 'clock-stepped-back' | 'cursor-not-accepted';

type ConnectionReason =
  | 'connection-suspended'
  | 'secret-needed'
  | 'sign-in-paused'
  | 'actor-type-suspended'
  | 'fields-drifted'
  | 'right-missing'
  | `braked-${ActKind}`;

/** Those that say more than the kind. */
export type OwnReason = LinkReason | ListReason | ConnectionReason | 'breaker-open';

/** Of a failure; its kind where there is no more to say. */
export type FailureReason = OwnReason | ErrorKind;

/** Of one field of a failure. */
export type FieldReason = ParkedField['reason'] | (typeof heldReasons)[number] | `drift-${FieldDrift['what']}`;
