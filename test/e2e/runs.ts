import { setTimeout as sleep } from 'node:timers/promises';
import type { FieldChange } from '../../functions/core/model/field-change.ts';
import type { Link } from '../../functions/core/model/link.ts';
import { hasEnded, type Run } from '../../functions/core/model/run.ts';
import type { World } from './world.ts';

type Api = Pick<World, 'api'>;
type OfConnection = Pick<World, 'api' | 'connectionId'>;

/** A killed worker's message comes back after a minute, and its lease has to run out. */
const longestRunMs = 150_000;

/** Asks again and again until there is an answer; fails with what it waited for. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, timeoutMs = longestRunMs): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeoutMs / 1000} s`);
    await sleep(150);
  }
}

export function runOf({ api }: Api, runId: string): Promise<Run> {
  return api.get<Run>(`/v1/sync-runs/${runId}`);
}

export async function ended(world: Api, runId: string): Promise<Run> {
  let last: Run | undefined;
  const whatItWaitsFor = () => JSON.stringify({ state: last?.state, open: last?.open, waiting: last?.waiting });
  try {
    return await until(`The end of run ${runId}`, async () => {
      last = await runOf(world, runId);
      return hasEnded(last.state) ? last : undefined;
    });
  } catch (cause) {
    throw new Error(`The run has not ended: ${whatItWaitsFor()}`, { cause });
  }
}

export interface Asked {
  kind?: Run['kind'];
  scope?: object;
  dryRun?: boolean;
  noBlanks?: boolean;
}

export function startRun({ api, connectionId }: OfConnection, asked: Asked = {}): Promise<Run> {
  return api.post<Run>('/v1/sync-runs', { kind: 'sync', connectionId, ...asked });
}

/** Everything that changed since the cursors, to its end. */
export async function sync(world: OfConnection, asked: Asked = {}): Promise<Run> {
  return ended(world, (await startRun(world, asked)).id);
}

/** The runs of a connection to their ends, also such that nobody asked for by themselves: a run writes before it records. */
export async function atRest(world: OfConnection): Promise<void> {
  const { connectionId } = world;
  for (const { id } of await world.api.all<Run>('/v1/sync-runs', { connectionId })) await ended(world, id);
}

export function changesOf({ api }: Api, query: Record<string, string>): Promise<FieldChange[]> {
  return api.all<FieldChange>('/v1/changes', query);
}

export function linkOf({ api }: Api, linkId: string): Promise<Link> {
  return api.get<Link>(`/v1/links/${linkId}`);
}
