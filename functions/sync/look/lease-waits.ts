/**
 * How long a link in somebody's hands is waited for. Always true: a lease is over only once our clock has passed its
 * expiry. It only reads the clock, so a crash leaves nothing. Attacked by test/sync/meanwhile.test.ts.
 */

import type { Link } from '../../core/model/link.ts';
import type { Engine } from '../engine.ts';

/** A little after the lease, so that two clocks a breath apart do not meet it again. */
const afterLeaseMs = 500;
/** The shortest delay of a queue message that is one (SQS counts in seconds). */
const shortestWaitMs = 1_000;

/** How long the lease of a link's intent still lasts; below 0: it has run out, or there is none. */
export function leaseLeftMs({ runtime }: Engine, { intent }: Link): number {
  return intent ? intent.expiresAtMs - runtime.nowMs() : -1;
}

export function waitAfterLeaseMs(leftMs: number): number {
  return Math.max(0, leftMs) + afterLeaseMs;
}

/** Most workers are done in a moment; one that is not is left in peace for as long as it has had the lease already. */
export function busyWaitMs({ settings }: Engine, leftMs: number): number {
  const takenForMs = settings.leaseMs - leftMs;
  return Math.min(waitAfterLeaseMs(leftMs), Math.max(shortestWaitMs, takenForMs));
}
