import type { ErrorKind, SyncError } from '../errors.ts';

/** Attempts before a transient failure is opened. */
export const maxAttempts = 6;
/**
 * What has an open failure is left alone so long. The schedule calls at least hourly, so the next try comes at most an hour
 * after that, whatever the interval of the connection.
 */
export const hourlyRetryMs = 3_300_000;
/** The longest delay a queue message can have (SQS). */
export const longestMessageDelayMs = 900_000;

const firstWaitMs = 10_000;

/**
 * The planned wait before attempt `attempt + 1` (attempt counts from 1): 10 s, then four times as long each time, jittered
 * by ±20 %, and never longer than a message can be delayed, so that six attempts span 26 to 32 minutes. `random` is in
 * [0, 1). Throttling waits the time given.
 */
export function plannedWaitMs(attempt: number, random: number, retryAfterMs?: number): number {
  if (retryAfterMs !== undefined) return Math.max(1_000, retryAfterMs);
  const wait = firstWaitMs * 4 ** (attempt - 1);
  return Math.min(longestMessageDelayMs, Math.round(wait * (0.8 + 0.4 * random)));
}

/** What the worker does with a failure: wait and try again, suspend the connection, or open a failure for a person. */
export type Disposition = 'wait' | 'suspend' | 'fail';

const dispositionByKind: Readonly<Partial<Record<ErrorKind, Disposition>>> = {
  transient: 'wait',
  throttled: 'wait',
  'unknown-outcome': 'wait',
  unauthorised: 'suspend',
  misconfigured: 'suspend',
};

export function dispositionOf(kind: ErrorKind): Disposition {
  return dispositionByKind[kind] ?? 'fail';
}

/** A system that asks for patience, or is left alone, is no reason to give up. */
export function spendsAttempt(error: Pick<SyncError, 'kind' | 'heededUntilMs'> | undefined): boolean {
  return error?.kind !== 'throttled' && error?.heededUntilMs === undefined;
}

/** Why work is put off, as a stable word where it is not the trouble itself: nobody calls the system, for it fails or is slow. */
export function putOffReason({
  kind,
  heededUntilMs,
}: Pick<SyncError, 'kind' | 'heededUntilMs'>): 'breaker-open' | undefined {
  return kind === 'throttled' || heededUntilMs === undefined ? undefined : 'breaker-open';
}

/**
 * Since when work has been put off by a system that asks for patience, or is left alone; nothing for other trouble, the
 * throttling of our own storage among it: that is waited for, and never anybody's failure.
 */
export function putOffSince(
  { heededUntilMs }: Pick<SyncError, 'heededUntilMs'>,
  sinceMs: number | undefined,
  nowMs: number,
): number | undefined {
  return heededUntilMs === undefined ? undefined : (sinceMs ?? nowMs);
}

interface Wait {
  /** Counts from 1. */
  readonly attempt: number;
  readonly spends: boolean;
  readonly waitMs: number;
  /** Absent = it was only busy. */
  readonly kind?: ErrorKind | undefined;
  /** Its failure is open already: then it is tried once at a time. */
  readonly isOpen?: boolean;
  /** Since when it has been put off by a system that asks for patience, milliseconds by our clock. */
  readonly throttledSinceMs?: number | undefined;
}

/** `message`: the work comes again by itself, with that attempt. `give-up`: it is left to the polls, not before `notBefore`. */
export type NextWait =
  | { readonly next: 'message'; readonly attempt: number; readonly until: string }
  | { readonly next: 'give-up'; readonly notBefore: string };

/** Wait or give up: attempts are limited, a message cannot wait for long, and some trouble does not pass by itself. */
export function nextWait(
  { attempt, spends, waitMs, kind, isOpen = false, throttledSinceMs }: Wait,
  nowMs: number,
): NextWait {
  const exhausted = spends && (isOpen || attempt >= maxAttempts);
  const hopeless = kind !== undefined && dispositionOf(kind) !== 'wait';
  const tooLong = nowMs + waitMs - (throttledSinceMs ?? nowMs) > longestMessageDelayMs;
  if (exhausted || hopeless || tooLong) {
    return { next: 'give-up', notBefore: instantAfter(nowMs, tooLong ? waitMs : hourlyRetryMs) };
  }
  return { next: 'message', attempt: spends ? attempt + 1 : attempt, until: instantAfter(nowMs, waitMs) };
}

export function instantAfter(nowMs: number, ms: number): string {
  return new Date(nowMs + ms).toISOString();
}
