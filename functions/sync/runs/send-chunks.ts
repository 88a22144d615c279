/**
 * Chunks, their due items and their messages. Always true: a page handled twice makes the same chunks, for their ids come
 * from where their links were detected; due items are fresh each time. A crash may leave chunks without a message: their
 * run is helped on with the same messages again. Attacked by test/crash/every-port-call.test.ts.
 */

import { batches } from '../../core/batches.ts';
import { type DueItem, dueOf } from '../../core/model/due.ts';
import { type Chunk, mostLinksOfChunk, type Run } from '../../core/model/run.ts';
import { awaitsSending } from '../../core/timing/caps.ts';
import type { Lane } from '../../core/timing/lanes.ts';
import type { DetectMessage, LookMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';
import { isPassing } from './passing.ts';

/** What somebody waits for is spread over more workers. */
const linksOfInteractiveChunk = 25;

interface LinksToSend {
  readonly linkIds: readonly string[];
  readonly prefix: string;
  readonly lane: Lane;
  readonly attempt?: number;
}

/** Chunk ids are made from where their links were detected, so that a page handled twice makes the same chunks. */
export function chunksOf(engine: Engine, run: Run, { linkIds, prefix, lane, attempt }: LinksToSend): Chunk[] {
  const sentAt = engine.runtime.now();
  const most = run.interactive ? linksOfInteractiveChunk : mostLinksOfChunk;
  return batches(linkIds, most).map((ids, at) => ({
    tenantId: run.tenantId,
    runId: run.id,
    id: `${prefix}.${at}`,
    connectionId: run.connectionId,
    linkIds: ids,
    pending: ids,
    lane,
    attempt,
    sentAt,
  }));
}

/** A fresh due item for every link of the chunks; written before the chunks, so that nothing after it can lose the change. */
export function duesOf(engine: Engine, chunks: readonly Chunk[]): DueItem[] {
  return chunks.flatMap(({ tenantId, connectionId, runId, id, pending }) =>
    pending.map((linkId) =>
      dueOf({ tenantId, connectionId, id: linkId }, engine.runtime.newId(), { runId, chunkId: id }),
    ),
  );
}

export function lookMessages(
  chunks: readonly Chunk[],
  { interactive, passing }: Pick<LookMessage, 'interactive' | 'passing'>,
): LookMessage[] {
  return chunks
    .filter((chunk) => chunk.pending.length > 0)
    .map((chunk) => ({
      kind: 'look',
      tenantId: chunk.tenantId,
      connectionId: chunk.connectionId,
      runId: chunk.runId,
      lane: chunk.lane,
      interactive,
      attempt: chunk.attempt ?? 1,
      chunkId: chunk.id,
      ...(passing && { passing }),
      linkIds: chunk.pending,
    }));
}

/** What the ids of all chunks of a page begin with. */
export function pageOf({ chain, page }: Pick<DetectMessage, 'chain' | 'page'>): string {
  return `${chain.replace(':', '.')}.${page}-`;
}

/**
 * Sends the messages of a run's open chunks once more, all or those of a page, and answers the chunks: what is asked for
 * twice is done once.
 */
export async function resendChunks(engine: Engine, run: Run, page?: string): Promise<readonly Chunk[]> {
  const chunks = await sentChunks(engine, run, page);
  await engine.queue.send(lookMessages(chunks, { interactive: run.interactive, passing: isPassing(run) }));
  return chunks;
}

async function sentChunks(engine: Engine, run: Run, page?: string): Promise<readonly Chunk[]> {
  const [open, unsent] = await Promise.all([
    engine.runs.openChunks(run.tenantId, run.id, page),
    engine.runs.unsentChunks(run.tenantId, run.id, page),
  ]);
  return open.filter(({ id }) => !unsent.has(id));
}

/** Sends the messages of those once more that another may have taken and died before it sent them: none of them has waited yet. */
export async function resendTaken(engine: Engine, run: Run): Promise<void> {
  const chunks = (await sentChunks(engine, run)).filter(({ apart }) => !apart);
  await engine.queue.send(lookMessages(chunks, { interactive: run.interactive, passing: isPassing(run) }));
}

/** Sends what waits for others of its run, once few enough of them are out. Safe at any time and twice. */
export async function sendNext(engine: Engine, run: Run): Promise<void> {
  if (run.state !== 'running' || !awaitsSending(run)) return;
  const chunks = await engine.runs.takeUnsent(run);
  await engine.queue.send(lookMessages(chunks, { interactive: run.interactive, passing: isPassing(run) }));
}
