import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnded, type RunState } from '../functions/core/model/run.ts';
import type { ApiClient } from './api-client.ts';
import type { Side } from './side.ts';
import type { Tell } from './tell.ts';

export interface Counters {
  lookedAt: number;
  writtenToCrm: number;
  writtenToErp: number;
  conflicts: number;
  rejected: number;
  failed: number;
  withheld: number;
  callsToCrm: number;
  callsToErp: number;
}

export interface Run {
  id: string;
  state: RunState;
  detecting: boolean;
  counters: Counters;
  waiting?: { kind: string; side?: Side };
  reason?: string;
  lastProgressAt: string;
}

const LOOK_EVERY_MS = 400;
/** Longer than a lost message takes to come back (the stage's visibility, 60 s). */
const STANDSTILL_MS = 150_000;
const names = { crm: 'the CRM', erp: 'the ERP' } as const;

/** Starts a run over all links of the connection. */
export function startRun(api: ApiClient, connectionId: string, kind: 'sync' | 'compare'): Promise<Run> {
  return api.post('/v1/sync-runs', { kind, connectionId });
}

/** Waits until runs have ended, a brake's stop included, and answers the sum of what they did. */
export async function waitForRuns(api: ApiClient, runIds: string[], links: number, tell: Tell): Promise<Counters> {
  let seen = '';
  let movedAtMs = performance.now();
  for (;;) {
    const runs: Run[] = [];
    for (const id of runIds) runs.push(await api.get<Run>(`/v1/sync-runs/${id}`));
    const failed = runs.find(({ state }) => state === 'failed' || state === 'cancelled');
    if (failed) throw new Error(`Sync run ${failed.id} ${failed.state}: ${failed.reason ?? 'it gave no reason'}`);
    const sum = sumOf(runs);
    if (runs.every(({ state }) => hasEnded(state))) return sum;
    tell.progress(progressText(runs, sum, links));
    const now = JSON.stringify([sum, runs.map(({ state, lastProgressAt }) => [state, lastProgressAt])]);
    if (now !== seen) movedAtMs = performance.now();
    seen = now;
    if (performance.now() - movedAtMs > STANDSTILL_MS)
      throw new Error(`The sync run stands still: ${progressText(runs, sum, links)}`);
    await sleep(LOOK_EVERY_MS);
  }
}

function sumOf(runs: Run[]): Counters {
  const sum = {
    ...{ lookedAt: 0, writtenToCrm: 0, writtenToErp: 0, conflicts: 0 },
    ...{ rejected: 0, failed: 0, withheld: 0, callsToCrm: 0, callsToErp: 0 },
  };
  for (const name of Object.keys(sum).filter((key): key is keyof Counters => key in sum))
    for (const { counters } of runs) sum[name] += counters[name];
  return sum;
}

function progressText(runs: Run[], { lookedAt, writtenToCrm, writtenToErp }: Counters, links: number): string {
  const waiting = runs.find((run) => run.waiting)?.waiting;
  if (waiting) return `Waiting for ${waiting.side ? names[waiting.side] : 'a system'}: ${waiting.kind}`;
  if (runs.some(({ detecting }) => detecting)) return 'Finding what to look at …';
  // A broken link is looked at, too.
  return `${lookedAt} of ${Math.max(links, lookedAt)} links looked at · written: ${writtenToCrm} to the CRM, ${writtenToErp} to the ERP`;
}
