/**
 * Turns at chunks, and their end. Always true: closing adds each link's result to the run once, with the chunk's end, in one
 * transaction. A worker that was alone at its chunk knows that nobody can add to a result any more; else, and where an
 * intent is left, closing marks each result as summed, on condition that it is as read, and what is counted later goes to
 * the run. A crash leaves the chunk open, with the turn of the dead: the message comes again, and closing marks all. Attacked
 * by test/contract/stores-runs-suite.ts, test/crash/ and test/property/engine.test.ts.
 */

import { SyncError } from '../../../../core/errors.ts';
import { addTallies, type Tallies } from '../../../../core/model/proposal.ts';
import {
  addCounts,
  type Chunk,
  type ChunkRef,
  type ChunkTurn,
  type CounterDeltas,
  noCounts,
  type Run,
  type RunRef,
  type TurnFindings,
} from '../../../../core/model/run.ts';
import type { Condition, Item, Table, Write } from '../../../../ports/table.ts';
import { keys, partitions, sortKeys } from '../table/keys.ts';
import { readWhole } from '../table/read-page.ts';
import { membersIn, numberIn, storedItem } from '../table/stored-item.ts';
import {
  type ChunkResults,
  countsOfFindings,
  findingsItem,
  hasResult,
  noResults,
  type Result,
  readResults,
  resultWrite,
  sumOfLink,
  withFindings,
} from './chunk-results.ts';
import { countAttributes, countersOf, runCounts, tallyAttributes } from './counts.ts';
import { getRun, readChunk } from './run-items.ts';

const mostTries = 10;
/** Marks are needed while their run detects. */
const markLifeMs = 86_400_000;

const refOf = ({ tenantId, runId, id: chunkId }: Chunk): ChunkRef => ({ tenantId, runId, chunkId });

export async function chunkOf(table: Table, item: Item): Promise<Chunk> {
  const whole = readChunk(item, () => false);
  const results = numberIn(item, 'turns') > 0 ? await readResults(table, refOf(whole)) : noResults;
  return { ...whole, pending: whole.linkIds.filter((linkId) => !hasResult(results, linkId)) };
}

export async function openChunksOf(table: Table, { tenantId, runId }: RunRef, prefix = ''): Promise<Item[]> {
  return readWhole(table, { pk: partitions.chunks(tenantId, runId), prefix: sortKeys.chunkPrefix(prefix) });
}

export async function beginChunkTurn(table: Table, ref: ChunkRef, holder: string): Promise<ChunkTurn | undefined> {
  const key = keys.chunk(ref.tenantId, ref.runId, ref.chunkId);
  const begun = await table.write({
    update: key,
    add: { turns: 1 },
    addMembers: { holders: [holder] },
    when: { exists: true },
  });
  if (!begun.ok || !begun.item) return undefined;
  const { item } = begun;
  const turns = numberIn(item, 'turns');
  // Nobody was at it before: nobody has added anything.
  const results = turns === 1 ? noResults : await readResults(table, ref);
  const chunk = readChunk(item, (linkId) => hasResult(results, linkId));
  return { chunk, holder, turns, alone: membersIn(item, 'holders').size === 1, counted: countersOf(item) };
}

/** `turns` stays, so that whoever reads the chunk meanwhile cannot take another turn for this one. */
export async function giveChunkTurnBack(table: Table, { chunk, holder }: ChunkTurn): Promise<void> {
  const { tenantId, runId, id } = chunk;
  await table.write({
    update: keys.chunk(tenantId, runId, id),
    dropMembers: { holders: [holder] },
    when: { exists: true },
  });
}

export async function endChunkTurn(
  table: Table,
  turn: ChunkTurn,
  found: TurnFindings,
  at: string,
): Promise<Run | undefined> {
  const ref = refOf(turn.chunk);
  const stored = turn.turns === 1 && turn.alone && !found.recorded ? noResults : await readResults(table, ref);
  const own = findingsItem(ref, turn.holder, found, at);
  const results = withFindings(stored, own);
  if (turn.chunk.linkIds.every((linkId) => hasResult(results, linkId)))
    return closeAfterTurn(table, turn, own, results, at);
  if (found.apart && !turn.chunk.apart && (await leave(table, turn, own, 'apart'))) {
    return await getRun(table, ref.tenantId, ref.runId);
  }
  if (!(await leave(table, turn, own))) await addToRun(table, ref, found.counts);
  return undefined;
}

/**
 * Puts down what the turn found, for whoever closes the chunk; `apart`: and gives its place up. False = somebody has closed
 * it, or given its place up: nothing was put down.
 */
async function leave(table: Table, { chunk, holder }: ChunkTurn, own: Item, as?: 'apart'): Promise<boolean> {
  const ref = refOf(chunk);
  const givesPlace: Write[] = [{ update: keys.run(ref.tenantId, ref.runId), add: { out: -1 }, when: { exists: true } }];
  const { ok } = await table.transact([
    {
      update: keys.chunk(ref.tenantId, ref.runId, ref.chunkId),
      set: as && { apart: true },
      add: { turns: 1 },
      dropMembers: { holders: [holder] },
      when: { exists: true, absent: as && ['apart'] },
    },
    { put: own },
    ...(as ? givesPlace : []),
  ]);
  return ok;
}

export async function addToRun(table: Table, run: RunRef, counts: CounterDeltas): Promise<void> {
  if (Object.keys(countAttributes(counts)).length > 0) await table.transact([runCounts(run, counts)]);
}

/** Nobody else has had a turn since this one began, so nobody adds to a result but whoever settles an intent. */
async function closeAfterTurn(
  table: Table,
  turn: ChunkTurn,
  own: Item,
  results: ChunkResults,
  at: string,
): Promise<Run | undefined> {
  if (turn.alone) {
    const outcome = await sumUp(table, turn.chunk, results, {
      at,
      unless: { equals: { turns: turn.turns } },
      marks: 'needed',
      more: turn.counted,
    });
    if (outcome !== 'again') return outcome;
  }
  if (!(await leave(table, turn, own))) await addToRun(table, refOf(turn.chunk), countersOf(own));
  return closeRunChunk(table, refOf(turn.chunk), at);
}

/** `turns` goes up with every turn that begins, and with every one that leaves its findings. */
function asRead(chunk: Item): Condition {
  // What an earlier version stored has none.
  return chunk.turns === undefined
    ? { exists: true, absent: ['turns'] }
    : { equals: { turns: numberIn(chunk, 'turns') } };
}

/** Closes a chunk as it is, whoever is at it. */
export async function closeRunChunk(table: Table, ref: ChunkRef, at: string): Promise<Run | undefined> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const item = await table.get(keys.chunk(ref.tenantId, ref.runId, ref.chunkId));
    if (!item) return await getRun(table, ref.tenantId, ref.runId);
    const results = await readResults(table, ref);
    const chunk = readChunk(item, () => false);
    const outcome = await sumUp(table, chunk, results, {
      at,
      unless: asRead(item),
      marks: 'all',
      more: countersOf(item),
    });
    if (outcome !== 'again') return outcome;
  }
  throw new SyncError('transient', `Chunk ${ref.chunkId} of run ${ref.runId} is being changed all the time.`);
}

interface SummingUp {
  readonly at: string;
  /** Of the chunk: else it is read again. */
  readonly unless: Condition;
  readonly marks: 'all' | 'needed';
  /** What an earlier version counted in the chunk itself. */
  readonly more?: CounterDeltas;
}

async function sumUp(
  table: Table,
  chunk: Chunk,
  results: ChunkResults,
  { at, unless, marks, more = {} }: SummingUp,
): Promise<Run | 'again' | undefined> {
  const ref = refOf(chunk);
  const sums = chunk.linkIds.flatMap((linkId) => sumOfLink({ ...ref, linkId }, results, at) ?? []);
  const total = [countsOfFindings(results), more, ...sums.map(({ counts }) => counts)].reduce<CounterDeltas>(
    addCounts,
    noCounts(),
  );
  const tallies = sums.map((sum) => sum.tallies).reduce(addTallies, {});
  const chunkKey = keys.chunk(ref.tenantId, ref.runId, ref.chunkId);
  const outcome = await table.transact([
    { delete: chunkKey, when: unless },
    {
      update: keys.run(ref.tenantId, ref.runId),
      set: { lastProgressAt: at },
      add: { ...countAttributes(total), ...tallyAttributes(tallies), open: -1, ...(!chunk.apart && { out: -1 }) },
      when: { exists: true },
    },
    ...sums.flatMap(({ mark, needsMark }): Write[] => (marks === 'all' || needsMark ? [mark()] : [])),
  ]);
  if (outcome.ok) return await getRun(table, ref.tenantId, ref.runId);
  if (!outcome.failed.includes(1) || outcome.failed.includes(0)) return 'again';
  // The run is gone.
  await table.write({ delete: chunkKey });
  return undefined;
}

/** With a mark per run and link: who finds it there has the link counted already, and only gives it its result. */
export async function addFirstChunkResult(
  table: Table,
  chunk: Chunk,
  linkId: string,
  { deltas, tallies, at }: { readonly deltas: CounterDeltas; readonly tallies: Tallies; readonly at: string },
): Promise<void> {
  const key = keys.planned(chunk.tenantId, chunk.runId, linkId);
  const of = { ...refOf(chunk), linkId };
  const result = (counted: Pick<Result, 'deltas' | 'tallies' | 'uncounted'>): Write[] => {
    const write = resultWrite(of, { ...counted, ends: true, leavesIntent: false, at });
    return write ? [counted.uncounted ? { ...write, when: { exists: false } } : write] : [];
  };
  if (!(await table.get(key))) {
    const mark = storedItem({ type: 'planned', key, expiresAtMs: Date.parse(chunk.sentAt) + markLifeMs }, { linkId });
    const outcome = await table.transact([
      { put: mark, when: { exists: false } },
      ...result({ deltas, tallies, uncounted: false }),
    ]);
    if (outcome.ok || !outcome.failed.includes(0)) return;
  }
  await table.transact(result({ deltas: {}, uncounted: true }));
}
