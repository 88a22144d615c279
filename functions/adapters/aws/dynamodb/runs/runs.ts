/**
 * Always true: a run that has ended stays as it ended, and one is done only while nothing detects and no chunk is open. A
 * crash leaves a run in the state before the write or after it. Attacked by test/contract/stores-runs-suite.ts.
 */

import { inParallel } from '../../../../core/in-parallel.ts';
import type { Runs } from '../../../../ports/runs.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import type { Table, Write } from '../../../../ports/table.ts';
import { expiryAfter, type RetentionDays } from '../set-up/retention.ts';
import { indexPartitions, keys } from '../table/keys.ts';
import { readPage } from '../table/read-page.ts';
import { textIn } from '../table/stored-item.ts';
import { countAttributes } from './counts.ts';
import { endingOf } from './ending-of.ts';
import { addChunksToRun, advanceRunChain, endRunChain } from './run-chains.ts';
import {
  addFirstChunkResult,
  addToRun,
  beginChunkTurn,
  chunkOf,
  closeRunChunk,
  endChunkTurn,
  giveChunkTurnBack,
  openChunksOf,
} from './run-chunks.ts';
import { chunkItem, getRun, readRun, runItem } from './run-items.ts';
import { enterRunSlot, releaseRunSlot, unfinishedRuns } from './run-slots.ts';
import { noteHelpedOf, noteWaitingOf } from './run-waiting.ts';
import { dropUnsentOf, noteOutOf, takeUnsentOf, unsentOf } from './unsent-chunks.ts';

/** Chunks whose results are read side by side. */
const chunksAtOnce = 8;

export function runsStore(parts: {
  readonly table: Table;
  readonly runtime: Pick<Runtime, 'now'>;
  readonly retentionDays: RetentionDays;
}): Runs {
  const { table, runtime, retentionDays } = parts;
  return {
    enterSlot: (run, slot, ifBusy) => enterRunSlot(table, run, slot, ifBusy),
    async create(run, chunks) {
      // A repeat finds the run there and leaves everything as it is.
      await table.transact([
        { put: runItem({ ...run, open: chunks.length, out: chunks.length, unsent: 0 }), when: { exists: false } },
        ...chunks.map((chunk): Write => ({ put: chunkItem(chunk) })),
      ]);
    },
    get: (tenantId, runId) => getRun(table, tenantId, runId),
    list: (tenantId, { connectionId }, page) =>
      readPage({
        table,
        ...listedBy(tenantId, connectionId),
        page,
        read: readRun,
      }),
    addChunks: (run, chain, page, chunks) => addChunksToRun(table, run, { chain, page, at: runtime.now() }, chunks),
    advanceChain: (run, chain, page, from) => advanceRunChain(table, run, { chain, page, from, at: runtime.now() }),
    endChain: (tenantId, runId, chain) => endRunChain(table, { tenantId, runId }, chain, runtime.now()),
    releaseSlot: (tenantId, connectionId, slot, runId) =>
      releaseRunSlot(table, { tenantId, connectionId, slot }, runId, runtime.now()),
    async runInSlot(tenantId, connectionId, slot) {
      const item = await table.get(keys.slot(tenantId, connectionId, slot));
      return item && textIn(item, 'running');
    },
    async getChunks(tenantId, chunks) {
      const items = await table.getMany(chunks.map(({ runId, chunkId }) => keys.chunk(tenantId, runId, chunkId)));
      return inParallel(items, chunksAtOnce, (item) => chunkOf(table, item));
    },
    async openChunks(tenantId, runId, prefix) {
      const items = await openChunksOf(table, { tenantId, runId }, prefix);
      return inParallel(items, chunksAtOnce, (item) => chunkOf(table, item));
    },
    unsentChunks: (tenantId, runId, prefix) => unsentOf(table, { tenantId, runId }, prefix),
    dropUnsent: (tenantId, runId) => dropUnsentOf(table, { tenantId, runId }),
    takeUnsent: (run) => takeUnsentOf(table, run),
    noteOut: (run, out) => noteOutOf(table, run, out),
    beginTurn: (ref, holder) => beginChunkTurn(table, ref, holder),
    giveTurnBack: (turn) => giveChunkTurnBack(table, turn),
    endTurn: (turn, found) => endChunkTurn(table, turn, found, runtime.now()),
    addFirstResult: (chunk, linkId, deltas, tallies = {}) =>
      addFirstChunkResult(table, chunk, linkId, { deltas, tallies, at: runtime.now() }),
    addCounts: (run, deltas) => addToRun(table, run, deltas),
    closeChunk: (tenantId, runId, chunkId) => closeRunChunk(table, { tenantId, runId, chunkId }, runtime.now()),
    async end(run, state, at, reason) {
      const expiresAtMs = expiryAfter(at, await retentionDays(run.tenantId));
      const { ok } = await table.transact([endingOf(run, { state, at, reason, expiresAtMs })]);
      return ok;
    },
    async endAll(run, state, counts, at) {
      const expiresAtMs = expiryAfter(at, await retentionDays(run.tenantId));
      const { ok } = await table.transact([
        { ...endingOf(run, { state, at, expiresAtMs }), add: countAttributes(counts) },
      ]);
      return ok;
    },
    async getMany(tenantId, runIds) {
      return (await table.getMany(runIds.map((runId) => keys.run(tenantId, runId)))).map(readRun);
    },
    noteHelped: (run, at) => noteHelpedOf(table, run, at),
    async dropLatent(tenantId, runId) {
      await table.write({ delete: keys.run(tenantId, runId), when: { equals: { latent: true } } });
    },
    noteWaiting: (tenantId, runId, waiting) => noteWaitingOf(table, { tenantId, runId }, waiting),
    async anyUnfinished(tenantId, connectionId) {
      const pk = indexPartitions.unfinishedRuns(tenantId, connectionId);
      return (await table.query({ pk, index: 'gsi3', limit: 1 })).items.length > 0;
    },
    unfinished: (tenantId, connectionId) => unfinishedRuns(table, tenantId, connectionId),
  };
}

function listedBy(tenantId: string, connectionId: string | undefined) {
  return connectionId === undefined
    ? { partitions: [indexPartitions.runs(tenantId)], query: { index: 'gsi1' as const, descending: true } }
    : {
        partitions: [indexPartitions.runsOfConnection(tenantId, connectionId)],
        query: { index: 'gsi2' as const, descending: true },
      };
}
