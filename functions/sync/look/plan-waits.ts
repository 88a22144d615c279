/**
 * What becomes of links that could not be looked at now. Always true: a planned wait is a new message with its attempt in
 * the body, so the queue's receive count counts crashes and defects only; what waits longer than a message
 * can, or has used its attempts up, is given up for this run and stays due. A crash before the message is sent leaves the
 * old one. Attacked by test/sync/waits.test.ts.
 */
import { SyncError } from '../../core/errors.ts';
import { afterTrouble, troubleKinds } from '../../core/merge/look-trouble.ts';
import { linkFailureId } from '../../core/model/failure.ts';
import { hourlyRetryMs, instantAfter, type NextWait, nextWait, plannedWaitMs } from '../../core/timing/retry.ts';
import type { ChunkWork } from './chunk-work.ts';
import type { LinkWait } from './link-verdict.ts';
import { postponeLinks } from './postpone-links.ts';

/** Links that wait for the same reason, and so long. */
interface WaitingLinks extends LinkWait {
  readonly linkIds: readonly string[];
  readonly waitMs: number;
}

function waitingTogether({ engine, message }: ChunkWork, waits: ReadonlyMap<string, LinkWait>): WaitingLinks[] {
  const groups = Map.groupBy(waits, ([, { error, trouble, spends }]) => {
    return `${error?.kind ?? trouble?.reason ?? 'busy'}|${trouble?.explanation}|${spends}`;
  });
  return [...groups.values()].flatMap((group) => {
    const [, first] = group[0] ?? [];
    if (!first) return [];
    const planned = plannedWaitMs(message.attempt, engine.runtime.random(), first.error?.retryAfterMs);
    const waitMs = Math.max(...group.map(([, wait]) => wait.waitMs ?? planned));
    return [{ ...first, linkIds: group.map(([linkId]) => linkId), waitMs }];
  });
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
  { engine, message }: ChunkWork,
  { linkIds, waitMs, error }: WaitingLinks,
  { attempt, until }: Planned<'message'>,
): Promise<void> {
  if (error) {
    await engine.runs.noteWaiting(message.tenantId, message.runId, {
      kind: error.kind,
      attempt: message.attempt,
      until,
    });
  }
  await engine.queue.send([{ ...message, linkIds: [...linkIds], attempt }], { delayMs: waitMs });
}

/** Links whose looks come to nothing, time after time: an open failure, and asked at most hourly. */
async function giveUpTroubled(
  work: ChunkWork,
  waits: ReadonlyMap<string, LinkWait>,
): Promise<ReadonlyMap<string, LinkWait>> {
  const { engine, message, run } = work;
  const left = new Map(waits);
  for (const [linkId, wait] of waits) {
    if (!wait.trouble || run.dryRun) continue;
    const { reason, explanation } = wait.trouble;
    const open = await engine.failures.get(run.tenantId, linkFailureId(linkId));
    if (afterTrouble(message.attempt, open?.reason === reason) === 'ask-again') continue;
    const error = new SyncError(troubleKinds[reason], `The looks at link ${linkId} come to nothing.`, { explanation });
    const notBefore = instantAfter(engine.runtime.nowMs(), hourlyRetryMs);
    await postponeLinks(work, [linkId], { notBefore, attempts: message.attempt, error, reason, keepsWait: true });
    left.delete(linkId);
  }
  return left;
}

/** Sends the links that wait again, or gives them up for this run: they stay due, and polls come back to them. */
export async function planWaits(work: ChunkWork, waits: ReadonlyMap<string, LinkWait>): Promise<void> {
  for (const waiting of waitingTogether(work, await giveUpTroubled(work, waits))) {
    const { error, spends, waitMs } = waiting;
    const { attempt } = work.message;
    const planned = nextWait({ attempt, spends, waitMs, kind: error?.kind }, work.engine.runtime.nowMs());
    if (planned.next === 'give-up') await giveUp(work, waiting, planned);
    else await waitAsMessage(work, waiting, planned);
  }
}
