import { expect, test } from 'vitest';
import { changeLogStore } from '../../functions/adapters/aws/dynamodb/links/change-log.ts';
import { dueItemsStore } from '../../functions/adapters/aws/dynamodb/links/due-items.ts';
import { failuresStore } from '../../functions/adapters/aws/dynamodb/links/failures.ts';
import { linksStore } from '../../functions/adapters/aws/dynamodb/links/links.ts';
import { summaryWrites } from '../../functions/adapters/aws/dynamodb/links/summary-counters.ts';
import { runsStore } from '../../functions/adapters/aws/dynamodb/runs/runs.ts';
import { connectionsStore } from '../../functions/adapters/aws/dynamodb/set-up/connections.ts';
import { noActs } from '../../functions/core/model/brake.ts';
import type { Intent, Link } from '../../functions/core/model/link.ts';
import type { RecordStep } from '../../functions/ports/links.ts';
import type { Item, Table } from '../../functions/ports/table.ts';
import { aChange, aChunk, aFailure, aLink, aRun, at, dueOf, ends } from './stores-fixtures.ts';

/** The record step and the lease of the Links port: one transaction, counted once. */
export function recordSuite(on: string, tableOf: () => Table): void {
  const stores = () => {
    const table = tableOf();
    const retentionDays = async () => 90;
    const runtime = { now: () => at };
    return {
      links: linksStore({ table, retentionDays }),
      due: dueItemsStore({ table }),
      runs: runsStore({ table, runtime, retentionDays }),
      log: changeLogStore({ table, retentionDays }),
      failures: failuresStore({ table }),
      connections: connectionsStore({ table }),
    };
  };
  const recordOf = (before: Link, over: Partial<RecordStep> = {}): RecordStep => ({
    before,
    after: { ...before, state: 'active' },
    ...over,
  });
  const connected = async () => {
    const link = aLink();
    const due = dueOf(link);
    await stores().links.connect(link, due);
    return { link, due };
  };
  const intentOf = (token: string): Intent => ({
    token,
    runId: 'r1',
    chunkId: 'k1',
    expiresAtMs: 1,
    versions: { crm: '1', erp: '2' },
    readAtMs: { crm: 1, erp: 2 },
    writes: [],
  });

  test(`of two workers that take the intent on one revision one gets it (${on})`, async () => {
    const { links } = stores();
    const { link } = await connected();
    const taken = await Promise.all(['a', 'b'].map((token) => links.takeIntent(link, intentOf(token))));
    const held = taken.filter((one) => one !== 'superseded');
    expect(held).toHaveLength(1);
    expect(await links.get(link.tenantId, link.id)).toEqual(held[0]);
    expect(held[0]).toMatchObject({ revision: 2 });
  });

  test(`an intent brings a due item where there is none, and leaves one that there is (${on})`, async () => {
    const { links, due } = stores();
    const { link, due: listed } = await connected();
    const taken = await links.takeIntent(link, intentOf('a'), dueOf(link));
    expect(taken).toMatchObject({ revision: 2, intent: { token: 'a' } });
    expect(await due.getMany(link.tenantId, 'c1', [link.id])).toEqual([listed]);
    expect(await links.takeIntent(link, intentOf('b'), dueOf(link))).toBe('superseded');
    await due.remove(listed);
    const own = dueOf(link);
    if (taken !== 'superseded') await links.takeIntent(taken, intentOf('c'), own);
    expect(await due.getMany(link.tenantId, 'c1', [link.id])).toEqual([own]);
  });

  test(`a record brings link, log, failures, summary and counts in one go (${on})`, async () => {
    const { links, log, failures, connections, runs, due } = stores();
    const { link, due: settled } = await connected();
    const run = aRun({ tenantId: link.tenantId });
    await runs.create(run, [aChunk(run, 'k1', [link.id, 'other'])]);
    const failure = aFailure(link);
    const change = aChange(link);
    const record = recordOf(link, {
      after: { ...link, state: 'active', openFailures: [failure.id], fieldStates: { 'a~b': { held: 'choice-void' } } },
      changes: [change],
      failure,
      removesDue: settled.sequence,
      counts: { runId: run.id, chunkId: 'k1', deltas: { lookedAt: 1, writtenToCrm: 1 }, result: true, at },
    });
    const after = await links.record(record);
    expect(after).toEqual({ ...record.after, revision: 2 });
    expect(await links.get(link.tenantId, link.id)).toEqual(after);
    expect((await log.list(link.tenantId, { linkId: link.id }, { limit: 10 })).items).toEqual([change]);
    expect(await failures.get(link.tenantId, failure.id)).toEqual(failure);
    expect(await due.getMany(link.tenantId, 'c1', [link.id])).toEqual([]);
    const [chunk] = await runs.getChunks(link.tenantId, [{ runId: run.id, chunkId: 'k1' }]);
    expect(chunk).toMatchObject({ linkIds: [link.id, 'other'] });
    expect(await runs.closeChunk(link.tenantId, run.id, 'k1')).toMatchObject({
      counters: { lookedAt: 1, writtenToCrm: 1 },
    });
    expect((await connections.summary(link.tenantId, 'c1')).customer).toEqual({
      links: { pending: 0, active: 1, paused: 0, broken: 0, disconnected: 0 },
      failures: 1,
      held: 1,
      withheld: noActs(),
    });
    if (after === 'superseded') return;
    await links.record(recordOf(after, { after: { ...after, openFailures: [] } }));
    expect(await failures.get(link.tenantId, failure.id)).toBeUndefined();
    expect((await connections.summary(link.tenantId, 'c1')).customer).toMatchObject({ failures: 0, held: 1 });
  });

  test(`a summary is the sum of all its counters, those of an earlier version and those below zero too (${on})`, async () => {
    const { connections } = stores();
    const table = tableOf();
    const link = aLink();
    const { tenantId } = link;
    // An earlier version counted it, and a customer and two projects that nothing happens to.
    const former = (sk: string, actorType: string, counts: object): Item => ({
      ...{ pk: `${tenantId}#summary#c1`, sk, type: 'summary', v: 1, actorType },
      ...counts,
    });
    await table.putMany([
      former('customer#3', 'customer', { 'links-pending': 2, failures: 1, held: 0 }),
      former('project#0', 'project', { 'links-broken': 1, failures: 1, held: 0 }),
      former('project#7', 'project', { 'links-broken': 1, failures: 1, held: 2 }),
    ]);
    const spread = Array.from({ length: 64 }, (_, n) => `chunk${n}`);
    const others = spread.map((_, n) =>
      aLink({ tenantId, ends: ends({ erp: { type: n % 2 ? 'person' : 'partner' } }) }),
    );
    for (const [n, other] of others.entries()) await table.transact(summaryWrites(undefined, other, spread[n]));
    await table.transact(summaryWrites(link, { ...link, state: 'active', openFailures: ['f'] }, 'chunk1'));
    await table.transact(
      summaryWrites({ ...link, state: 'active', openFailures: ['f'] }, { ...link, state: 'paused' }),
    );
    const none = { pending: 0, active: 0, paused: 0, broken: 0, disconnected: 0 };
    const withheld = noActs();
    expect(await connections.summary(tenantId, 'c1')).toEqual({
      customer: { links: { ...none, pending: 1, paused: 1 }, failures: 1, held: 0, withheld },
      project: { links: { ...none, broken: 2 }, failures: 2, held: 2, withheld },
      person: { links: { ...none, pending: 32 }, failures: 0, held: 0, withheld },
      partner: { links: { ...none, pending: 32 }, failures: 0, held: 0, withheld },
    });
  });

  test(`a record on an old revision writes nothing (${on})`, async () => {
    const { links, log, due } = stores();
    const { link, due: settled } = await connected();
    await links.record(recordOf(link));
    const late = recordOf(link, { changes: [aChange(link)], removesDue: settled.sequence });
    expect(await links.record(late)).toBe('superseded');
    expect((await log.list(link.tenantId, { linkId: link.id }, { limit: 10 })).items).toEqual([]);
    expect(await due.getMany(link.tenantId, 'c1', [link.id])).toEqual([settled]);
  });

  test(`a due item with a newer sequence survives the record; a link that stays due gets a fresh one (${on})`, async () => {
    const { links, due } = stores();
    const { link, due: old } = await connected();
    const newer = dueOf(link);
    await due.putMany([newer]);
    const after = await links.record(recordOf(link, { removesDue: old.sequence }));
    expect(after).toMatchObject({ revision: 2 });
    expect(await due.getMany(link.tenantId, 'c1', [link.id])).toEqual([newer]);
    if (after === 'superseded') return;
    const fresh = dueOf(link);
    await links.record(recordOf(after, { removesDue: newer.sequence, staysDue: fresh }));
    expect(await due.getMany(link.tenantId, 'c1', [link.id])).toEqual([fresh]);
  });

  test(`counts are exact when the chunk closes before a record, or has the link's result already (${on})`, async () => {
    const { links, runs } = stores();
    const { link } = await connected();
    const run = aRun({ tenantId: link.tenantId, chains: {} });
    await runs.create(run, [aChunk(run, 'k1', [link.id])]);
    const counts = { runId: run.id, chunkId: 'k1', deltas: { lookedAt: 1, writtenToErp: 2 }, result: true, at };
    const first = await links.record(recordOf(link, { counts }));
    if (first === 'superseded') throw new Error('nobody else wrote');
    const second = await links.record(recordOf(first, { counts }));
    if (second === 'superseded') throw new Error('nobody else wrote');
    expect((await runs.get(link.tenantId, run.id))?.counters).toMatchObject({ lookedAt: 0, writtenToErp: 0 });
    const closed = await runs.closeChunk(link.tenantId, run.id, 'k1');
    expect(closed).toMatchObject({ open: 0, counters: { lookedAt: 1, writtenToErp: 4 } });
    const late = { ...counts, deltas: { writtenToErp: 1 }, result: false, at };
    await links.record(recordOf(second, { counts: late }));
    expect((await runs.get(link.tenantId, run.id))?.counters).toMatchObject({ lookedAt: 1, writtenToErp: 5 });
  });

  test(`what a second worker at a chunk records after the first has closed it is counted in the run (${on})`, async () => {
    const { links, runs } = stores();
    const { link } = await connected();
    const run = aRun({ tenantId: link.tenantId, chains: {} });
    await runs.create(run, [aChunk(run, 'k1', [link.id, 'other'])]);
    const ref = { tenantId: run.tenantId, runId: run.id, chunkId: 'k1' };
    const first = await runs.beginTurn(ref, 'w1');
    await runs.beginTurn(ref, 'w2');
    const found = { unchanged: [link.id, 'other'], failed: [], recorded: false, counts: {} };
    expect(first && (await runs.endTurn(first, found))).toMatchObject({ open: 0, counters: { lookedAt: 2 } });
    const deltas = { lookedAt: 1, changed: 1, writtenToErp: 2 };
    const counts = { runId: run.id, chunkId: 'k1', deltas, result: true, at };
    await links.record(recordOf(link, { changes: [aChange(link)], counts }));
    const counters = (await runs.get(link.tenantId, run.id))?.counters;
    expect(counters).toMatchObject({ lookedAt: 2, changed: 1, writtenToErp: 2 });
  });

  test(`what is settled of an intent that outlived its chunk is counted in the run (${on})`, async () => {
    const { links, runs } = stores();
    for (const givenUp of ['by its record', 'by the turn']) {
      const { link } = await connected();
      const run = aRun({ tenantId: link.tenantId, chains: {} });
      await runs.create(run, [aChunk(run, 'k1', [link.id])]);
      const ref = { tenantId: run.tenantId, runId: run.id, chunkId: 'k1' };
      const turn = await runs.beginTurn(ref, 'w1');
      const taken = await links.takeIntent(link, { ...intentOf('a'), runId: run.id });
      if (taken === 'superseded') throw new Error('nobody else wrote');
      const result = { runId: run.id, chunkId: 'k1', deltas: { lookedAt: 1, failed: 1 }, result: true, at };
      const byRecord = givenUp === 'by its record';
      const before = byRecord ? await links.record({ before: taken, after: taken, counts: result }) : taken;
      const found = { unchanged: [], failed: byRecord ? [] : [link.id], recorded: true, counts: {} };
      expect(turn && (await runs.endTurn(turn, found))).toMatchObject({
        open: 0,
        counters: { lookedAt: 1, failed: 1 },
      });
      if (before === 'superseded') throw new Error('nobody else wrote');
      const deltas = { changed: 1, writtenToCrm: 1 };
      const settled = { runId: run.id, chunkId: 'k1', deltas, result: false, at };
      await links.record({
        before,
        after: { ...before, intent: undefined },
        changes: [aChange(link)],
        counts: settled,
      });
      const counters = (await runs.get(link.tenantId, run.id))?.counters;
      expect(counters, givenUp).toMatchObject({ lookedAt: 1, failed: 1, changed: 1, writtenToCrm: 1 });
    }
  });

  test(`a link is counted as changed once in its run, whatever chunk it is in and whether that is open (${on})`, async () => {
    const { links, runs } = stores();
    const { link } = await connected();
    const run = aRun({ tenantId: link.tenantId, chains: {} });
    await runs.create(run, [aChunk(run, 'k1', [link.id])]);
    const deltas = { changed: 1, writtenToErp: 1 };
    const record = async (chunkId: string, runId: string, result: boolean) => {
      const before = (await links.get(link.tenantId, link.id)) ?? link;
      const all = result ? { ...deltas, lookedAt: 1 } : deltas;
      const counts = { runId, chunkId, deltas: all, result, at };
      await links.record(recordOf(before, { changes: [aChange(link)], counts }));
    };
    await record('k1', run.id, false);
    await record('k1', run.id, true);
    await runs.closeChunk(link.tenantId, run.id, 'k1');
    await record('k1', run.id, false);
    const counters = async (id: string) => (await runs.get(link.tenantId, id))?.counters;
    expect(await counters(run.id)).toMatchObject({ lookedAt: 1, changed: 1, writtenToErp: 3 });
    const other = aRun({ tenantId: link.tenantId, chains: {} });
    await runs.create(other, [aChunk(other, 'k1', [link.id])]);
    await runs.closeChunk(link.tenantId, other.id, 'k1');
    await record('k1', other.id, false);
    expect(await counters(other.id)).toMatchObject({ changed: 1 });
  });

  test(`what is found of a link after its run was ended counts as looked at, once (${on})`, async () => {
    const { links, runs } = stores();
    for (const changedBefore of [true, false]) {
      const { link } = await connected();
      const run = aRun({ tenantId: link.tenantId, chains: {} });
      await runs.create(run, [aChunk(run, 'k1', [link.id])]);
      const record = async (result: boolean) => {
        const before = (await links.get(link.tenantId, link.id)) ?? link;
        const deltas = { changed: 1, ...(result && { lookedAt: 1 }) };
        const counts = { runId: run.id, chunkId: 'k1', deltas, result, at };
        await links.record(recordOf(before, { changes: [aChange(link)], counts }));
      };
      if (changedBefore) await record(false);
      await runs.closeChunk(link.tenantId, run.id, 'k1');
      await record(true);
      await record(true);
      const counters = (await runs.get(link.tenantId, run.id))?.counters;
      expect(counters, `changed before: ${changedBefore}`).toMatchObject({ lookedAt: 1, changed: 1 });
    }
  });

  test(`a settled due item and a closed chunk at once still leave a whole record (${on})`, async () => {
    const { links, runs } = stores();
    const { link } = await connected();
    const run = aRun({ tenantId: link.tenantId, chains: {} });
    await runs.create(run, [aChunk(run, 'k1', [link.id])]);
    await runs.closeChunk(link.tenantId, run.id, 'k1');
    const counts = { runId: run.id, chunkId: 'k1', deltas: { failed: 1 }, result: false, at };
    expect(await links.record(recordOf(link, { removesDue: 'old', counts }))).toMatchObject({ revision: 2 });
    expect((await runs.get(link.tenantId, run.id))?.counters).toMatchObject({ failed: 1 });
    const orphan = { ...counts, runId: 'never' };
    const again = await links.get(link.tenantId, link.id);
    if (again) expect(await links.record(recordOf(again, { counts: orphan }))).toMatchObject({ revision: 3 });
  });

  test(`records of many links of one chunk at the same time are all counted (${on})`, async () => {
    const { links, runs } = stores();
    const first = aLink();
    const made = Array.from({ length: 10 }, (_, n) =>
      aLink({ tenantId: first.tenantId, ends: ends({ crm: { key: `${n}` }, erp: { key: `${n}` } }) }),
    );
    for (const link of made) await links.connect(link, dueOf(link));
    const run = aRun({ tenantId: first.tenantId, chains: {} });
    const chunk = aChunk(
      run,
      'k1',
      made.map((link) => link.id),
    );
    await runs.create(run, [chunk]);
    const counts = { runId: run.id, chunkId: 'k1', deltas: { lookedAt: 1 }, result: true, at };
    await Promise.all(made.map((link) => links.record(recordOf(link, { counts }))));
    const turn = await runs.beginTurn({ tenantId: run.tenantId, runId: run.id, chunkId: 'k1' }, 'w1');
    const found = { unchanged: [], failed: [], recorded: true, counts: {} };
    expect(turn && (await runs.endTurn(turn, found))).toMatchObject({ open: 0, counters: { lookedAt: 10 } });
  });

  test(`a record that no transaction holds is refused (${on})`, async () => {
    const { links } = stores();
    const { link } = await connected();
    const long = 'x'.repeat(40_000);
    const changes = Array.from({ length: 100 }, () => aChange(link, { newValue: long }));
    await expect(links.record(recordOf(link, { changes }))).rejects.toMatchObject({ kind: 'defect' });
  });
}
