import * as z from 'zod';
import type { SyncError } from '../errors.ts';
import { longestDeadlineMs } from './lease.ts';
import { longestMessageDelayMs } from './retry.ts';

/** Stands while a side is left alone because its calls fail or take too long. */
export const Breaker = z.object({
  /** Nobody calls before, milliseconds by our clock; then one does, to see. */
  untilMs: z.number(),
  /** How long it was opened for. */
  openMs: z.number(),
});
export type Breaker = z.infer<typeof Breaker>;

const callsCounted = 10;
const badCalls = 5;
/** A call that takes longer holds a worker as one that fails does. */
export const slowCallMs = 5_000;
const firstOpenMs = 30_000;
/** So long others wait for what one call finds out; its worker may die over it. */
const probeMs = longestDeadlineMs + 5_000;

/** Whether each of the last calls was bad, the last one last. */
export type LastCalls = readonly boolean[];

export function withCall(before: LastCalls, isBad: boolean): LastCalls {
  return [...before, isBad].slice(-callsCounted);
}

/** Five of the last ten: the side is to be left alone. */
export function isTripped(calls: LastCalls): boolean {
  return calls.filter(Boolean).length >= badCalls;
}

/** Opened for 30 s; after a probe in vain for twice as long as before, up to a quarter of an hour. */
export function openedBreaker(before: Breaker | undefined, nowMs: number): Breaker {
  const openMs = before ? Math.min(longestMessageDelayMs, 2 * before.openMs) : firstOpenMs;
  return { untilMs: nowMs + openMs, openMs };
}

/** Half open: as it stands while one call is let through. */
export function probedBreaker({ openMs }: Breaker, nowMs: number): Breaker {
  return { untilMs: nowMs + probeMs, openMs };
}

/** What says that a system is down; who refuses, or asks for patience, is up. */
export function isOutage({ kind, listTrouble }: Pick<SyncError, 'kind' | 'listTrouble'>): boolean {
  return listTrouble === undefined && (kind === 'transient' || kind === 'unknown-outcome');
}
