/**
 * What is left of a worker's time. Always true: what a look begins it can finish: a call, its record and a wait asked for
 * fit in what is left, so that the worker is not stopped between a write and its record. It only reads the clock, so a
 * crash leaves nothing. Attacked by test/sync/worker-time.test.ts.
 */
import { asSyncError, type SyncError } from '../../core/errors.ts';
import { longestDeadlineMs } from '../../core/timing/lease.ts';
import type { Engine } from '../engine.ts';

/** A wait that a system asks for and that is no longer is waited out in place, so that reads made are not made again. */
const longestWaitInPlaceMs = 5_000;
/** Sooner than this no system is asked again, whatever it says. */
const shortestWaitMs = 100;

export interface WorkerTime {
  /** There is time for such a wait, and for what comes after it. */
  allows(waitMs: number): boolean;
}

/** Counts from now: a message is a batch by itself, so its worker's time begins when it is handled. */
export function workerTime({ runtime, settings }: Pick<Engine, 'runtime' | 'settings'>): WorkerTime {
  const timeoutMs = settings.leaseMs - longestDeadlineMs;
  const endsAtMs = runtime.nowMs() + timeoutMs;
  // A worker whose whole time is short could begin nothing at all.
  const reserveMs = Math.min(longestDeadlineMs + longestWaitInPlaceMs, timeoutMs / 2);
  return { allows: (waitMs) => runtime.nowMs() + waitMs + reserveMs <= endsAtMs };
}

/** How long the system that answered so is to be left in peace, if that is short enough to wait here. */
export function waitInPlaceMs({ kind, retryAfterMs }: SyncError): number | undefined {
  if (kind !== 'throttled' || retryAfterMs === undefined || retryAfterMs > longestWaitInPlaceMs) return undefined;
  return Math.max(shortestWaitMs, retryAfterMs);
}

/** Makes a call that is safe to repeat, again after each short wait that its system asks for. */
export async function patiently<Answer>(
  { engine, time }: { readonly engine: Pick<Engine, 'runtime'>; readonly time: WorkerTime },
  call: () => Promise<Answer>,
): Promise<Answer> {
  for (;;) {
    try {
      return await call();
    } catch (failure) {
      const waitMs = waitInPlaceMs(asSyncError(failure));
      if (waitMs === undefined || !time.allows(waitMs)) throw failure;
      await engine.runtime.sleep(waitMs);
    }
  }
}
