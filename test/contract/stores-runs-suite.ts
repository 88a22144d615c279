import { expect, test } from 'vitest';
import { runsStore } from '../../functions/adapters/aws/dynamodb/runs/runs.ts';
import type { Chunk, Run, TurnFindings } from '../../functions/core/model/run.ts';
import type { Table } from '../../functions/ports/table.ts';
import { aChunk, aRun, at, newId } from './stores-fixtures.ts';

/** The Runs port: slots, chains, chunks, exact counts. */
export function runsSuite(on: string, tableOf: () => Table): void {
  const now = '2026-11-23T09:00:00.000Z';
  const storesOf = (table: Table) => runsStore({ table, runtime: { now: () => now }, retentionDays: async () => 10 });
  const runs = () => storesOf(tableOf());
  const slot = 'sync';
  const begin = ({ tenantId, runId, id: chunkId }: Chunk, holder: string) =>
    runs().beginTurn({ tenantId, runId, chunkId }, holder);
  const found = (over: Partial<TurnFindings>): TurnFindings => ({
    unchanged: [],
    failed: [],
    recorded: false,
    counts: {},
    ...over,
  });
  const chunkNow = async ({ tenantId, runId, id }: Chunk) =>
    (await runs().getChunks(tenantId, [{ runId, chunkId: id }])).at(0);
  const release = (run: Run) => runs().releaseSlot(run.tenantId, run.connectionId, slot, run.id);

  test(`a run with its chunks is complete at once, and creating it again changes nothing (${on})`, async () => {
    const run = aRun({ chains: {} });
    const chunks = Array.from({ length: 50 }, (_, n) => aChunk(run, `k${n}`, ['l1', 'l2']));
    await runs().create(run, chunks);
    await runs().closeChunk(run.tenantId, run.id, 'k0');
    await runs().create(run, chunks);
    expect(await runs().get(run.tenantId, run.id)).toMatchObject({ ...run, open: 49, lastProgressAt: now });
    expect(await runs().openChunks(run.tenantId, run.id)).toHaveLength(49);
    const names = [
      { runId: run.id, chunkId: 'k0' },
      { runId: run.id, chunkId: 'k2' },
    ];
    expect(await runs().getChunks(run.tenantId, names)).toEqual([chunks[2]]);
  });

  test(`one run at a time is in the slot, one waits, every later one is answered with the waiting one (${on})`, async () => {
    const tenantId = newId();
    const made = Array.from({ length: 5 }, () => aRun({ tenantId }));
    const started = await Promise.all(made.map((run) => runs().enterSlot(run, slot, 'queue')));
    const running = started.filter((run) => run?.state === 'running');
    expect(running).toHaveLength(1);
    expect(new Set(started.map((run) => run?.id)).size).toBe(2);
    expect(await runs().runInSlot(tenantId, 'c1', slot)).toBe(running[0]?.id);
    expect(await runs().enterSlot(aRun({ tenantId }), slot, 'skip')).toBeUndefined();
    expect(await runs().enterSlot(aRun({ tenantId }), 'compare', 'skip')).toMatchObject({ state: 'running' });
  });

  test(`entering a slot again answers the run as it is (${on})`, async () => {
    const run = aRun();
    const first = await runs().enterSlot(run, slot, 'queue');
    expect(first).toMatchObject({ id: run.id, state: 'running', startedAt: at });
    expect(await runs().enterSlot(run, slot, 'queue')).toEqual(first);
    await release(run);
    expect(await runs().enterSlot(run, slot, 'queue')).toEqual(first);
    expect(await runs().runInSlot(run.tenantId, 'c1', slot)).toBeUndefined();
  });

  test(`giving the slot up promotes the waiting run, and a repeat names it again (${on})`, async () => {
    const run = aRun();
    const waiting = aRun({ tenantId: run.tenantId, latent: true });
    await runs().enterSlot(run, slot, 'queue');
    expect(await runs().enterSlot(waiting, slot, 'queue')).toMatchObject({ id: waiting.id, state: 'queued' });
    const promoted = await release(run);
    expect(promoted).toMatchObject({ id: waiting.id, state: 'running', startedAt: now, chains: waiting.chains });
    expect(await release(run)).toEqual(promoted);
    expect(await runs().runInSlot(run.tenantId, 'c1', slot)).toBe(waiting.id);
    expect(await release(waiting)).toBeUndefined();
    expect(await release(waiting)).toBeUndefined();
    expect(await release(run)).toBeUndefined();
    expect(await runs().runInSlot(run.tenantId, 'c1', slot)).toBeUndefined();
  });

  test(`a waiting run that was cancelled is neither promoted nor answered (${on})`, async () => {
    const run = aRun();
    const waiting = aRun({ tenantId: run.tenantId });
    await runs().enterSlot(run, slot, 'queue');
    await runs().enterSlot(waiting, slot, 'queue');
    expect(await runs().end(waiting, 'cancelled', at)).toBe(true);
    const next = aRun({ tenantId: run.tenantId });
    expect(await runs().enterSlot(next, slot, 'queue')).toMatchObject({ id: next.id, state: 'queued' });
    await runs().end(next, 'cancelled', at);
    expect(await release(run)).toBeUndefined();
    expect(await runs().runInSlot(run.tenantId, 'c1', slot)).toBeUndefined();
  });

  test(`chunks are added once at the chain's page, even after one was closed (${on})`, async () => {
    const run = aRun();
    await runs().enterSlot(run, slot, 'queue');
    const [one, two] = [aChunk(run, 'k1', ['l1']), aChunk(run, 'k2', ['l2'])];
    expect(await runs().addChunks(run, 'due', 0, [one])).toEqual([one]);
    const turn = await begin(one, 'w1');
    if (turn) await runs().endTurn(turn, found({ unchanged: ['l1'] }));
    const both = await Promise.all([one, one].map((again) => runs().addChunks(run, 'due', 0, [again, two])));
    // Those too that another has added: it may have died before it sent them.
    expect(both).toEqual([
      [one, two],
      [one, two],
    ]);
    expect(await runs().get(run.tenantId, run.id)).toMatchObject({ open: 1, counters: { lookedAt: 1 } });
    expect(await runs().openChunks(run.tenantId, run.id)).toEqual([two]);
    expect(await runs().addChunks(run, 'due', 1, [aChunk(run, 'k3', ['l3'])])).toBeUndefined();
    expect(await runs().addChunks(run, 'unknown', 0, [aChunk(run, 'k3', ['l3'])])).toBeUndefined();
    await runs().end(run, 'cancelled', at);
    expect(await runs().addChunks(run, 'due', 0, [aChunk(run, 'k3', ['l3'])])).toBeUndefined();
  });

  test(`a chain goes from page to page once, remembers where the page starts, and ends once (${on})`, async () => {
    const run = aRun();
    await runs().enterSlot(run, slot, 'queue');
    const advance = (page: number, from?: string) => runs().advanceChain(run, 'due', page, from);
    expect(await advance(0, 'here')).toBe(true);
    expect(await advance(0, 'there')).toBe(false);
    expect((await runs().get(run.tenantId, run.id))?.chains.due).toEqual({ page: 1, from: 'here' });
    expect(await advance(1)).toBe(true);
    const ended = await runs().endChain(run.tenantId, run.id, 'due');
    expect(ended?.chains).toEqual({ 'erp:party.party': { page: 0 } });
    expect(await runs().endChain(run.tenantId, run.id, 'due')).toEqual(ended);
    expect(await advance(2)).toBe(false);
    expect(await runs().endChain(run.tenantId, 'never', 'due')).toBeUndefined();
    expect(await runs().get(run.tenantId, 'never')).toBeUndefined();
  });

  test(`a run is done only when nothing detects and nothing is open (${on})`, async () => {
    const run = aRun({ chains: { due: { page: 0 } } });
    await runs().enterSlot(run, slot, 'queue');
    await runs().addChunks(run, 'due', 0, [aChunk(run, 'k1', ['l1'])]);
    expect(await runs().end(run, 'done', at)).toBe(false);
    await runs().endChain(run.tenantId, run.id, 'due');
    expect(await runs().end(run, 'done', at)).toBe(false);
    await runs().closeChunk(run.tenantId, run.id, 'k1');
    expect(await runs().end(run, 'done-with-failures', at, 'no-progress')).toBe(true);
    expect(await runs().end(run, 'cancelled', at)).toBe(false);
    expect(await runs().get(run.tenantId, run.id)).toMatchObject({
      state: 'done-with-failures',
      endedAt: at,
      reason: 'no-progress',
    });
    expect(await runs().unfinished(run.tenantId, 'c1')).toEqual([]);
  });

  test(`a turn that leaves links without a result keeps the chunk open for them, the next one closes it (${on})`, async () => {
    const run = aRun({ chains: {} });
    const chunk = aChunk(run, 'k1', ['l1', 'l2', 'l3']);
    await runs().create(run, [chunk]);
    const first = await begin(chunk, 'w1');
    expect(first).toMatchObject({ chunk: { pending: ['l1', 'l2', 'l3'] }, turns: 1, alone: true });
    if (first) {
      const left = found({ unchanged: ['l1'], failed: ['l2'], counts: { callsToErp: 2 } });
      expect(await runs().endTurn(first, left)).toBeUndefined();
    }
    expect((await runs().get(run.tenantId, run.id))?.open).toBe(1);
    expect(await chunkNow(chunk)).toMatchObject({ pending: ['l3'] });
    const second = await begin(chunk, 'w2');
    expect(second).toMatchObject({ chunk: { pending: ['l3'] }, turns: 3, alone: true });
    const after = second && (await runs().endTurn(second, found({ unchanged: ['l3'], counts: { callsToErp: 1 } })));
    expect(after).toMatchObject({ open: 0, counters: { lookedAt: 3, failed: 1, callsToErp: 3 } });
    expect(await begin(chunk, 'w3')).toBeUndefined();
    expect(await runs().closeChunk(run.tenantId, run.id, 'k1')).toEqual(after);
    expect(await runs().get(run.tenantId, run.id)).toEqual(after);
  });

  test(`a turn given back is nobody's, and leaves the turns of others and what they found (${on})`, async () => {
    const run = aRun({ chains: {} });
    const chunk = aChunk(run, 'k1', ['l1', 'l2']);
    await runs().create(run, [chunk]);
    const [first, back] = [await begin(chunk, 'w1'), await begin(chunk, 'w2')];
    if (!first || !back) throw new Error('the chunk is open');
    expect(await runs().endTurn(first, found({ unchanged: ['l1'] }))).toBeUndefined();
    await runs().giveTurnBack(back);
    await runs().giveTurnBack(back);
    const last = await begin(chunk, 'w3');
    expect(last).toMatchObject({ chunk: { pending: ['l2'] }, alone: true });
    const after = last && (await runs().endTurn(last, found({ unchanged: ['l2'] })));
    expect(after).toMatchObject({ open: 0, counters: { lookedAt: 2 } });
    await runs().giveTurnBack(back);
    expect(await chunkNow(chunk)).toBeUndefined();
  });

  test(`a chunk closes once and its sums are counted once, however many are at it (${on})`, async () => {
    const run = aRun({ chains: {} });
    const chunk = aChunk(run, 'k1', ['l1', 'l2', 'l3']);
    await runs().create(run, [chunk]);
    const turns = [await begin(chunk, 'w1'), await begin(chunk, 'w2'), await begin(chunk, 'w3')];
    expect(turns.map((turn) => turn?.alone)).toEqual([true, false, false]);
    const all = found({ unchanged: ['l1', 'l2', 'l3'], counts: { callsToErp: 1 } });
    await Promise.all([
      ...turns.map((turn) => turn && runs().endTurn(turn, all)),
      runs().closeChunk(run.tenantId, run.id, 'k1'),
    ]);
    const after = await runs().get(run.tenantId, run.id);
    expect(after).toMatchObject({ open: 0, counters: { callsToErp: 3 } });
    expect([0, 3]).toContain(after?.counters.lookedAt);
  });

  test(`a chunk with the ids of an earlier version's is read and closed with what was counted in it (${on})`, async () => {
    const run = aRun({ chains: {} });
    const chunk = aChunk(run, 'k1', []);
    await runs().create(run, [chunk]);
    const key = { pk: `${run.tenantId}#run#${run.id}`, sk: 'chunk#k1' };
    await tableOf().write({
      update: key,
      set: { pending: new Set(['l9']), 'count-lookedAt': 4 },
      remove: ['linkIds', 'turns'],
    });
    expect(await runs().openChunks(run.tenantId, run.id)).toMatchObject([{ id: 'k1', pending: ['l9'] }]);
    const turn = await begin(chunk, 'w1');
    const after = turn && (await runs().endTurn(turn, found({ unchanged: ['l9'] })));
    expect(after).toMatchObject({ open: 0, counters: { lookedAt: 5 } });
  });

  test(`the ids of a chunk are kept as they are, alike or not (${on})`, async () => {
    const run = aRun({ chains: {} });
    const alike = Array.from({ length: 40 }, (_, n) => `01KAW9${'0'.repeat(40)}${n}`);
    const linkIds = ['01KAW9ZZZZ', '01KAW9ZZZY', 'x', '', '01', ...alike].filter((id) => id !== '');
    const chunk = aChunk(run, 'k1', linkIds);
    await runs().create(run, [chunk]);
    expect((await chunkNow(chunk))?.linkIds).toEqual(linkIds);
  });

  test(`the chunks of one page are found by what their ids begin with (${on})`, async () => {
    const run = aRun({ chains: {} });
    await runs().create(run, [aChunk(run, 'due.1-d.0', ['l1']), aChunk(run, 'due.10-d.0', ['l2'])]);
    expect((await runs().openChunks(run.tenantId, run.id, 'due.1-')).map(({ id }) => id)).toEqual(['due.1-d.0']);
  });

  test(`a link that two chunks of a dry run hold is counted once, and has its result in both (${on})`, async () => {
    const run = aRun();
    const [one, two] = [aChunk(run, 'k1', ['l1']), aChunk(run, 'k2', ['l1'])];
    await runs().create(run, [one, two]);
    await Promise.all([one, two, one].map((chunk) => runs().addFirstResult(chunk, 'l1', { changed: 1 })));
    for (const chunk of [one, two]) {
      expect(await chunkNow(chunk)).toMatchObject({ pending: ['l1'] });
      const turn = await runs().beginTurn({ tenantId: run.tenantId, runId: run.id, chunkId: chunk.id }, 'w1');
      expect(turn).toMatchObject({ chunk: { pending: ['l1'] } });
    }
    for (const chunk of [one, two]) await runs().closeChunk(run.tenantId, run.id, chunk.id);
    expect(await runs().get(run.tenantId, run.id)).toMatchObject({ open: 0, counters: { lookedAt: 1, changed: 1 } });
  });

  test(`a latent run is not listed until it has work or waits, and is dropped without a trace (${on})`, async () => {
    const tenantId = newId();
    const idle = aRun({ tenantId, latent: true });
    await runs().enterSlot(idle, slot, 'skip');
    const listed = async () => (await runs().list(tenantId, {}, { limit: 10 })).items.map((run) => run.id);
    expect(await listed()).toEqual([]);
    expect((await runs().unfinished(tenantId, 'c1')).map((run) => run.id)).toEqual([idle.id]);
    await release(idle);
    await runs().dropLatent(tenantId, idle.id);
    expect(await runs().get(tenantId, idle.id)).toBeUndefined();

    const busy = aRun({ tenantId, latent: true });
    await runs().enterSlot(busy, slot, 'skip');
    await runs().addChunks(busy, 'due', 0, [aChunk(busy, 'k1', ['l1'])]);
    expect(await listed()).toEqual([busy.id]);
    await runs().dropLatent(tenantId, busy.id);
    expect(await runs().get(tenantId, busy.id)).toMatchObject({ latent: false, open: 1 });

    const waits = aRun({ tenantId, latent: true });
    await runs().create(waits, []);
    const waiting = { kind: 'transient' as const, side: 'erp' as const, attempt: 2, until: at };
    await runs().noteWaiting(tenantId, waits.id, waiting);
    expect(await runs().get(tenantId, waits.id)).toMatchObject({ latent: false, waiting });
    await runs().noteWaiting(tenantId, waits.id, undefined);
    expect((await runs().get(tenantId, waits.id))?.waiting).toBeUndefined();
    expect((await listed()).sort()).toEqual([busy.id, waits.id].sort());
    expect((await runs().unfinished(tenantId, 'c1')).map((run) => run.id).sort()).toEqual([busy.id, waits.id].sort());
  });

  test(`of two who help a quiet run on at once one is told to, and a run that has ended is helped by nobody (${on})`, async () => {
    const run = aRun();
    await runs().enterSlot(run, slot, 'queue');
    const told = await Promise.all([runs().noteHelped(run, now), runs().noteHelped(run, now)]);
    expect(told.filter(Boolean)).toHaveLength(1);
    const once = await runs().get(run.tenantId, run.id);
    expect(once).toMatchObject({ helped: { at: now, times: 1 } });
    if (once) expect(await runs().noteHelped(once, '2026-11-23T10:00:00.000Z')).toBe(true);
    const twice = await runs().get(run.tenantId, run.id);
    expect(twice).toMatchObject({ helped: { times: 2 } });
    await runs().end(run, 'cancelled', at);
    if (twice) expect(await runs().noteHelped(twice, now)).toBe(false);
  });

  test(`runs are listed newest first, by tenant and by connection, in pages (${on})`, async () => {
    const tenantId = newId();
    const made = ['1', '2', '3', '4'].map((id) => aRun({ tenantId, id, connectionId: id === '2' ? 'c2' : 'c1' }));
    for (const run of made) await runs().create(run, []);
    const first = await runs().list(tenantId, {}, { limit: 3 });
    expect(first.items.map((run) => run.id)).toEqual(['4', '3', '2']);
    const second = await runs().list(tenantId, {}, { limit: 3, ...(first.cursor && { cursor: first.cursor }) });
    expect(second.items.map((run) => run.id)).toEqual(['1']);
    expect((await runs().list(tenantId, { connectionId: 'c1' }, { limit: 5 })).items.map((run) => run.id)).toEqual([
      '4',
      '3',
      '1',
    ]);
  });

  test(`an ended run is kept for the tenant's retention and then cleaned up (${on})`, async () => {
    const table = tableOf();
    const run = aRun({ chains: {} });
    await storesOf(table).create(run, []);
    await storesOf(table).end(run, 'done', at);
    const item = await table.get({ pk: `${run.tenantId}#run#${run.id}`, sk: 'run' });
    expect(item?.expires).toBe(Date.parse(at) / 1000 + 10 * 86_400);
  });
}
