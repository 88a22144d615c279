/**
 * What becomes of links that could not be looked at now. Always true: a planned wait is a new message with its attempt in
 * the body, so the queue's receive count counts crashes and defects only; what waits longer than a message
 * can, or has used its attempts up, is given up for this run and stays due. A crash before the message is sent leaves the
 * old one. Attacked by test/sync/waits.test.ts and test/sync/one-link.test.ts.
 */
import { type ErrorKind, SyncError } from '../../core/errors.ts';
import { afterTrouble, troubleKinds } from '../../core/merge/look-trouble.ts';
import { linkFailureId } from '../../core/model/failure.ts';
import {
  hourlyRetryMs,
  instantAfter,
  type NextWait,
  nextWait,
  plannedWaitMs,
  putOffSince,
} from '../../core/timing/retry.ts';
import { stillDoubted } from '../guards/doubt.ts';
import type { ChunkWork } from './chunk-work.ts';
import type { LinkWait } from './link-verdict.ts';
import { type Postponement, postponeLinks } from './postpone-links.ts';

/** A defect met at one link is a failed look of it; so many in a row are an open failure. */
const looksOverDefect = 4;

/** Links that wait for the same reason, and so long. */
interface WaitingLinks {
  readonly waits: ReadonlyMap<string, LinkWait>;
  readonly first: LinkWait;
  readonly waitMs: number;
}

function waitingTogether({ engine, message }: ChunkWork, waits: ReadonlyMap<string, LinkWait>): WaitingLinks[] {
  const groups = Map.groupBy(waits, ([, { error, trouble, spends, own, doubted }]) => {
    return `${error?.kind ?? trouble?.reason ?? 'busy'}|${spends}|${own}|${doubted}`;
  });
  return [...groups.values()].flatMap((group) => {
    const [, first] = group[0] ?? [];
    if (!first) return [];
    const planned = plannedWaitMs(message.attempt, engine.runtime.random(), first.error?.retryAfterMs);
    const waitMs = Math.max(...group.map(([, wait]) => wait.waitMs ?? planned));
    return [{ waits: new Map(group), first, waitMs }];
  });
}

function sinceMs({ engine, message }: ChunkWork, error: SyncError | undefined): number | undefined {
  return error && putOffSince(error, message.throttledSinceMs, engine.runtime.nowMs());
}

type Planned<Next extends NextWait['next']> = Extract<NextWait, { readonly next: Next }>;

/** How often this run tried: a link whose failure is open already has its last attempt first. */
function attemptsOf({ message, turn }: ChunkWork): number {
  return message.attempt - (turn.chunk.attempt ?? 1) + 1;
}

async function giveUp(work: ChunkWork, { waits }: WaitingLinks, { notBefore }: Planned<'give-up'>): Promise<void> {
  const { run, found } = work;
  if (run.dryRun) return found.failed(waits.keys());
  const postponed = [...waits].map(([linkId, { error }]): [string, Postponement] => [
    linkId,
    { notBefore, attempts: attemptsOf(work), sinceMs: work.message.troubledSinceMs, error },
  ]);
  await postponeLinks(work, new Map(postponed));
}

/** They wait for their own sake. Who asks for patience at one link, a system or our own storage, means every link. */
function isOfLinks({ error, trouble, own }: LinkWait): boolean {
  return trouble !== undefined || (own === true && error?.kind !== 'throttled');
}

async function waitAsMessage(
  work: ChunkWork,
  { waits, first, waitMs }: WaitingLinks,
  { attempt, until }: Planned<'message'>,
): Promise<void> {
  const { error, side, trouble } = first;
  const doubted = first.doubted ?? stillDoubted(work.message, error);
  const { engine, message, found } = work;
  if (error) {
    await engine.runs.noteWaiting(message.tenantId, message.runId, {
      kind: error.kind,
      side,
      attempt: message.attempt,
      until,
    });
  }
  const throttledSinceMs = sinceMs(work, error);
  const nowTroubledMs = error || trouble ? engine.runtime.nowMs() : undefined;
  const troubledSinceMs = message.troubledSinceMs ?? nowTroubledMs;
  const linkIds = [...waits.keys()];
  if (isOfLinks(first)) found.apart();
  await engine.queue.send([{ ...message, linkIds, attempt, throttledSinceMs, troubledSinceMs, doubted }], {
    delayMs: waitMs,
  });
}

/** What decides whether the links wait once more; what is doubted does, and a defect until it has come too often. */
function kindOf({ error, doubted }: LinkWait, attempt: number): ErrorKind | undefined {
  if (doubted) return undefined;
  return error?.kind === 'defect' && attempt < looksOverDefect ? undefined : error?.kind;
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
    const tries = { attempts: attemptsOf(work), sinceMs: message.troubledSinceMs };
    const postponement = { notBefore, ...tries, error, reason, keepsWait: true };
    await postponeLinks(work, new Map([[linkId, postponement]]));
    left.delete(linkId);
  }
  return left;
}

/** Sends the links that wait again, or gives them up for this run: they stay due, and polls come back to them. */
export async function planWaits(work: ChunkWork, waits: ReadonlyMap<string, LinkWait>): Promise<void> {
  const { attempt } = work.message;
  for (const waiting of waitingTogether(work, await giveUpTroubled(work, waits))) {
    const { first, waitMs } = waiting;
    const throttledSinceMs = sinceMs(work, first.error);
    const wait = { attempt, spends: first.spends, waitMs, kind: kindOf(first, attempt), throttledSinceMs };
    const planned = nextWait(wait, work.engine.runtime.nowMs());
    if (planned.next === 'give-up') await giveUp(work, waiting, planned);
    else await waitAsMessage(work, waiting, planned);
  }
}
