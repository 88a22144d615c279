/**
 * One look message: the links of a chunk, in one go. Always true: the chunk closes when every link of it has a result; a
 * link that waits as a message keeps it open. A crash leaves the message, which comes again for the links without a result.
 * Attacked by test/sync/engine.test.ts, test/property/ and test/crash/.
 */
import { asSyncError, SyncError } from '../../core/errors.ts';
import { hasEnded, type Run } from '../../core/model/run.ts';
import { failAtReceive, splitAtReceive } from '../../core/timing/receives.ts';
import { dispositionOf, hourlyRetryMs, instantAfter } from '../../core/timing/retry.ts';
import type { LookMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';
import { forgetPassedThrottles } from '../guards/heed-throttle.ts';
import { messageFacts } from '../guards/message-facts.ts';
import { suspendConnection } from '../guards/suspend-connection.ts';
import { type OpenEnds, type Opened, tryOpenEnds } from '../open-ends.ts';
import { cancelOfInactive, letGo } from '../runs/cancel-run.ts';
import { countingCalls } from '../runs/counting-calls.ts';
import { finishIfComplete } from '../runs/finish-run.ts';
import { settleActorTypes, withoutLinksAside } from './actor-types-aside.ts';
import type { ChunkWork } from './chunk-work.ts';
import { closeUnchanged } from './close-unchanged.ts';
import { dryLook } from './dry-look.ts';
import { busyWaitMs, leaseLeftMs } from './lease-waits.ts';
import { type LinkVerdict, type LinkWait, waitAfter } from './link-verdict.ts';
import { lookAtLinks } from './look-at-links.ts';
import { planWaits } from './plan-waits.ts';
import { postponeLinks } from './postpone-links.ts';
import { workerTime } from './worker-time.ts';

async function close(engine: Engine, run: Run, chunkId: string): Promise<void> {
  const after = await engine.runs.closeChunk(run.tenantId, run.id, chunkId);
  await finishIfComplete(engine, after ?? (await engine.runs.get(run.tenantId, run.id)));
}

/** The links that cannot be looked at now because one of the systems cannot be reached. */
function allWait(linkIds: readonly string[], error: SyncError): ReadonlyMap<string, LinkVerdict> {
  if (error.kind === 'defect') throw error;
  return new Map(linkIds.map((linkId) => [linkId, waitAfter(error)]));
}

/** Looks at the links, and counts the calls made for them. */
async function look(
  { engine, message, run, time }: ChunkWork,
  context: OpenEnds,
  linkIds: readonly string[],
): Promise<ReadonlyMap<string, LinkVerdict>> {
  return countingCalls(engine, context, message, async () => {
    try {
      const facts = messageFacts(engine, context);
      const looks = { engine, context, chunk: message, time, facts };
      const verdicts = await (run.dryRun ? dryLook : lookAtLinks)(looks, linkIds);
      await forgetPassedThrottles(engine, context);
      return verdicts;
    } catch (failure) {
      return allWait(linkIds, asSyncError(failure));
    }
  });
}

/** The trouble that concerns the whole connection, not one link. */
function stoppingError(waits: ReadonlyMap<string, LinkWait>): SyncError | undefined {
  const errors = [...waits.values()].flatMap(({ error, own }) => (error && !own ? [error] : []));
  return errors.find((error) => dispositionOf(error.kind) === 'suspend');
}

/** What is left to do once the links were looked at: results without a record of their own, waits, a suspension. */
async function carryOn(
  work: ChunkWork,
  setup: Opened['setup'],
  verdicts: ReadonlyMap<string, LinkVerdict>,
): Promise<void> {
  const { engine, message, run, chunk } = work;
  const entries = [...(await settleActorTypes(work, setup, verdicts))];
  const unchanged = entries.flatMap(([linkId, one]) =>
    one.verdict === 'unchanged' ? [[linkId, one.due] as const] : [],
  );
  await closeUnchanged(work, new Map(unchanged));
  const waits = new Map(entries.flatMap(([linkId, one]) => (one.verdict === 'wait' ? [[linkId, one] as const] : [])));
  const stopping = stoppingError(waits);
  if (stopping) {
    // Counted first: suspending ends the run.
    await engine.runs.addResults(chunk, [...waits.keys()], { lookedAt: waits.size, failed: waits.size });
    if (!run.dryRun) await suspendConnection(engine, setup.connection, stopping, run.id);
    return;
  }
  if (waits.size === 0 && message.attempt > 1) await engine.runs.noteWaiting(run.tenantId, run.id, undefined);
  await planWaits(work, waits);
}

/** The message has killed its workers: its link is given up, unless a worker is at it still. */
async function giveUpAfterDeaths(work: ChunkWork, linkIds: readonly string[], receiveCount: number): Promise<void> {
  const { engine, run, chunk } = work;
  if (run.dryRun) {
    await engine.runs.addResults(chunk, linkIds, { lookedAt: linkIds.length, failed: linkIds.length });
    return;
  }
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

/** Looks at links of the chunk, or gives them up; `closed`: the connection is not active, and the chunk is done with. */
async function lookOrGiveUp(
  work: ChunkWork,
  linkIds: readonly string[],
  receiveCount: number,
): Promise<'closed' | undefined> {
  const { engine, run } = work;
  if (receiveCount >= failAtReceive) {
    await giveUpAfterDeaths(work, linkIds, receiveCount);
    return undefined;
  }
  const opened = await tryOpenEnds(engine, run.tenantId, run.connectionId);
  // Deactivated or suspended: due items stay where they are, for the first poll after the next activation.
  if (!opened) return 'closed';
  const atWork = await withoutLinksAside(work, opened.setup, linkIds);
  if (atWork.length === 0) return undefined;
  const verdicts = 'context' in opened ? await look(work, opened.context, atWork) : allWait(atWork, opened.error);
  await carryOn(work, opened.setup, verdicts);
  return undefined;
}

/** Handles one look message. Throws only defects and storage failures: then the queue delivers it again. */
export async function lookAtChunk(engine: Engine, message: LookMessage, receiveCount: number): Promise<void> {
  const { tenantId, runId, chunkId } = message;
  const time = workerTime(engine);
  const run = await engine.runs.get(tenantId, runId);
  if (!run) return;
  const chunk = await engine.runs.getChunk(tenantId, runId, chunkId);
  if (!chunk) return finishIfComplete(engine, run);
  // Whoever ended it may have died before its chunks were closed, and their own messages may be lost.
  if (hasEnded(run.state)) return letGo(engine, run);
  const linkIds = message.linkIds.filter((linkId) => chunk.pending.includes(linkId));
  if (receiveCount >= splitAtReceive && linkIds.length > 1) {
    return engine.queue.send(linkIds.map((linkId) => ({ ...message, linkIds: [linkId] })));
  }
  const work: ChunkWork = { engine, message, run, chunk, time };
  if (linkIds.length > 0 && (await lookOrGiveUp(work, linkIds, receiveCount)) === 'closed') {
    return cancelOfInactive(engine, run);
  }
  const left = await engine.runs.getChunk(tenantId, runId, chunkId);
  if (left?.pending.length === 0) await close(engine, run, chunkId);
}
