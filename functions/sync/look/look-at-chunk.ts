/**
 * One look message: the links of a chunk, in one go. Always true: the chunk closes when every link of it has a result; a
 * link that waits as a message keeps it open. A crash leaves the message, which comes again for the links without a result.
 * Attacked by test/sync/engine.test.ts, test/property/ and test/crash/.
 */
import { asSyncError, SyncError } from '../../core/errors.ts';
import { leastRepeats } from '../../core/merge/repeated-values.ts';
import { type CounterDeltas, hasEnded, resyncOf } from '../../core/model/run.ts';
import type { Side } from '../../core/model/side.ts';
import { failAtReceive, splitAtReceive } from '../../core/timing/receives.ts';
import { dispositionOf, hourlyRetryMs, instantAfter } from '../../core/timing/retry.ts';
import type { LookMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';
import { doubtOnce } from '../guards/doubt.ts';
import { forgetPassedThrottles } from '../guards/heed-throttle.ts';
import type { Held } from '../guards/hold-in-hand.ts';
import { messageFacts } from '../guards/message-facts.ts';
import { suspendConnection } from '../guards/suspend-connection.ts';
import { type OpenEnds, type Opened, openForRun, readStored, type StoredEnds } from '../open-ends.ts';
import { cancelHalted, letGo } from '../runs/cancel-run.ts';
import { countingCalls } from '../runs/counting-calls.ts';
import { withoutGoneFields } from '../runs/describe-daily.ts';
import { goOn } from '../runs/go-on.ts';
import { resendTaken } from '../runs/send-chunks.ts';
import { settleActorTypes, withoutLinksAside } from './actor-types-aside.ts';
import { type ChunkWork, nothingFound } from './chunk-work.ts';
import { closeUnchanged } from './close-unchanged.ts';
import { dryLook } from './dry-look.ts';
import { busyWaitMs, leaseLeftMs } from './lease-waits.ts';
import { type LinkVerdict, type LinkWait, waitAfter } from './link-verdict.ts';
import type { LinksFound } from './look.ts';
import { lookAtLinks } from './look-at-links.ts';
import { findLinks } from './look-round.ts';
import { lookAtOthers } from './pass-on.ts';
import { planWaits } from './plan-waits.ts';
import { postponeLinks } from './postpone-links.ts';
import { workerTime } from './worker-time.ts';

/** The links that cannot be looked at now because one of the systems cannot be reached. */
function allWait(linkIds: readonly string[], error: SyncError, side?: Side): ReadonlyMap<string, LinkVerdict> {
  if (error.kind === 'defect') throw error;
  return new Map(linkIds.map((linkId) => [linkId, { ...waitAfter(error), side }]));
}

/** A message of few links that others left of a chunk: what comes to all of that is not to be seen by these. */
function isRest({ chunk }: ChunkWork['turn'], linkIds: readonly string[]): boolean {
  return linkIds.length < leastRepeats && chunk.linkIds.length >= leastRepeats;
}

/** Looks at the links, and counts the calls made for them. */
async function look(
  { engine, message, run, turn, time, found }: ChunkWork,
  context: OpenEnds,
  linkIds: readonly string[],
  stored: LinksFound,
): Promise<ReadonlyMap<string, LinkVerdict>> {
  const counted = async (counts: CounterDeltas) => found.counted(counts);
  return countingCalls(context, counted, async () => {
    try {
      const facts = messageFacts(engine, context, isRest(turn, linkIds));
      const looks = {
        engine,
        context,
        chunk: message,
        turn,
        time,
        facts,
        resync: resyncOf(run),
        toOthers: run.toOthers === true,
        recorded: found.recorded,
        passedOn: found.passedOn,
      };
      const verdicts = await (run.dryRun ? dryLook(looks, linkIds, run) : lookAtLinks(looks, linkIds, stored));
      await forgetPassedThrottles(engine, context);
      return verdicts;
    } catch (failure) {
      return allWait(linkIds, asSyncError(failure));
    }
  });
}

/** The trouble that concerns the whole connection, not one link. */
function stoppingError(waits: ReadonlyMap<string, LinkWait>): SyncError | undefined {
  const errors = [...waits.values()].flatMap(({ error, own, doubted }) => (error && !own && !doubted ? [error] : []));
  return errors.find((error) => dispositionOf(error.kind) === 'suspend');
}

/**
 * What is left to do once the links were looked at: results without a record of their own, waits, a suspension, before which
 * the turn is ended and counted.
 */
async function carryOn(
  work: ChunkWork,
  setup: Opened['setup'],
  met: ReadonlyMap<string, LinkVerdict>,
): Promise<'counted' | undefined> {
  const { engine, message, run, found } = work;
  const verdicts = doubtOnce(engine, message, met);
  if ([...verdicts.values()].some(({ verdict }) => verdict !== 'unchanged')) found.recorded();
  const entries = [...(await settleActorTypes(work, setup, verdicts))];
  const unchanged = entries.flatMap(([linkId, one]) =>
    one.verdict === 'unchanged' ? [[linkId, one.due] as const] : [],
  );
  await closeUnchanged(work, new Map(unchanged));
  const waits = new Map(entries.flatMap(([linkId, one]) => (one.verdict === 'wait' ? [[linkId, one] as const] : [])));
  const stopping = stoppingError(waits);
  const error = stopping && !run.dryRun ? await withoutGoneFields(engine, setup.connection, stopping) : stopping;
  if (stopping && error === stopping) {
    found.failed(waits.keys());
    // Counted first: suspending ends the run.
    await endTurn(work);
    if (!run.dryRun) await suspendConnection(engine, setup.connection, stopping, run.id);
    return 'counted';
  }
  if (error) {
    for (const [id, { error: met, own }] of waits)
      if (!own && met?.kind === 'misconfigured') waits.set(id, waitAfter(error));
  }
  if (waits.size === 0 && (message.attempt > 1 || message.doubted))
    await engine.runs.noteWaiting(run.tenantId, run.id, undefined);
  await planWaits(work, waits);
  return undefined;
}

/** The message has killed its workers: its link is given up, unless a worker is at it still. */
async function giveUpAfterDeaths(work: ChunkWork, linkIds: readonly string[], receiveCount: number): Promise<void> {
  const { engine, run, found } = work;
  if (run.dryRun) return found.failed(linkIds);
  const waits = new Map<string, LinkWait>();
  for (const link of await engine.links.getMany(run.tenantId, linkIds)) {
    const leftMs = leaseLeftMs(engine, link);
    if (leftMs >= 0) waits.set(link.id, { verdict: 'wait', waitMs: busyWaitMs(engine, leftMs), spends: false });
  }
  await planWaits(work, waits);
  const error = new SyncError('defect', 'The look at this link failed again and again.');
  const notBefore = instantAfter(engine.runtime.nowMs(), hourlyRetryMs);
  const given = linkIds.filter((linkId) => !waits.has(linkId));
  await postponeLinks(work, new Map(given.map((id) => [id, { notBefore, attempts: receiveCount, error }])));
}

/** Looks at links of the chunk, or gives them up; `closed`: its run may not go on, and the chunk is done with. */
async function lookOrGiveUp(
  work: ChunkWork,
  stored: StoredEnds & LinksFound,
  linkIds: readonly string[],
  receiveCount: number,
): Promise<'closed' | 'counted' | undefined> {
  const { engine } = work;
  if (receiveCount >= failAtReceive) {
    await giveUpAfterDeaths(work, linkIds, receiveCount);
    return undefined;
  }
  const opened = await openForRun(engine, stored, work.run);
  // Deactivated, suspended or stopped: due items stay where they are, for the first poll after the next activation.
  if (!opened) return 'closed';
  const atWork = await withoutLinksAside(work, opened.setup, linkIds);
  if (atWork.length === 0) return undefined;
  const verdicts =
    'context' in opened ? await look(work, opened.context, atWork, stored) : allWait(atWork, opened.error, opened.side);
  return carryOn(work, opened.setup, verdicts);
}

/** What was found is counted, and a chunk that is complete is closed; its run goes on, or may be complete, too. */
async function endTurn({ engine, run, turn, found }: ChunkWork): Promise<void> {
  await lookAtOthers(engine, run, found.others());
  await goOn(engine, await engine.runs.endTurn(turn, found.all()));
}

/** Handles one look message. Throws only defects and storage failures: then the queue delivers it again. */
export async function lookAtChunk(engine: Engine, held: Held<LookMessage>): Promise<void> {
  const { message, receives, mayBegin } = held;
  const { tenantId, connectionId, runId } = message;
  const time = workerTime(engine);
  const [run, turn, stored, found, begins] = await Promise.all([
    engine.runs.get(tenantId, runId),
    engine.runs.beginTurn(message, engine.runtime.newId()),
    readStored(engine, tenantId, connectionId),
    findLinks(engine, message, message.linkIds),
    mayBegin,
  ]);
  if (!begins) return turn && engine.runs.giveTurnBack(turn);
  if (!run) return;
  // Whoever ended it may have died before its chunks were closed, and their own messages may be lost.
  if (hasEnded(run.state)) return letGo(engine, run);
  // Whoever closed it, or gave its place up, may have died with the next chunks in hand.
  if (receives > 1 && (!turn || turn.chunk.apart)) await resendTaken(engine, run);
  if (!turn) return goOn(engine, run);
  const { pending } = turn.chunk;
  const linkIds = message.linkIds.filter((linkId) => pending.includes(linkId));
  const work: ChunkWork = { engine, message, run, turn, time, found: nothingFound() };
  if (receives >= splitAtReceive && linkIds.length > 1) {
    await engine.queue.send(linkIds.map((linkId) => ({ ...message, linkIds: [linkId] })));
  } else if (linkIds.length > 0) {
    const outcome = await lookOrGiveUp(work, { ...stored, ...found }, linkIds, receives);
    if (outcome === 'closed') return cancelHalted(engine, run, { ...stored, connection: stored.setup?.connection });
    if (outcome === 'counted') return;
  }
  await endTurn(work);
}
