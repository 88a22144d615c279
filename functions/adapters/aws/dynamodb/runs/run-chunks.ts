/**
 * Always true: every count is in exactly one place, its chunk or its run. Closing moves the sums in one transaction, on
 * condition that it saw the chunk's last change; what comes later goes to the run. A crash may leave a chunk with nothing
 * pending: whoever meets it closes it. Attacked by test/contract/stores-runs-suite.ts and test/property/engine.test.ts.
 */

import { SyncError } from '../../../../core/errors.ts';
import {
  addCounts,
  type Chunk,
  type ChunkRef,
  type CounterDeltas,
  type Run,
  type RunRef,
} from '../../../../core/model/run.ts';
import type { Table, Write } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { membersIn, numberIn, storedItem } from '../table/stored-item.ts';
import { chunkCounts, countAttributes, countersOf, runCounts } from './counts.ts';
import { getRun } from './run-items.ts';

const mostTries = 10;
/** Longer than a worker may still be at a link. */
const letGoLifeMs = 30 * 86_400_000;
/** Marks are needed while their run detects. */
const markLifeMs = 86_400_000;

export async function closeRunChunk(table: Table, ref: ChunkRef, at: string): Promise<Run | undefined> {
  const { tenantId, runId, chunkId } = ref;
  const key = keys.chunk(tenantId, runId, chunkId);
  for (let tries = 0; tries < mostTries; tries += 1) {
    const item = await table.get(key);
    if (!item) return await getRun(table, tenantId, runId);
    const unchanged = { equals: { changes: numberIn(item, 'changes') } };
    const pending = [...membersIn(item, 'pending')];
    const [changed = [], others = []] = [true, false].map((isChanged) =>
      pending.filter((linkId) => membersIn(item, 'changed-links').has(linkId) === isChanged),
    );
    // What was changed was looked at, even if it has no result.
    const counters = addCounts(countersOf(item), { lookedAt: changed.length });
    const outcome = await table.transact([
      { delete: key, when: unchanged },
      {
        update: keys.run(tenantId, runId),
        set: { lastProgressAt: at },
        add: { ...countAttributes(counters), open: -1 },
        when: { exists: true },
      },
      ...letGoMarks(ref, others, at),
    ]);
    if (outcome.ok) return await getRun(table, tenantId, runId);
    if (!outcome.failed.includes(0)) {
      await table.write({ delete: key, when: unchanged });
      return undefined;
    }
  }
  throw new SyncError('transient', `Chunk ${chunkId} of run ${runId} is being changed all the time.`);
}

/** For links without a result: what a worker still finds of one is counted as looked at then. */
function letGoMarks({ tenantId, runId }: RunRef, linkIds: readonly string[], at: string): Write[] {
  const expiresAtMs = Date.parse(at) + letGoLifeMs;
  return linkIds.map((linkId) => ({
    put: storedItem({ type: 'let-go', key: keys.letGo(tenantId, runId, linkId), expiresAtMs }, {}),
  }));
}

/** With a mark per run and link: who finds it there has the link counted already, and only takes it out of the chunk. */
export async function addFirstChunkResult(
  table: Table,
  chunk: Chunk,
  linkId: string,
  deltas: CounterDeltas,
): Promise<boolean> {
  const key = keys.planned(chunk.tenantId, chunk.runId, linkId);
  if (await table.get(key)) return await addChunkResults(table, chunk, { linkIds: [linkId], deltas: {} });
  const mark = storedItem({ type: 'planned', key, expiresAtMs: Date.parse(chunk.sentAt) + markLifeMs }, { linkId });
  const besides: Write[] = [{ put: mark, when: { exists: false } }];
  return await addChunkResults(table, chunk, { linkIds: [linkId], deltas, besides });
}

interface ChunkResults {
  readonly linkIds: readonly string[];
  readonly deltas: CounterDeltas;
  /** Written in the same transaction; where their condition fails, the results are added without counts. */
  readonly besides?: readonly Write[];
}

export async function addChunkResults(
  table: Table,
  chunk: Chunk,
  { linkIds, deltas, besides = [] }: ChunkResults,
): Promise<boolean> {
  const key = keys.chunk(chunk.tenantId, chunk.runId, chunk.id);
  for (let tries = 0; tries < mostTries; tries += 1) {
    const item = await table.get(key);
    const pending = item ? membersIn(item, 'pending') : new Set<string>();
    if (!item || !linkIds.every((linkId) => pending.has(linkId))) return false;
    const outcome = await table.transact([
      {
        update: key,
        add: { ...countAttributes(deltas), changes: 1 },
        dropMembers: linkIds.length > 0 ? { pending: linkIds } : undefined,
        when: { equals: { changes: numberIn(item, 'changes') } },
      },
      ...besides,
    ]);
    if (outcome.ok) return true;
    if (outcome.failed.some((position) => position > 0)) {
      return await addChunkResults(table, chunk, { linkIds, deltas: {} });
    }
  }
  throw new SyncError('transient', `Chunk ${chunk.id} of run ${chunk.runId} is being changed all the time.`);
}

/** Counts to an open chunk, else to the run. */
export async function addCounted(
  table: Table,
  { tenantId, runId, chunkId }: RunRef & Partial<ChunkRef>,
  deltas: CounterDeltas,
): Promise<void> {
  if (Object.keys(countAttributes(deltas)).length === 0) return;
  if (chunkId !== undefined) {
    const { ok } = await table.transact([chunkCounts({ tenantId, runId, chunkId }, deltas, {})]);
    if (ok) return;
  }
  await table.transact([runCounts({ tenantId, runId }, deltas)]);
}
