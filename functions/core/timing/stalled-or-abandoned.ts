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

/** Quiet for so long that its messages count as lost; what it waits out is no stall, nor is the time its message takes after. */
export function isStalled(
  run: Pick<Run, 'lastProgressAt' | 'waiting'>,
  nowMs: number,
  { stalledAfterMs }: { readonly stalledAfterMs: number },
): boolean {
  const waitsUntilMs = run.waiting ? Date.parse(run.waiting.until) : 0;
  return nowMs - Math.max(Date.parse(run.lastProgressAt), waitsUntilMs) >= stalledAfterMs;
}
