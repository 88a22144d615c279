import { type DueItem, dueOf } from '../../core/model/due.ts';
import { type Chunk, noCounts, type Run } from '../../core/model/run.ts';
import type { LookMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';

/** Links of one message: takes seconds to look at, and one poisoned record delays few neighbours. */
export const linksPerChunk = 25;

export interface ChunkPlace {
  readonly lane: Run['lane'];
  readonly interactive: boolean;
}

/** Chunk ids are made from where their links were found, so that a page handled twice makes the same chunks. */
export function chunksOf(
  engine: Engine,
  run: Run,
  linkIds: readonly string[],
  prefix: string,
  place: ChunkPlace,
): Chunk[] {
  const sentAt = new Date(engine.runtime.nowMs()).toISOString();
  const chunks: Chunk[] = [];
  for (let at = 0; at < linkIds.length; at += linksPerChunk) {
    chunks.push({
      tenantId: run.tenantId,
      runId: run.id,
      id: `${prefix}.${at / linksPerChunk}`,
      connectionId: run.connectionId,
      pending: linkIds.slice(at, at + linksPerChunk),
      counters: noCounts(),
      lane: place.lane,
      sentAt,
    });
  }
  return chunks;
}

/** A fresh due item for every link of the chunks; written before the chunks, so that nothing after it can lose the change. */
export function duesOf(engine: Engine, chunks: readonly Chunk[]): DueItem[] {
  return chunks.flatMap(({ tenantId, connectionId, runId, id, pending }) =>
    pending.map((linkId) =>
      dueOf({ tenantId, connectionId, id: linkId }, engine.runtime.newId(), { runId, chunkId: id }),
    ),
  );
}

export function lookMessages(chunks: readonly Chunk[], interactive: boolean): LookMessage[] {
  return chunks
    .filter((chunk) => chunk.pending.length > 0)
    .map((chunk) => ({
      kind: 'look',
      tenantId: chunk.tenantId,
      connectionId: chunk.connectionId,
      runId: chunk.runId,
      lane: chunk.lane,
      interactive,
      attempt: 1,
      chunkId: chunk.id,
      linkIds: chunk.pending,
    }));
}
