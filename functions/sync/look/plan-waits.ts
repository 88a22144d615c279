/**
 * What becomes of links that could not be looked at now. Always true: a planned wait is a new message with its attempt in
 * the body, so the queue's receive count counts crashes and defects only; what waits longer than a message
 * can, or has used its attempts up, is given up for this run and stays due. A crash before the message is sent leaves the
 * old one. Attacked by test/sync/waits.test.ts.
 */
import type { SyncError } from '../../core/errors.ts';
import { type NextWait, nextWait, plannedWaitMs, putOffSince } from '../../core/timing/retry.ts';
import type { ChunkWork } from './chunk-work.ts';
import type { LinkWait } from './link-verdict.ts';
import { postponeLinks } from './postpone-links.ts';

/** Links that wait for the same reason, and so long. */
interface WaitingLinks extends LinkWait {
  readonly linkIds: readonly string[];
  readonly waitMs: number;
}

function waitingTogether({ engine, message }: ChunkWork, waits: ReadonlyMap<string, LinkWait>): WaitingLinks[] {
  const groups = Map.groupBy(waits, ([, wait]) => `${wait.error?.kind ?? 'busy'}|${wait.spends}`);
  return [...groups.values()].flatMap((group) => {
    const [, first] = group[0] ?? [];
    if (!first) return [];
    const planned = plannedWaitMs(message.attempt, engine.runtime.random(), first.error?.retryAfterMs);
    const waitMs = Math.max(...group.map(([, wait]) => wait.waitMs ?? planned));
    return [{ ...first, linkIds: group.map(([linkId]) => linkId), waitMs }];
  });
}

function sinceMs({ engine, message }: ChunkWork, error: SyncError | undefined): number | undefined {
  return error && putOffSince(error, message.throttledSinceMs, engine.runtime.nowMs());
}

type Planned<Next extends NextWait['next']> = Extract<NextWait, { readonly next: Next }>;

async function giveUp(
  work: ChunkWork,
  { linkIds, error }: WaitingLinks,
  { notBefore }: Planned<'give-up'>,
): Promise<void> {
  const { engine, message, run, chunk } = work;
  if (run.dryRun) {
    await engine.runs.addResults(chunk, linkIds, { lookedAt: linkIds.length, failed: linkIds.length });
    return;
  }
  await postponeLinks(work, linkIds, { notBefore, attempts: message.attempt, error });
}

async function waitAsMessage(
  work: ChunkWork,
  { linkIds, waitMs, error }: WaitingLinks,
  { attempt, until }: Planned<'message'>,
): Promise<void> {
  const { engine, message } = work;
  if (error) {
    await engine.runs.noteWaiting(message.tenantId, message.runId, {
      kind: error.kind,
      attempt: message.attempt,
      until,
    });
  }
  const throttledSinceMs = sinceMs(work, error);
  await engine.queue.send([{ ...message, linkIds: [...linkIds], attempt, throttledSinceMs }], { delayMs: waitMs });
}

/** Sends the links that wait again, or gives them up for this run: they stay due, and polls come back to them. */
export async function planWaits(work: ChunkWork, waits: ReadonlyMap<string, LinkWait>): Promise<void> {
  for (const waiting of waitingTogether(work, waits)) {
    const { error, spends, waitMs } = waiting;
    const { attempt } = work.message;
    const throttledSinceMs = sinceMs(work, error);
    const wait = { attempt, spends, waitMs, kind: error?.kind, throttledSinceMs };
    const planned = nextWait(wait, work.engine.runtime.nowMs());
    if (planned.next === 'give-up') await giveUp(work, waiting, planned);
    else await waitAsMessage(work, waiting, planned);
  }
}
