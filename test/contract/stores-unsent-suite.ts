import { expect, test } from 'vitest';
import { runsStore } from '../../functions/adapters/aws/dynamodb/runs/runs.ts';
import type { Chunk, Run, TurnFindings } from '../../functions/core/model/run.ts';
import { awaitsSending, messagesInHand, mostChunksOut as most } from '../../functions/core/timing/caps.ts';
import type { Runs } from '../../functions/ports/runs.ts';
import type { Table } from '../../functions/ports/table.ts';
import { aChunk, aRun, at, newId } from './stores-fixtures.ts';

/** The Runs port: how many chunks of a run are out, and those that wait for them. */
export function unsentSuite(on: string, tableOf: () => Table): void {
  const storesOf = (table: Table): Runs =>
    runsStore({ table, runtime: { now: () => at }, retentionDays: async () => 10 });
  const runs = () => storesOf(tableOf());
  const few = messagesInHand.connection;
  const idsOf = (chunks: readonly Chunk[] = []) => chunks.map(({ id }) => id).sort();
  const chunksOf = (run: Run, count: number, name = 'k') =>
    Array.from({ length: count }, (_, n) => aChunk(run, `${name}${String(n).padStart(2, '0')}`, [`${name}${n}`]));
  const ids = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => `k${String(from + n).padStart(2, '0')}`);
  const now = async (run: Run) => {
    const found = await runs().get(run.tenantId, run.id);
    if (!found) throw new Error('the run is there');
    return found;
  };
  const started = async (count: number) => {
    const run = aRun();
    await runs().enterSlot(run, 'sync', 'queue');
    const chunks = chunksOf(run, count);
    return { run, chunks, sent: await runs().addChunks(run, 'due', 0, chunks) };
  };
  const findings = (over: Partial<TurnFindings>): TurnFindings => ({
    unchanged: [],
    failed: [],
    recorded: false,
    counts: {},
    ...over,
  });
  const turnAt = async ({ tenantId, runId, id: chunkId }: Chunk) => {
    const turn = await runs().beginTurn({ tenantId, runId, chunkId }, newId());
    if (!turn) throw new Error('the chunk is open');
    return turn;
  };
  const close = async (chunk: Chunk) => runs().endTurn(await turnAt(chunk), findings({ unchanged: chunk.linkIds }));

  /** The table, with what others do just before the first transaction. */
  const tableAfter = (meanwhile: () => Promise<void>): Table => {
    const table = tableOf();
    let isFirst = true;
    return {
      ...table,
      transact: async (writes, token, onClash) => {
        if (isFirst) {
          isFirst = false;
          await meanwhile();
        }
        return table.transact(writes, token, onClash);
      },
    };
  };

  test(`a run has only so many chunks out, and the others stay unsent (${on})`, async () => {
    const { run, chunks, sent } = await started(most + 6);
    expect(idsOf(sent)).toEqual(ids(0, most));
    expect(await runs().unsentChunks(run.tenantId, run.id)).toEqual(new Set(ids(most, most + 6)));
    expect(await runs().unsentChunks(run.tenantId, run.id, 'k1')).toEqual(new Set(ids(10, most + 6)));
    expect(await now(run)).toMatchObject({ open: most + 6, out: most, unsent: 6 });
    // The page handled again: by one who may have died before it sent them.
    expect(idsOf(await runs().addChunks(run, 'due', 0, chunks))).toEqual(ids(0, most));
    expect(await now(run)).toMatchObject({ open: most + 6, out: most, unsent: 6 });
    expect(await runs().takeUnsent(await now(run))).toEqual([]);
  });

  test(`as chunks close the next are taken, each by one (${on})`, async () => {
    const { run, chunks } = await started(most + 3);
    const closing = chunks.slice(0, most - few);
    const after: (Run | undefined)[] = [];
    for (const chunk of closing) after.push(await close(chunk));
    expect(after.map((one) => one && awaitsSending(one))).toEqual(closing.map((_, at) => at === closing.length - 1));
    const read = await now(run);
    expect(read).toMatchObject({ open: few + 3, out: few, unsent: 3, counters: { lookedAt: closing.length } });
    const taken = await Promise.all([1, 2, 3].map(() => runs().takeUnsent(read)));
    expect(idsOf(taken.flat())).toEqual(ids(most, most + 3));
    expect(taken.flat()[0]).toMatchObject({ linkIds: [`k${most}`], pending: [`k${most}`] });
    expect(await now(run)).toMatchObject({ open: few + 3, out: few + 3, unsent: 0 });
    expect(await runs().unsentChunks(run.tenantId, run.id)).toEqual(new Set());
  });

  test(`what another took is not taken again, though as many closed meanwhile (${on})`, async () => {
    const { run, chunks } = await started(most + few);
    for (const chunk of chunks.slice(0, most - few)) await close(chunk);
    const taken: Chunk[] = [];
    const meanwhile = async () => {
      taken.push(...(await runs().takeUnsent(await now(run))));
      for (const chunk of taken) await close(chunk);
    };
    taken.push(...(await storesOf(tableAfter(meanwhile)).takeUnsent(await now(run))));
    expect(idsOf(taken)).toEqual(ids(most, most + few));
    expect(await now(run)).toMatchObject({ unsent: 0 });
  });

  test(`chunks that come while all others close are not left waiting for them (${on})`, async () => {
    const { run, chunks } = await started(most);
    const more = chunksOf(run, 3, 'm');
    const meanwhile = async () => {
      for (const chunk of chunks) await close(chunk);
    };
    const sent = await storesOf(tableAfter(meanwhile)).addChunks(run, 'due', 0, more);
    expect(idsOf(sent)).toEqual(idsOf(more));
    expect(await now(run)).toMatchObject({ open: 3, out: 3, unsent: 0 });
  });

  test(`a chunk whose links wait for their own sake gives its place up, once (${on})`, async () => {
    const { run, chunks } = await started(most + 2);
    const [first = aChunk(run, 'none', [])] = chunks;
    const turns = [await turnAt(first), await turnAt(first), await turnAt(first)];
    const ended: (Run | undefined)[] = [];
    for (const turn of turns.slice(0, 2)) ended.push(await runs().endTurn(turn, findings({ apart: true })));
    expect(ended).toMatchObject([{ out: most - 1, open: most + 2 }, undefined]);
    expect(await runs().endTurn(await turnAt(first), findings({ apart: true }))).toBeUndefined();
    expect(await now(run)).toMatchObject({ open: most + 2, out: most - 1, unsent: 2 });
    expect(await close(first)).toMatchObject({ open: most + 1, out: most - 1, counters: { lookedAt: 1 } });
  });

  test(`what a second worker found is kept where the first gave the place up meanwhile (${on})`, async () => {
    const { run } = await started(1);
    const chunk = aChunk(run, 'k01', ['l1', 'l2']);
    await runs().addChunks(run, 'due', 0, [chunk]);
    const [one, other] = [await turnAt(chunk), await turnAt(chunk)];
    await runs().endTurn(one, findings({ apart: true, unchanged: ['l1'], counts: { callsToErp: 1 } }));
    await runs().endTurn(other, findings({ apart: true, counts: { callsToErp: 2 } }));
    const last = await runs().endTurn(await turnAt(chunk), findings({ unchanged: ['l2'] }));
    expect(last).toMatchObject({ open: 1, out: 1, counters: { lookedAt: 2, callsToErp: 3 } });
  });

  test(`how many are out is noted of a run that stands as it was read (${on})`, async () => {
    const { run, chunks } = await started(most + 2);
    const read = await now(run);
    expect(await runs().noteOut(read, 3)).toMatchObject({ out: 3 });
    expect(await now(run)).toMatchObject({ out: 3, unsent: 2, open: most + 2 });
    // As others read it before.
    expect(await runs().noteOut(read, 5)).toMatchObject({ out: most });
    expect(await now(run)).toMatchObject({ out: 3 });
    const { out: _none, ...uncounted } = await now(run);
    expect(await runs().noteOut(uncounted, 5)).not.toHaveProperty('out');
    for (const chunk of chunks.slice(0, most)) await close(chunk);
    await runs().end(run, 'cancelled', at);
    expect(await runs().noteOut(await now(run), 1)).not.toMatchObject({ out: 1 });
  });

  test(`of a run that has ended nothing is taken, and what was not sent is let go (${on})`, async () => {
    const { run, chunks } = await started(most + 5);
    for (const chunk of chunks.slice(0, most - 1)) await close(chunk);
    const before = await now(run);
    await runs().end(run, 'cancelled', at);
    expect(await runs().takeUnsent(before)).toEqual([]);
    await Promise.all([1, 2].map(() => runs().dropUnsent(run.tenantId, run.id)));
    expect(await now(run)).toMatchObject({ open: 1, unsent: 0 });
    expect(await runs().openChunks(run.tenantId, run.id)).toHaveLength(1);
    expect(await runs().unsentChunks(run.tenantId, run.id)).toEqual(new Set());
  });
}
