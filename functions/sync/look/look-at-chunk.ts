/**
 * One look message: the links of a chunk, in one go. The chunk closes when every link of it has a result; a link that
 * waits as a message keeps it open. Planned waits are new messages with their attempt in the body: the queue's receive
 * count only counts crashes and defects (engine.md §5).
 */

import { asSyncError, SyncError } from '../../core/errors.ts';
import { inParallel } from '../../core/in-parallel.ts';
import type { Connection } from '../../core/model/connection.ts';
import { type Chunk, hasEnded, type Run } from '../../core/model/run.ts';
import { failAtReceive, splitAtReceive } from '../../core/timing/receives.ts';
import {
  dispositionOf,
  hourlyRetryMs,
  longestMessageDelayMs,
  maxAttempts,
  plannedWaitMs,
} from '../../core/timing/retry.ts';
import type { LookMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';
import { suspendConnection } from '../guards/suspend-connection.ts';
import { countingCalls } from '../runs/counting-calls.ts';
import { finishIfComplete } from '../runs/finish-run.ts';
import { dryLook } from './dry-look.ts';
import { type LinkOutcome, lookAtLinks, suspends } from './look-at-links.ts';
import type { LookContext } from './look-context.ts';
import { tryOpenContext } from './open-context.ts';
import { postponeLinks } from './postpone-links.ts';

async function close(engine: Engine, run: Run, chunkId: string): Promise<void> {
  const after = await engine.runs.closeChunk(run.tenantId, run.id, chunkId);
  await finishIfComplete(engine, after ?? (await engine.runs.get(run.tenantId, run.id)));
}

async function waitAsMessage(
  engine: Engine,
  message: LookMessage,
  linkIds: readonly string[],
  wait: { readonly waitMs: number; readonly spends: boolean },
): Promise<void> {
  const attempt = wait.spends ? message.attempt + 1 : message.attempt;
  await engine.queue.send([{ ...message, linkIds: [...linkIds], attempt }], { delayMs: wait.waitMs });
}

/** Sends the links that wait again, or gives them up for this run: they stay due, and polls come back to them. */
async function planWaits(
  engine: Engine,
  message: LookMessage,
  run: Run,
  chunk: Chunk,
  waiting: ReadonlyMap<string, Extract<LinkOutcome, { outcome: 'wait' }>>,
): Promise<void> {
  const groups = Map.groupBy(waiting, ([, wait]) => `${wait.error?.kind ?? 'busy'}|${wait.spends}`);
  for (const group of groups.values()) {
    const linkIds = group.map(([linkId]) => linkId);
    const [, first] = group[0] ?? [];
    if (!first) continue;
    const { error, spends } = first;
    const planned = plannedWaitMs(message.attempt, engine.runtime.random(), error?.retryAfterMs);
    const waitMs = Math.max(...group.map(([, wait]) => wait.waitMs ?? planned));
    const exhausted = spends && message.attempt >= maxAttempts;
    const hopeless = error !== undefined && dispositionOf(error.kind) === 'fail';
    if (exhausted || hopeless || waitMs > longestMessageDelayMs) {
      if (run.dryRun) {
        await engine.runs.addResults(chunk, linkIds, { lookedAt: linkIds.length, failed: linkIds.length });
        continue;
      }
      const notBeforeMs = engine.runtime.nowMs() + (waitMs > longestMessageDelayMs ? waitMs : hourlyRetryMs);
      await postponeLinks(engine, message, linkIds, {
        notBeforeMs,
        attempts: message.attempt,
        ...(error && { error }),
      });
      continue;
    }
    if (error) {
      const until = new Date(engine.runtime.nowMs() + waitMs).toISOString();
      const waitingFor = { kind: error.kind, attempt: message.attempt, until };
      await engine.runs.noteWaiting(message.tenantId, message.runId, waitingFor);
    }
    await waitAsMessage(engine, message, linkIds, { waitMs, spends });
  }
}

/** Removes due items and counts the results of looks that had nothing to record. */
async function settleUnchanged(
  engine: Engine,
  chunk: Chunk,
  outcomes: ReadonlyMap<string, LinkOutcome>,
  dryRun: boolean,
): Promise<void> {
  const unchanged = [...outcomes].filter(([, outcome]) => outcome.outcome === 'unchanged');
  if (unchanged.length === 0) return;
  if (!dryRun) {
    await inParallel(unchanged, 8, async ([, outcome]) => {
      if (outcome.outcome === 'unchanged' && outcome.due) await engine.dueItems.remove(outcome.due);
    });
  }
  const linkIds = unchanged.map(([linkId]) => linkId).filter((linkId) => chunk.pending.includes(linkId));
  if (linkIds.length === 0) return;
  const added = await engine.runs.addResults(chunk, linkIds, { lookedAt: linkIds.length });
  if (added || linkIds.length === 1) return;
  // A duplicate of this message has counted some of them already: the rest one by one.
  for (const linkId of linkIds) await engine.runs.addResults(chunk, [linkId], { lookedAt: 1 });
}

/** The links that cannot be looked at now because one of the systems cannot be reached. */
function allWait(linkIds: readonly string[], error: SyncError): ReadonlyMap<string, LinkOutcome> {
  if (error.kind === 'defect') throw error;
  return new Map(linkIds.map((linkId) => [linkId, { outcome: 'wait', spends: error.kind !== 'throttled', error }]));
}

async function look(
  engine: Engine,
  run: Run,
  chunk: Chunk,
  context: LookContext,
  linkIds: readonly string[],
): Promise<ReadonlyMap<string, LinkOutcome>> {
  const place = { tenantId: run.tenantId, connectionId: run.connectionId, runId: run.id, chunkId: chunk.id };
  return countingCalls(engine, context, place, async () => {
    try {
      return await (run.dryRun ? dryLook : lookAtLinks)(engine, context, place, linkIds);
    } catch (failure) {
      return allWait(linkIds, asSyncError(failure));
    }
  });
}

async function settleOutcomes(
  engine: Engine,
  message: LookMessage,
  run: Run,
  chunk: Chunk,
  { connection, outcomes }: { connection: Connection; outcomes: ReadonlyMap<string, LinkOutcome> },
): Promise<void> {
  await settleUnchanged(engine, chunk, outcomes, run.dryRun);
  const waiting = new Map(
    [...outcomes].flatMap(([linkId, outcome]) => (outcome.outcome === 'wait' ? [[linkId, outcome] as const] : [])),
  );
  const stopping = [...waiting.values()].find((wait) => suspends(wait.error))?.error;
  if (stopping) {
    await suspendConnection(engine, connection, stopping, run.id);
    const linkIds = [...waiting.keys()];
    await engine.runs.addResults(chunk, linkIds, { lookedAt: linkIds.length, failed: linkIds.length });
    return;
  }
  if (waiting.size === 0 && message.attempt > 1) await engine.runs.noteWaiting(run.tenantId, run.id, undefined);
  await planWaits(engine, message, run, chunk, waiting);
}

/** Handles one look message. Throws only defects: then the queue delivers it again. */
export async function lookAtChunk(engine: Engine, message: LookMessage, receiveCount: number): Promise<void> {
  const { tenantId, runId, chunkId } = message;
  const run = await engine.runs.get(tenantId, runId);
  if (!run) return;
  const chunk = await engine.runs.getChunk(tenantId, runId, chunkId);
  if (!chunk) return finishIfComplete(engine, run);
  if (hasEnded(run.state)) return close(engine, run, chunkId);
  const linkIds = message.linkIds.filter((linkId) => chunk.pending.includes(linkId));
  if (linkIds.length > 0) {
    if (receiveCount >= splitAtReceive && linkIds.length > 1) {
      return engine.queue.send(linkIds.map((linkId) => ({ ...message, linkIds: [linkId] })));
    }
    if (receiveCount >= failAtReceive) {
      const error = new SyncError('defect', 'The look at this link failed again and again.');
      const notBeforeMs = engine.runtime.nowMs() + hourlyRetryMs;
      await postponeLinks(engine, message, linkIds, { notBeforeMs, attempts: receiveCount, error });
    } else {
      const opened = await tryOpenContext(engine, tenantId, run.connectionId);
      // Deactivated or suspended: due items stay where they are, for the first poll after the next activation.
      if (!opened) return close(engine, run, chunkId);
      const { connection } = opened.setup;
      const outcomes =
        'context' in opened ? await look(engine, run, chunk, opened.context, linkIds) : allWait(linkIds, opened.error);
      await settleOutcomes(engine, message, run, chunk, { connection, outcomes });
    }
  }
  const left = await engine.runs.getChunk(tenantId, runId, chunkId);
  if (left && left.pending.length === 0) await close(engine, run, chunkId);
}
