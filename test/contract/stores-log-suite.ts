import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { changeItems } from '../../functions/adapters/aws/dynamodb/links/change-items.ts';
import { changeLogStore } from '../../functions/adapters/aws/dynamodb/links/change-log.ts';
import { dueItemsStore } from '../../functions/adapters/aws/dynamodb/links/due-items.ts';
import { failuresStore } from '../../functions/adapters/aws/dynamodb/links/failures.ts';
import { linksStore } from '../../functions/adapters/aws/dynamodb/links/links.ts';
import { cursorsStore } from '../../functions/adapters/aws/dynamodb/runs/cursors.ts';
import { throttlesStore } from '../../functions/adapters/aws/dynamodb/runs/throttles.ts';
import { connectionsStore } from '../../functions/adapters/aws/dynamodb/set-up/connections.ts';
import type { ChangeFilter, ChangeLog } from '../../functions/ports/change-log.ts';
import type { Item, Table } from '../../functions/ports/table.ts';
import { aChange, aFailure, aLink, at, dueOf, ends, newId } from './stores-fixtures.ts';

/** Due items, cursors, failures and the change log. */
export function logSuite(on: string, tableOf: () => Table): void {
  const retentionDays = async () => 90;

  test(`due items of a connection are listed through every shard, each once (${on})`, async () => {
    const due = dueItemsStore({ table: tableOf() });
    const tenantId = newId();
    const items = Array.from({ length: 130 }, () => dueOf(aLink({ tenantId })));
    await due.putMany([...items, dueOf(aLink({ tenantId, connectionId: 'c2' }))]);
    const listed: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await due.list(tenantId, 'c1', 50, cursor);
      expect(page.items.length).toBeLessThanOrEqual(50);
      listed.push(...page.items.map((item) => item.linkId));
      cursor = page.cursor;
    } while (cursor !== undefined);
    const ids = items.map((item) => item.linkId);
    expect([...listed].sort()).toEqual([...ids].sort());
    expect(await due.getMany(tenantId, 'c1', [...ids, 'none'])).toHaveLength(130);
  });

  test(`a due item is removed only with the sequence it has (${on})`, async () => {
    const due = dueItemsStore({ table: tableOf() });
    const link = aLink();
    const old = dueOf(link, { chunk: { runId: 'r1', chunkId: 'k1' } });
    const fresh = { ...old, sequence: newId(), notBefore: at };
    await due.putMany([old]);
    await due.putMany([fresh]);
    expect(await due.remove(old)).toBe(false);
    expect(await due.getMany(link.tenantId, 'c1', [link.id])).toEqual([fresh]);
    expect(await due.remove(fresh)).toBe(true);
    expect(await due.remove(fresh)).toBe(false);
    expect(await due.getMany(link.tenantId, 'c1', [link.id])).toEqual([]);
  });

  test(`a cursor moves only from the revision that was read (${on})`, async () => {
    const cursors = cursorsStore({ table: tableOf(), runtime: { now: () => at } });
    const tenantId = newId();
    const parties = { tenantId, connectionId: 'c1', side: 'erp', table: 'party.party' } as const;
    const store = (cursor: string, revision: number) => cursors.store(parties, cursor, revision);
    expect(await cursors.get(parties)).toBeUndefined();
    const first = await Promise.all([store('a', 0), store('b', 0)]);
    expect(first.filter(Boolean)).toHaveLength(1);
    expect(await store('c', 1)).toBe(true);
    expect(await store('d', 1)).toBe(false);
    expect(await cursors.get(parties)).toMatchObject({ cursor: 'c', revision: 2, storedAt: at });
    expect(await cursors.get({ ...parties, side: 'crm' })).toBeUndefined();
  });

  test(`a poll is noted with the cursors that it moves; one that was moved meanwhile keeps no other back (${on})`, async () => {
    const table = tableOf();
    const cursors = cursorsStore({ table, runtime: { now: () => at } });
    const connections = connectionsStore({ table });
    const of = { tenantId: newId(), connectionId: 'c1' };
    const [crm, erp] = [
      { ...of, side: 'crm', table: 'contact' },
      { ...of, side: 'erp', table: 'party' },
    ] as const;
    const note = (noted: string, cursor: string, revisions: readonly [number, number]) =>
      connections.notePolled(of.tenantId, 'c1', noted, [
        { ...crm, cursor, revision: revisions[0] },
        { ...erp, cursor, revision: revisions[1] },
      ]);
    await note(at, 'a', [0, 0]);
    await cursors.store(crm, 'theirs', 1);
    const later = '2026-11-23T09:00:00.000Z';
    await note(later, 'b', [1, 1]);
    expect(await cursors.get(crm)).toMatchObject({ cursor: 'theirs', revision: 2 });
    expect(await cursors.get(erp)).toMatchObject({ cursor: 'b', revision: 2, storedAt: later });
    expect(await connections.activity(of.tenantId, 'c1')).toEqual({ lastPolledAt: later });
  });

  test(`a cursor that an earlier version stored is found, and stored anew beside its connection (${on})`, async () => {
    const table = tableOf();
    const cursors = cursorsStore({ table, runtime: { now: () => at } });
    const parties = { tenantId: newId(), connectionId: 'c1', side: 'erp', table: 'party.party' } as const;
    const former = { pk: `${parties.tenantId}#cursors#c1`, sk: 'erp#party.party', type: 'cursor', v: 1 };
    await table.putMany([{ ...former, cursor: 'old', revision: 7 }]);
    expect(await cursors.get(parties)).toEqual({ cursor: 'old', revision: 0 });
    expect(await cursors.store(parties, 'new', 0)).toBe(true);
    expect(await cursors.store(parties, 'late', 0)).toBe(false);
    expect(await cursors.get(parties)).toMatchObject({ cursor: 'new', revision: 1 });
  });

  test(`of workers who are throttled at once the first sets the wait, and it is taken away only as it was read (${on})`, async () => {
    const throttles = throttlesStore({ table: tableOf() });
    const end = { tenantId: newId(), connectionId: 'c1', side: 'erp' } as const;
    const noted = await Promise.all([1, 2, 3].map(() => throttles.note(end, 1_000_000, undefined)));
    expect(noted).toEqual(noted.map(() => ({ untilMs: 1_010_000, chosenMs: 10_000 })));
    const again = await throttles.note(end, 1_010_001, undefined);
    expect(again).toEqual({ untilMs: 1_030_001, chosenMs: 20_000 });
    for (const throttle of noted) await throttles.clear(end, throttle);
    expect(await throttles.get(end.tenantId, 'c1')).toEqual({ crm: undefined, erp: again });
    await throttles.clear(end, again);
    expect(await throttles.get(end.tenantId, 'c1')).toEqual({ crm: undefined, erp: undefined });
  });

  test(`failures are listed by tenant, connection, link and run, newest first, while they are open (${on})`, async () => {
    const failures = failuresStore({ table: tableOf() });
    const tenantId = newId();
    const link = aLink({ tenantId });
    const one = aFailure(link, { firstAt: '2026-01-01T00:00:00.000Z', runId: 'r1' });
    const two = aFailure(link, { firstAt: '2026-01-02T00:00:00.000Z', connectionId: 'c2', linkId: 'other' });
    await failures.open(one);
    await failures.open({ ...two, attempts: 9 });
    await failures.open({ ...two, firstAt: '2026-01-03T00:00:00.000Z' });
    const walk = async (limit: number, cursor?: string): Promise<string[]> => {
      const page = await failures.listIds(tenantId, {}, { limit, cursor });
      return [...page.items, ...(page.cursor === undefined ? [] : await walk(limit, page.cursor))];
    };
    const shown = (await failures.list(tenantId, {}, { limit: 5 })).items;
    expect(await walk(1)).toEqual(shown.map(({ id }) => id));
    const many = await failures.getMany(tenantId, [...shown.map(({ id }) => id), 'none']);
    expect(many.toSorted((one, other) => (one.firstAt < other.firstAt ? 1 : -1))).toEqual(shown);
    const list = async (filter: Parameters<typeof failures.list>[1]) =>
      (await failures.list(tenantId, filter, { limit: 5 })).items;
    expect(await list({})).toEqual([two, one]);
    expect(await list({ connectionId: 'c1' })).toEqual([one]);
    expect(await list({ linkId: link.id })).toEqual([one]);
    expect(await list({ connectionId: 'c2', linkId: link.id })).toEqual([]);
    expect(await list({ runId: 'r1' })).toEqual([one]);
    await failures.close(tenantId, one.id);
    await failures.close(tenantId, one.id);
    expect(await list({})).toEqual([two]);
    expect(await failures.get(tenantId, one.id)).toBeUndefined();
  });

  test(`the change log is listed newest first by link, connection and run, within times and by field (${on})`, async () => {
    const table = tableOf();
    const links = linksStore({ table, retentionDays });
    const log = changeLogStore({ table, retentionDays });
    const link = aLink();
    await links.connect(link, dueOf(link));
    const days = ['01', '02', '03', '04', '05'];
    const changes = days.map((day, n) =>
      aChange(link, {
        at: `2026-01-${day}T00:00:00.000Z`,
        runId: n < 2 ? 'r1' : 'r2',
        ...(n === 4 && { erpField: 'email' }),
      }),
    );
    await links.record({ before: link, after: link, changes });
    const daysOf = async (filter: ChangeFilter) => {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await log.list(link.tenantId, filter, { limit: 2, ...(cursor !== undefined && { cursor }) });
        found.push(...page.items.map((change) => change.at.slice(8, 10)));
        cursor = page.cursor;
      } while (cursor !== undefined);
      return found.join(' ');
    };
    expect(await daysOf({ linkId: link.id })).toBe('05 04 03 02 01');
    expect(await daysOf({ connectionId: 'c1' })).toBe('05 04 03 02 01');
    expect(await daysOf({ runId: 'r2' })).toBe('05 04 03');
    expect(await daysOf({ linkId: link.id, runId: 'r1' })).toBe('02 01');
    expect(await daysOf({ connectionId: 'c1', field: 'email' })).toBe('05');
    const range = { from: '2026-01-02T00:00:00Z', to: '2026-01-04T00:00:00Z' };
    expect(await daysOf({ linkId: link.id, ...range })).toBe('04 03 02');
    expect(await daysOf({ connectionId: 'c1', ...range })).toBe('04 03 02');
    expect(await daysOf({ runId: 'r1', from: range.from })).toBe('02');
    expect(await daysOf({ connectionId: 'c2' })).toBe('');
    expect(await daysOf({ connectionId: 'c1', from: range.to, to: range.from })).toBe('');
    expect(await daysOf({ linkId: link.id, from: range.to, to: range.from })).toBe('');
    await expect(daysOf({ from: range.from })).rejects.toMatchObject({ kind: 'invalid' });
  });

  test(`the log is listed in order over all its partitions, that of an earlier version too, from an earlier version's cursors on (${on})`, async () => {
    const table = tableOf();
    const links = linksStore({ table, retentionDays });
    const log = changeLogStore({ table, retentionDays });
    const tenantId = newId();
    // Of every ten looks the first six were logged by an earlier version; each changed two fields.
    const looks = Array.from({ length: 40 }, (_, n) => {
      const link = aLink({ tenantId, ends: ends({ crm: { key: `${n}` }, erp: { key: `${n}` } }) });
      const made = { at: `2026-01-02T00:00:${10 + n}.000Z` };
      return { link, former: n % 10 < 6, changes: [aChange(link, made), aChange(link, made)] };
    });
    for (const { link, former, changes } of looks) {
      await links.connect(link, dueOf(link));
      await links.record({ before: link, after: link, changes });
      const { items } = await table.query({ pk: `${tenantId}#link#${link.id}`, prefix: 'change#' });
      const gsi = { gsi1pk: `${tenantId}#changes-of-connection#c1`, gsi2pk: `${tenantId}#changes-of-run#r1` };
      if (former) await table.putMany(items.map((item) => ({ ...item, ...gsi })));
    }
    const ids = looks.flatMap(({ changes }) => changes.map(({ id }) => id)).reverse();
    for (const filter of [{ connectionId: 'c1' }, { runId: 'r1' }]) {
      for (const limit of [1, 7, 33, 200]) expect(await idsOf(log, tenantId, filter, limit)).toEqual(ids);
      const [first] = looks[20]?.changes ?? [];
      const place = { sk: `2026-01-02T00%3A00%3A30.000Z#${first?.id}`, rows: 1 };
      const cursor = Buffer.from(JSON.stringify(place)).toString('base64url');
      expect(await idsOf(log, tenantId, filter, 5, cursor)).toEqual(ids.slice(39));
      const times = { from: '2026-01-02T00:00:20Z', to: '2026-01-02T00:00:39Z' };
      expect(await idsOf(log, tenantId, { ...filter, ...times }, 9)).toEqual(ids.slice(20, 60));
    }
  });

  test(`a page of the log reads no more changes than it shows and one, and a short one where little is wanted (${on})`, async () => {
    const table = tableOf();
    const reads = { queries: 0, items: 0 };
    const counted: Table = {
      ...table,
      query: (request) => {
        reads.queries += 1;
        return table.query(request);
      },
      getMany: (keys) => {
        reads.items += keys.length;
        return table.getMany(keys);
      },
    };
    const log = changeLogStore({ table: counted, retentionDays });
    const link = aLink();
    const planned = Array.from({ length: 120 }, (_, n) => {
      const ofItsOwn = { linkId: newId(), at: new Date(Date.parse(at) - n).toISOString() };
      return aChange(link, { ...ofItsOwn, ...(n === 100 && { erpField: 'email' }) });
    });
    await log.putPlanned(planned);
    const page = await log.list(link.tenantId, { runId: 'r1' }, { limit: 5 });
    expect(page.items).toEqual(planned.slice(0, 5));
    expect(reads).toEqual({ queries: 9, items: 6 });
    Object.assign(reads, { queries: 0, items: 0 });
    const short = await log.list(link.tenantId, { runId: 'r1', field: 'email' }, { limit: 1 });
    expect(short).toEqual({ items: [], cursor: expect.any(String) });
    expect(reads.items).toBeLessThanOrEqual(24 * 2);
    expect(await idsOf(log, link.tenantId, { runId: 'r1', field: 'email' }, 1)).toEqual([planned[100]?.id]);
  });

  test(`a look's changes that earlier versions stored by name, or as lists of their own, are listed with the others (${on})`, async () => {
    const table = tableOf();
    const link = aLink();
    const change = aChange(link, { sentValue: 'acme', conflict: { winner: 'erp', policy: 'p', crm: 'a', erp: null } });
    await linksStore({ table, retentionDays: async () => 90 }).connect(link, dueOf(link));
    const [item] = changeItems([change], 90);
    if (!item) throw new Error('a change is an item');
    const { tenantId, connectionId, linkId, runId, at: _at, crmType, crmKey, actorType, erpKey, ...row } = change;
    const { ids: _ids, whys: _whys, ...rest } = item;
    const former = { ...rest, tenantId, linkId };
    const named: Item = { ...former, rows: [JSON.parse(JSON.stringify(row))] };
    const { id, erpField, crmField, side, oldValue, newValue, rule, outcome, ...more } = row;
    const list = [id, erpField, crmField, side, oldValue, newValue, rule, outcome, JSON.parse(JSON.stringify(more))];
    const withIds: Item = { ...former, rows: [list] };
    const log = changeLogStore({ table, retentionDays: async () => 90 });
    for (const one of [item, named, withIds]) {
      await table.putMany([one]);
      expect((await log.list(tenantId, { linkId }, { limit: 5 })).items).toEqual([change]);
    }
    expect([connectionId, runId, crmType, crmKey, actorType, erpKey]).not.toContain(undefined);
  });

  test(`planned changes are written again as the same items, and are part of their run only (${on})`, async () => {
    const log = changeLogStore({ table: tableOf(), retentionDays });
    const link = aLink();
    const planned = aChange(link, { id: 'p1', outcome: 'planned' });
    await log.putPlanned([planned]);
    const repeated = { ...planned, at: '2026-11-23T08:05:00.000Z' };
    await log.putPlanned([repeated]);
    const list = async (filter: ChangeFilter) => (await log.list(link.tenantId, filter, { limit: 5 })).items;
    expect(await list({ runId: 'r1' })).toEqual([repeated]);
    expect(await list({ linkId: link.id })).toEqual([]);
    expect(await list({ connectionId: 'c1' })).toEqual([]);
  });

  test(`a change is kept for the tenant's retention, counted from when it was made (${on})`, async () => {
    const table = tableOf();
    const links = linksStore({ table, retentionDays: async () => 7 });
    const link = aLink();
    await links.connect(link, dueOf(link));
    const change = aChange(link);
    await links.record({ before: link, after: link, changes: [change] });
    const { items } = await table.query({ pk: `${link.tenantId}#link#${link.id}`, prefix: 'change#' });
    expect(items.map((item) => item.expires)).toEqual([Date.parse(at) / 1000 + 7 * 86_400]);
  });
}

/** The ids on all pages; those after `cursor` where there is one. */
async function idsOf(log: ChangeLog, tenantId: string, filter: ChangeFilter, limit: number, cursor?: string) {
  const found: string[] = [];
  let next = cursor;
  do {
    const page = await log.list(tenantId, filter, { limit, cursor: next });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    found.push(...page.items.map(({ id }) => id));
    next = page.cursor;
  } while (next !== undefined);
  return found;
}
