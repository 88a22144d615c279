/**
 * The closed vocabulary of failures: what the engine does on each (`core/timing/retry.ts`) and which HTTP status a caller
 * sees (`http/chain/problem-details.ts`) are read from it, so adapters translate vendor errors into it at once.
 */
import { cutToBytes } from './values/cut-to-bytes.ts';

export const errorKinds = [
  'transient',
  'throttled',
  'unauthorised',
  'misconfigured',
  'rejected',
  'stale',
  'missing',
  'unknown-outcome',
  'defect',
  'invalid',
  'unauthenticated',
  'forbidden',
  'not-found',
  'conflict',
  'precondition',
  'precondition-required',
  'too-large',
  'too-many-requests',
  'out-of-time',
] as const;
export type ErrorKind = (typeof errorKinds)[number];

/** The most of a vendor's words that is kept, in bytes. */
export const longestExplanation = 4000;

export interface FieldFault {
  readonly path: string;
  readonly message: string;
}

/**
 * `cursor-not-accepted`: the list starts anew from now, and every link is compared. `clock-stepped-back`: the server's clock
 * stands over 24 hours before the cursor's, and nothing moves until a person's retry says that it is right now: then the
 * list starts anew likewise.
 */
export type ListTrouble = 'cursor-not-accepted' | 'clock-stepped-back';

export interface SyncErrorDetails {
  readonly cause?: unknown;
  /** How long the remote system asked us to stay away, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Until when that system is left alone by everybody, milliseconds by our clock; once it is kept for all workers. */
  readonly heededUntilMs?: number | undefined;
  /** The vendor's own words: tenant data, never logged, shown to that tenant only; too long ones are cut. */
  readonly explanation?: string;
  /** The one record type that is concerned (`misconfigured`); absent = the whole connection. */
  readonly recordType?: string | undefined;
  /** The CRM says that it has deleted this tenant (`misconfigured`): it is to leave. */
  readonly isTenantDeleted?: boolean | undefined;
  /** Why a list of changes cannot go on from its cursor. */
  readonly listTrouble?: ListTrouble | undefined;
  /** Faults of the input, all at once. */
  readonly faults?: readonly FieldFault[];
}

/** The one error thrown in this service. `message` carries ids only, never field values, secrets or vendor text. */
export class SyncError extends Error {
  readonly kind: ErrorKind;
  readonly retryAfterMs: number | undefined;
  readonly heededUntilMs: number | undefined;
  readonly explanation: string | undefined;
  readonly recordType: string | undefined;
  readonly isTenantDeleted: boolean;
  readonly listTrouble: ListTrouble | undefined;
  readonly faults: readonly FieldFault[];

  constructor(kind: ErrorKind, message: string, details: SyncErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'SyncError';
    this.kind = kind;
    this.retryAfterMs = details.retryAfterMs;
    this.heededUntilMs = details.heededUntilMs;
    this.explanation = details.explanation && cutToBytes(details.explanation, longestExplanation);
    this.recordType = details.recordType;
    this.isTenantDeleted = details.isTenantDeleted === true;
    this.listTrouble = details.listTrouble;
    this.faults = details.faults ?? [];
  }
}

/** Anything that is not a SyncError is a defect of ours; its text may hold data, so it is kept as the cause only. */
export function asSyncError(error: unknown): SyncError {
  return error instanceof SyncError ? error : new SyncError('defect', 'Unexpected failure.', { cause: error });
}

/** The faults of an input, all at once. */
export function invalid(faults: readonly FieldFault[], message = 'The request has faults; each is listed.'): SyncError {
  return new SyncError('invalid', message, { faults });
}
