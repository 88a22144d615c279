/**
 * One page of a chain: find links, make them due, send them out, and only then move the cursor (engine.md §2). A crash at
 * any point repeats at most this page; a cancelled run leaves its due items to the next poll. Attacked by test/crash/.
 */

import { asSyncError, type SyncError } from '../../core/errors.ts';
import type { Side } from '../../core/model/actor-type.ts';
import type { Connection } from '../../core/model/connection.ts';
import type { DueItem } from '../../core/model/due.ts';
import { chainFailureId, failureOf } from '../../core/model/failure.ts';
import { hasEnded, type Run } from '../../core/model/run.ts';
import { failPageAtReceive } from '../../core/timing/receives.ts';
import { dispositionOf, longestMessageDelayMs, maxAttempts, plannedWaitMs } from '../../core/timing/retry.ts';
import type { DetectMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';
import { suspendConnection } from '../guards/suspend-connection.ts';
import { type LookContext, tryOpenContext } from '../look/open-context.ts';
import { finishIfComplete } from '../runs/finish-run.ts';
import { detectMessage, parseChain, slotOf } from './chains.ts';
import { type FoundPage, readPage } from './read-page.ts';
import { chunksOf, duesOf, lookMessages } from './send-chunks.ts';

/** Gives the slot to the run that waits for it and starts that run's chains. */
export async function passSlotOn(engine: Engine, run: Run): Promise<void> {
  const next = await engine.runs.releaseSlot(run.tenantId, run.connectionId, slotOf(run), run.id);
  if (next) await engine.queue.send(Object.keys(next.chains).map((chain) => detectMessage(next, chain, 0)));
}

export async function endChain(engine: Engine, run: Run, chain: string): Promise<void> {
  const after = await engine.runs.endChain(run.tenantId, run.id, chain);
  if (!after || Object.keys(after.chains).length > 0) return;
  await passSlotOn(engine, after);
  if (after.trigger.by === 'schedule') {
    await engine.connections.notePolled(run.tenantId, run.connectionId, new Date(engine.runtime.nowMs()).toISOString());
  }
  await finishIfComplete(engine, after);
}

/** The list could not be read: wait, or give up for this run with an open failure. The cursor has not moved: nothing is lost. */
async function detectFailed(
  engine: Engine,
  message: DetectMessage,
  run: Run,
  error: SyncError,
  { connection, side }: { connection: Connection; side: Side | undefined },
): Promise<void> {
  const disposition = dispositionOf(error.kind);
  if (disposition === 'suspend') {
    await suspendConnection(engine, connection, error, run.id);
    await engine.runs.addCounts(run.tenantId, run.id, 'none', { failed: 1 });
    return endChain(engine, run, message.chain);
  }
  const spends = error.kind !== 'throttled';
  const waitMs = plannedWaitMs(message.attempt, engine.runtime.random(), error.retryAfterMs);
  const nowMs = engine.runtime.nowMs();
  if (disposition === 'wait' && waitMs <= longestMessageDelayMs && !(spends && message.attempt >= maxAttempts)) {
    const until = new Date(nowMs + waitMs).toISOString();
    const waiting = { kind: error.kind, ...(side && { side }), attempt: message.attempt, until };
    await engine.runs.noteWaiting(run.tenantId, run.id, waiting);
    return engine.queue.send([{ ...message, attempt: spends ? message.attempt + 1 : message.attempt }], {
      delayMs: waitMs,
    });
  }
  const failure = failureOf({
    tenantId: run.tenantId,
    id: chainFailureId(run.connectionId, message.chain),
    connectionId: run.connectionId,
    runId: run.id,
    kind: error.kind,
    reason: 'changes-not-listed',
    explanation: error.explanation,
    attempts: message.attempt,
    at: new Date(nowMs).toISOString(),
  });
  await engine.failures.open(failure);
  await engine.runs.addCounts(run.tenantId, run.id, 'none', { failed: 1 });
  await endChain(engine, run, message.chain);
}

/**
 * Links that this run is about to look at anyway: their chunk is open and has no result of theirs. A fresh due item is
 * all they need; if that look had read already, its own due item is gone and the fresh one waits for the next poll.
 */
async function waitingInThisRun(engine: Engine, run: Run, linkIds: readonly string[]): Promise<DueItem[]> {
  const dues = await engine.dueItems.getMany(run.tenantId, run.connectionId, linkIds);
  const ours = dues.filter((due) => due.chunk?.runId === run.id);
  const places = [...new Map(ours.flatMap(({ chunk }) => (chunk ? [[chunk.chunkId, chunk] as const] : []))).values()];
  const chunks = await engine.runs.getChunks(run.tenantId, places);
  return ours
    .filter(({ chunk, linkId }) => chunks.some((open) => open.id === chunk?.chunkId && open.pending.includes(linkId)))
    .map((due) => ({ ...due, sequence: engine.runtime.newId() }));
}

async function handOut(engine: Engine, message: DetectMessage, run: Run, found: FoundPage): Promise<boolean> {
  if (found.linkIds.length === 0) return true;
  const place = { lane: message.lane, interactive: message.interactive };
  const prefix = `${message.chain.replace(':', '.')}.${message.page}${found.mark}`;
  const waiting = run.dryRun ? [] : await waitingInThisRun(engine, run, found.linkIds);
  const covered = new Set(waiting.map((due) => due.linkId));
  const linkIds = found.linkIds.filter((linkId) => !covered.has(linkId));
  const chunks = chunksOf(engine, run, linkIds, prefix, place);
  if (!run.dryRun) await engine.dueItems.putMany([...waiting, ...duesOf(engine, chunks)]);
  const added = await engine.runs.addChunks(run, message.chain, message.page, chunks);
  if (!added) return false;
  await engine.queue.send(lookMessages(chunks, message.interactive));
  return true;
}

async function detect(
  engine: Engine,
  message: DetectMessage,
  run: Run,
  context: LookContext,
  receiveCount: number,
): Promise<void> {
  const { chain: name, page } = message;
  const chain = parseChain(name);
  const before = { crm: context.crm.callCount(), erp: context.erp.callCount() };
  let found: FoundPage;
  try {
    found = await readPage(engine, context, run, chain, run.chains[name]?.from);
  } catch (failure) {
    const error = asSyncError(failure);
    if (error.kind === 'defect' && receiveCount < failPageAtReceive) throw error;
    const { connection } = context.setup;
    return detectFailed(engine, message, run, error, { connection, side: 'side' in chain ? chain.side : undefined });
  } finally {
    await engine.runs.addCounts(run.tenantId, run.id, 'none', {
      callsToCrm: context.crm.callCount() - before.crm,
      callsToErp: context.erp.callCount() - before.erp,
    });
  }
  if (message.attempt > 1) await engine.runs.noteWaiting(run.tenantId, run.id, undefined);
  if (page === 0 && chain.kind === 'changes' && !run.dryRun) {
    const failure = await engine.failures.get(run.tenantId, chainFailureId(run.connectionId, name));
    if (failure) await engine.failures.close(run.tenantId, failure.id);
  }
  if (!(await handOut(engine, message, run, found))) return;
  if (found.cursor) {
    const { side, table, value, revision } = found.cursor;
    // Moved by somebody else meanwhile: they made that page's links due, and we go on from where they are.
    await engine.cursors.store(run.tenantId, run.connectionId, side, table, value, revision);
  }
  if (found.complete) return endChain(engine, run, name);
  const from = found.cursor ? undefined : found.from;
  if (await engine.runs.advanceChain(run.tenantId, run.id, name, page, from)) {
    await engine.queue.send([detectMessage(run, name, page + 1)]);
  }
}

/** Handles one detect message. Throws only defects and storage failures: then the queue delivers it again. */
export async function detectPage(engine: Engine, message: DetectMessage, receiveCount: number): Promise<void> {
  const run = await engine.runs.get(message.tenantId, message.runId);
  if (!run || run.state === 'queued') return;
  if (hasEnded(run.state)) return passSlotOn(engine, run);
  if (receiveCount > 1)
    await engine.queue.send(lookMessages(await engine.runs.openChunks(run.tenantId, run.id), run.interactive));
  const at = run.chains[message.chain];
  if (!at) {
    // The chain has ended; what follows its end may have been lost with an earlier delivery of this message.
    if (Object.keys(run.chains).length === 0) await passSlotOn(engine, run);
    return finishIfComplete(engine, run);
  }
  if (at.page !== message.page) {
    if (receiveCount > 1) await engine.queue.send([detectMessage(run, message.chain, at.page)]);
    return;
  }
  const opened = await tryOpenContext(engine, message.tenantId, message.connectionId);
  if (!opened) return endChain(engine, run, message.chain);
  if ('context' in opened) return detect(engine, message, run, opened.context, receiveCount);
  const { setup, error, side } = opened;
  if (error.kind === 'defect' && receiveCount < failPageAtReceive) throw error;
  await detectFailed(engine, message, run, error, { connection: setup.connection, side });
}
