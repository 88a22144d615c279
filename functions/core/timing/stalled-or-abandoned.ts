import type { Run } from '../model/run.ts';
import { visibilitySeconds } from './receives.ts';

/** A killed worker's message comes back by itself; after twice that time without progress it counts as lost. */
export function stalledSeconds(workerTimeoutSeconds: number): number {
  return 2 * visibilitySeconds(workerTimeoutSeconds);
}

/** Six hours without progress: the run has failed, and what it left due is picked up by polls. */
export const abandonedAfterMs = 6 * 3_600_000;

export function isAbandoned(run: Pick<Run, 'lastProgressAt'>, nowMs: number): boolean {
  return nowMs - Date.parse(run.lastProgressAt) > abandonedAfterMs;
}

type Quiet = Pick<Run, 'lastProgressAt' | 'waiting' | 'helped'>;

/** How often the run was helped on since it last moved. */
export function timesHelped({ lastProgressAt, helped }: Quiet): number {
  return helped && helped.at >= lastProgressAt ? helped.times : 0;
}

/**
 * Quiet for so long that its messages count as lost; what it waits out is no stall, nor is the time its message takes after.
 * One that was helped on and still does not move is given twice as long each time, for its messages may only be waiting.
 */
export function isStalled(run: Quiet, nowMs: number, { stalledAfterMs }: { readonly stalledAfterMs: number }): boolean {
  const times = timesHelped(run);
  const waitsUntilMs = run.waiting ? Date.parse(run.waiting.until) : 0;
  const helpedAtMs = run.helped ? Date.parse(run.helped.at) : 0;
  const quietSinceMs = Math.max(Date.parse(run.lastProgressAt), waitsUntilMs, helpedAtMs);
  return nowMs - quietSinceMs >= stalledAfterMs * 2 ** times;
}
