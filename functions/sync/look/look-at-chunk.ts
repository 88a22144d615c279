/**
 * One look message: the links of a chunk, in one go. Always true: the chunk closes when every link of it has a result; a
 * link that waits as a message keeps it open. A crash leaves the message, which comes again for the links without a result.
 * Attacked by test/sync/engine.test.ts, test/property/ and test/crash/.
 */
import { asSyncError, SyncError } from '../../core/errors.ts';
import { hasEnded, type Run } from '../../core/model/run.ts';
import { failAtReceive, splitAtReceive } from '../../core/timing/receives.ts';
import { dispositionOf, hourlyRetryMs, instantAfter, spendsAttempt } from '../../core/timing/retry.ts';
import type { LookMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';
import { messageFacts } from '../guards/message-facts.ts';
import { suspendConnection } from '../guards/suspend-connection.ts';
import { type OpenEnds, type Opened, tryOpenEnds } from '../open-ends.ts';
import { countingCalls } from '../runs/counting-calls.ts';
import { finishIfComplete } from '../runs/finish-run.ts';
import type { ChunkWork } from './chunk-work.ts';
import { closeUnchanged } from './close-unchanged.ts';
import { dryLook } from './dry-look.ts';
import type { LinkVerdict, LinkWait } from './link-verdict.ts';
import { lookAtLinks } from './look-at-links.ts';
import { planWaits } from './plan-waits.ts';
import { postponeLinks } from './postpone-links.ts';

async function close(engine: Engine, run: Run, chunkId: string): Promise<void> {
  const after = await engine.runs.closeChunk(run.tenantId, run.id, chunkId);
  await finishIfComplete(engine, after ?? (await engine.runs.get(run.tenantId, run.id)));
}

/** The links that cannot be looked at now because one of the systems cannot be reached. */
function allWait(linkIds: readonly string[], error: SyncError): ReadonlyMap<string, LinkVerdict> {
  if (error.kind === 'defect') throw error;
  return new Map(linkIds.map((linkId) => [linkId, { verdict: 'wait', spends: spendsAttempt(error.kind), error }]));
}

/** Looks at the links, and counts the calls made for them. */
async function look(
  { engine, message, run }: ChunkWork,
  context: OpenEnds,
  linkIds: readonly string[],
): Promise<ReadonlyMap<string, LinkVerdict>> {
  return countingCalls(engine, context, message, async () => {
    try {
      const facts = messageFacts(engine, context);
      return await (run.dryRun ? dryLook : lookAtLinks)({ engine, context, chunk: message, facts }, linkIds);
    } catch (failure) {
      return allWait(linkIds, asSyncError(failure));
    }
  });
}

/** The trouble that concerns the whole connection, not one record. */
function stoppingError(waits: ReadonlyMap<string, LinkWait>): SyncError | undefined {
  const errors = [...waits.values()].flatMap(({ error }) => error ?? []);
  return errors.find((error) => dispositionOf(error.kind) === 'suspend');
}

/** What is left to do once the links were looked at: results without a record of their own, waits, a suspension. */
async function carryOn(
  work: ChunkWork,
  { connection }: Opened['setup'],
  verdicts: ReadonlyMap<string, LinkVerdict>,
): Promise<void> {
  const { engine, message, run, chunk } = work;
  const entries = [...verdicts];
  const unchanged = entries.flatMap(([linkId, one]) =>
    one.verdict === 'unchanged' ? [[linkId, one.due] as const] : [],
  );
  await closeUnchanged(work, new Map(unchanged));
  const waits = new Map(entries.flatMap(([linkId, one]) => (one.verdict === 'wait' ? [[linkId, one] as const] : [])));
  const stopping = stoppingError(waits);
  if (stopping) {
    await suspendConnection(engine, connection, stopping, run.id);
    await engine.runs.addResults(chunk, [...waits.keys()], { lookedAt: waits.size, failed: waits.size });
    return;
  }
  if (waits.size === 0 && message.attempt > 1) await engine.runs.noteWaiting(run.tenantId, run.id, undefined);
  await planWaits(work, waits);
}

/** Looks at links of the chunk, or gives them up; `closed`: the connection is not active, and the chunk is done with. */
async function lookOrGiveUp(
  work: ChunkWork,
  linkIds: readonly string[],
  receiveCount: number,
): Promise<'closed' | undefined> {
  const { engine, run } = work;
  if (receiveCount >= failAtReceive) {
    const error = new SyncError('defect', 'The look at this link failed again and again.');
    const notBefore = instantAfter(engine.runtime.nowMs(), hourlyRetryMs);
    await postponeLinks(work, linkIds, { notBefore, attempts: receiveCount, error });
    return undefined;
  }
  const opened = await tryOpenEnds(engine, run.tenantId, run.connectionId);
  // Deactivated or suspended: due items stay where they are, for the first poll after the next activation.
  if (!opened) return 'closed';
  const verdicts = 'context' in opened ? await look(work, opened.context, linkIds) : allWait(linkIds, opened.error);
  await carryOn(work, opened.setup, verdicts);
  return undefined;
}

/** Handles one look message. Throws only defects and storage failures: then the queue delivers it again. */
export async function lookAtChunk(engine: Engine, message: LookMessage, receiveCount: number): Promise<void> {
  const { tenantId, runId, chunkId } = message;
  const run = await engine.runs.get(tenantId, runId);
  if (!run) return;
  const chunk = await engine.runs.getChunk(tenantId, runId, chunkId);
  if (!chunk) return finishIfComplete(engine, run);
  if (hasEnded(run.state)) return close(engine, run, chunkId);
  const linkIds = message.linkIds.filter((linkId) => chunk.pending.includes(linkId));
  if (receiveCount >= splitAtReceive && linkIds.length > 1) {
    return engine.queue.send(linkIds.map((linkId) => ({ ...message, linkIds: [linkId] })));
  }
  const work: ChunkWork = { engine, message, run, chunk };
  if (linkIds.length > 0 && (await lookOrGiveUp(work, linkIds, receiveCount)) === 'closed') {
    return close(engine, run, chunkId);
  }
  const left = await engine.runs.getChunk(tenantId, runId, chunkId);
  if (left?.pending.length === 0) await close(engine, run, chunkId);
}
