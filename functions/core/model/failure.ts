import * as z from 'zod';
import { errorKinds, longestExplanation } from '../errors.ts';
import { fingerprint } from '../values/fingerprint.ts';
import type { Side } from './side.ts';

export const SyncErrorKind = z.enum(errorKinds);

/**
 * Something that needs attention: a record, one field of it, a connection, or a message that could not be handled.
 * Open until retried with success, dismissed or closed by a later success.
 */
export const Failure = z.object({
  tenantId: z.string(),
  /** Deterministic (link and field, or connection and table), so that the same trouble is one failure. */
  id: z.string(),
  connectionId: z.string(),
  linkId: z.string().optional(),
  runId: z.string().optional(),
  /** Field key (`fieldKey`) where one field is concerned. */
  field: z.string().optional(),
  kind: SyncErrorKind,
  /** Stable word for why: a parked reason, a held reason, or the error kind. */
  reason: z.string(),
  /** The vendor's own words; this tenant's data. */
  explanation: z.string().max(longestExplanation).optional(),
  /** Both forms where the two sides re-format a value in turn; this tenant's data. */
  forms: z.object({ crm: z.string().nullable(), erp: z.string().nullable() }).optional(),
  attempts: z.number().int(),
  firstAt: z.string(),
  lastAt: z.string(),
  /** When polls try again by themselves, where they do. */
  nextAttemptAt: z.string().optional(),
});
export type Failure = z.infer<typeof Failure>;

/** The failure of a whole link, or of one of its fields. */
export function linkFailureId(linkId: string, field?: string): string {
  return field === undefined ? linkId : `${linkId}.${fingerprint(field).slice(0, 12)}`;
}

/** The failure of a list of changes that cannot be read. */
export function chainFailureId(connectionId: string, chain: string): string {
  return `${connectionId}.${chain.replace(':', '.')}`;
}

/** The failure of a suspended connection. */
export function connectionFailureId(connectionId: string): string {
  return `${connectionId}.suspended`;
}

/** The failure of a connection whose sign-in on one side has to wait. */
export function signInFailureId(connectionId: string, side: Side): string {
  return `${connectionId}.sign-in-${side}`;
}

/** The failure of an actor type that is set aside. */
export function actorTypeFailureId(connectionId: string, actorType: string): string {
  return `${connectionId}.${actorType}.suspended`;
}

/** What there is to say of a trouble met at `at`; `attempts` is 1 unless told. */
export interface Trouble extends Omit<Failure, 'attempts' | 'firstAt' | 'lastAt'> {
  readonly at: string;
  readonly attempts?: number;
}

/** A failure as it is opened; too long an explanation is cut. */
export function failureOf({ at, attempts = 1, explanation, ...trouble }: Trouble): Failure {
  const words = explanation ? explanation.slice(0, longestExplanation) : undefined;
  return { ...trouble, explanation: words, attempts, firstAt: at, lastAt: at };
}
