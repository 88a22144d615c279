import { expect, test } from 'vitest';
import { dueItemsStore } from '../../functions/adapters/aws/dynamodb/links/due-items.ts';
import { linksStore } from '../../functions/adapters/aws/dynamodb/links/links.ts';
import { connectionsStore } from '../../functions/adapters/aws/dynamodb/set-up/connections.ts';
import { connectorsStore } from '../../functions/adapters/aws/dynamodb/set-up/connectors.ts';
import { keys } from '../../functions/adapters/aws/dynamodb/table/keys.ts';
import { storedItem } from '../../functions/adapters/aws/dynamodb/table/stored-item.ts';
import type { Link } from '../../functions/core/model/link.ts';
import type { Table } from '../../functions/ports/table.ts';
import { aConnection, aConnector, aLink, dueOf, ends, newId } from './stores-fixtures.ts';

/** CRM records that several connections have links of. */
export function sharedSuite(on: string, tableOf: () => Table): void {
  const stores = () => {
    const table = tableOf();
    const links = linksStore({ table, retentionDays: async () => 90 });
    return {
      links,
      due: dueItemsStore({ table }),
      connections: connectionsStore({ table }),
      connectors: connectorsStore({ table }),
    };
  };
  const of = (tenantId: string, connectionId: string, over: Partial<Link> = {}) =>
    aLink({ tenantId, connectionId, ends: ends({ erp: { key: `of ${connectionId}` } }), ...over });
  const connected = async (link: Link) => {
    const result = await stores().links.connect(link, dueOf(link));
    if (result.result !== 'connected') throw new Error(`refused: ${result.by}`);
    return result.link;
  };
  const now = async ({ tenantId, id }: Link) => {
    const link = await stores().links.get(tenantId, id);
    if (!link) throw new Error('it is there');
    return link;
  };
  const recordOf = async ({ tenantId, ends: { crm } }: Link) =>
    (await stores().links.crmRecords(tenantId, crm.table, [crm.key])).get(crm.key);
  const named = (...links: readonly Link[]) =>
    links
      .map(({ connectionId, id }) => ({ connectionId, linkId: id }))
      .sort((one, other) => (one.connectionId < other.connectionId ? -1 : 1));

  test(`a second connection links the same CRM record, and both links know of it (${on})`, async () => {
    const first = await connected(of(newId(), 'c1'));
    expect(first.shared).toBeUndefined();
    const second = await connected(of(first.tenantId, 'c2'));
    expect(second).toMatchObject({ shared: true, revision: 1 });
    expect(await now(second)).toEqual(second);
    expect(await now(first)).toEqual({ ...first, shared: true, revision: 2 });
    expect(await recordOf(first)).toEqual({ links: named(first, second), sent: {} });
    expect(await connected(second)).toEqual(second);
    expect((await recordOf(first))?.links).toHaveLength(2);
  });

  test(`a CRM record has links of twenty connections at most, and the next one is refused and told of one (${on})`, async () => {
    const tenantId = newId();
    const all: Link[] = [];
    for (let at = 0; at < 20; at += 1) all.push(await connected(of(tenantId, `c${at}`)));
    const late = of(tenantId, 'late');
    const refused = await stores().links.connect(late, dueOf(late));
    expect(refused).toMatchObject({ result: 'taken', by: 'crm-record-full' });
    expect(all.map(({ id }) => id)).toContain(refused.result === 'taken' && refused.takenBy);
    const [first] = all;
    if (first) await stores().links.disconnect(await now(first), dueOf(first));
    await connected(late);
  });

  test(`what was read before another connection came is not recorded (${on})`, async () => {
    const { links } = stores();
    const first = await connected(of(newId(), 'c1'));
    await connected(of(first.tenantId, 'c2'));
    expect(await links.record({ before: first, after: { ...first, state: 'active' } })).toBe('superseded');
    const versions = { versions: { crm: '1', erp: '2' }, readAtMs: { crm: 1, erp: 2 } };
    const intent = { token: 't', runId: 'r', chunkId: 'k', expiresAtMs: 1, ...versions, writes: [] };
    expect(await links.takeIntent(first, intent, dueOf(first))).toBe('superseded');
  });

  test(`of connections that come to one record at a time each is in its list (${on})`, async () => {
    const tenantId = newId();
    const all = await Promise.all(Array.from({ length: 12 }, (_, at) => connected(of(tenantId, `c${10 + at}`))));
    const [first] = all;
    if (!first) throw new Error('twelve were connected');
    expect((await recordOf(first))?.links).toEqual(named(...all));
    const stored = await Promise.all(all.map(now));
    expect(stored.every(({ shared }) => shared)).toBe(true);
    // Each was told of all that came after it.
    expect(stored.map(({ revision }) => revision).sort((one, other) => one - other)).toEqual(
      Array.from({ length: 12 }, (_, at) => at + 1),
    );
  });

  test(`a link that leaves takes its own with it, the last one the whole list (${on})`, async () => {
    const { links } = stores();
    const first = await connected(of(newId(), 'c1'));
    const second = await connected(of(first.tenantId, 'c2'));
    const shared = await now(first);
    const versions = { versions: { crm: '1', erp: '2' }, readAtMs: { crm: 1, erp: 2 } };
    const intent = { token: 't', runId: 'r', chunkId: 'k', expiresAtMs: 1, ...versions, writes: [] };
    const intended = await links.takeIntent(shared, intent, undefined, { name: 'mark' });
    if (intended === 'superseded') throw new Error('nobody else wrote');
    expect((await recordOf(first))?.sent).toEqual({ c1: { name: 'mark' } });
    expect(await links.disconnect(intended, dueOf(first))).toBe('disconnected');
    expect(await recordOf(first)).toEqual({ links: named(second), sent: {} });
    // Its intent is settled yet, and the others are to be told.
    expect((await now(first)).shared).toBe(true);
    expect(await links.disconnect(await now(second), dueOf(second))).toBe('disconnected');
    expect(await recordOf(first)).toBeUndefined();
  });

  test(`one that leaves while another comes leaves the newcomer in the list (${on})`, async () => {
    const { links } = stores();
    const first = await connected(of(newId(), 'c1'));
    const second = await connected(of(first.tenantId, 'c2'));
    const shared = await now(first);
    const third = of(first.tenantId, 'c3');
    const [left] = await Promise.all([links.disconnect(shared, dueOf(first)), connected(third)]);
    if (left === 'superseded') await links.disconnect(await now(first), dueOf(first));
    expect((await recordOf(first))?.links).toEqual(named(second, third));
  });

  test(`a link that comes back is in the list again, and one that was never gone stays there once (${on})`, async () => {
    const { links } = stores();
    const first = await connected(of(newId(), 'c1'));
    const second = await connected(of(first.tenantId, 'c2'));
    await links.disconnect(await now(first), dueOf(first));
    const restored = await links.restore(await now(first), dueOf(first));
    expect(restored).toMatchObject({ result: 'connected', link: { shared: true, state: 'pending' } });
    const before = await now(second);
    expect(before.revision).toBe(second.revision + 1);
    const broken = await links.record({
      before,
      after: { ...before, state: 'broken', stateReason: 'erp-actor-gone' },
    });
    if (broken === 'superseded') throw new Error('nobody else wrote');
    expect(await links.restore(broken, dueOf(second))).toMatchObject({ result: 'connected' });
    expect((await recordOf(first))?.links).toEqual(named(first, second));
  });

  test(`a link that is moved leaves the list of one record and joins that of the other (${on})`, async () => {
    const { links } = stores();
    const first = await connected(of(newId(), 'c1'));
    const second = await connected(of(first.tenantId, 'c2'));
    const there = await connected(
      of(first.tenantId, 'c3', { ends: ends({ crm: { key: 'crm 2' }, erp: { key: 'e9' } }) }),
    );
    const shared = await now(first);
    const broken = await links.record({
      before: shared,
      after: { ...shared, state: 'broken', stateReason: 'crm-record-merged', mergedInto: 'crm 2' },
    });
    if (broken === 'superseded') throw new Error('nobody else wrote');
    const moved = await links.move(broken, { side: 'crm', key: 'crm 2', choices: {} }, dueOf(first));
    expect(moved).toMatchObject({ result: 'connected', link: { shared: true } });
    expect((await recordOf(second))?.links).toEqual(named(second));
    expect((await recordOf(there))?.links).toEqual(named(first, there));
    expect((await now(there)).shared).toBe(true);
  });

  test(`a link that is moved while another one leaves its record is to be read again (${on})`, async () => {
    const { links } = stores();
    const first = await connected(of(newId(), 'c1'));
    const second = await connected(of(first.tenantId, 'c2'));
    const before = await now(first);
    const merged = { ...before, state: 'broken', stateReason: 'crm-record-merged', mergedInto: 'crm 2' } as const;
    const broken = await links.record({ before, after: merged });
    if (broken === 'superseded') throw new Error('nobody else wrote');
    const table = tableOf();
    const late: Table = {
      ...table,
      get: async (key) => {
        const item = await table.get(key);
        if (item?.members) await links.disconnect(await now(second), dueOf(second)).catch(() => {});
        return item;
      },
    };
    const move = { side: 'crm', key: 'crm 2', choices: {} } as const;
    const moving = linksStore({ table: late, retentionDays: async () => 90 });
    expect(await moving.move(broken, move, dueOf(first))).toEqual({ result: 'superseded' });
    expect((await recordOf(first))?.links).toEqual(named(first));
    expect(await links.move(await now(first), move, dueOf(first))).toMatchObject({ result: 'connected' });
    expect(await recordOf(first)).toBeUndefined();
  });

  test(`a record makes the links of others due, and what they wait for stands (${on})`, async () => {
    const { links, due } = stores();
    const first = await connected(of(newId(), 'c1'));
    const second = await connected(of(first.tenantId, 'c2'));
    const { tenantId } = first;
    const waiting = dueOf(second, { notBefore: '2026-11-23T09:00:00.000Z', keepsWait: true });
    await due.putMany([waiting]);
    const before = await now(first);
    const makesDue = [{ connectionId: 'c2', linkId: second.id, sequence: 'fresh' }];
    const recorded = await links.record({ before, after: before, makesDue, sent: { city: 'm' } });
    expect(recorded).not.toBe('superseded');
    expect(await due.getMany(tenantId, 'c2', [second.id])).toEqual([{ ...waiting, sequence: 'fresh' }]);
    expect((await recordOf(first))?.sent).toEqual({ c1: { city: 'm' } });
    await due.remove({ ...waiting, sequence: 'fresh' });
    const after = await now(first);
    const resyncs = { noBlanks: true, fields: ['city'], at: '2026-11-23T08:00:00.000Z' };
    await links.record({ before: after, after, makesDue, resyncs });
    const plain = { tenantId, connectionId: 'c2', linkId: second.id, sequence: 'fresh' };
    expect(await due.getMany(tenantId, 'c2', [second.id])).toEqual([plain]);
    expect((await due.list(tenantId, 'c2', 10)).items).toEqual([plain]);
    expect(await now(second)).toMatchObject({ resyncsFromCrm: resyncs, revision: second.revision + 1 });
  });

  test(`the list that an earlier version stored names its link, and others may come and go (${on})`, async () => {
    const { links } = stores();
    const table = tableOf();
    const first = await connected(of(newId(), 'c1'));
    const key = keys.crmRecord(first.tenantId, 'contact', 'crm 1');
    const earlier = storedItem({ type: 'crm-record', key }, { linkId: first.id, connectionId: 'c1', links: 1 });
    await table.write({ put: earlier });
    expect(await recordOf(first)).toEqual({ links: named(first), sent: {} });
    const second = await connected(of(first.tenantId, 'c2'));
    expect((await recordOf(first))?.links).toEqual(named(first, second));
    expect(await links.disconnect(await now(first), dueOf(first))).toBe('disconnected');
    expect((await recordOf(first))?.links).toEqual(named(second));
    await links.disconnect(await now(second), dueOf(second));
    await table.write({ put: { ...earlier, linkId: 'x' } });
    const alone = of(first.tenantId, 'c1', { id: 'x' });
    await table.write({ delete: key });
    await connected(alone);
    await table.write({ put: { ...earlier, linkId: alone.id } });
    expect(await links.disconnect(await now(alone), dueOf(alone))).toBe('disconnected');
    expect(await recordOf(alone)).toBeUndefined();
  });

  test(`connections are named in the sync order, without those that are deleted (${on})`, async () => {
    const { connections, connectors } = stores();
    const connector = aConnector(newId());
    const { tenantId } = connector;
    await connectors.create(connector);
    const made = ['a', 'b', 'c'].map((id, place) => aConnection(connector, { id, place }));
    for (const connection of made) await connections.create(connection, []);
    await connections.reorder(tenantId, ['c', 'b', 'a']);
    expect(await connections.ordered(tenantId, ['a', 'c', 'x'])).toEqual(['c', 'a']);
    const [first] = made;
    if (first) await connections.replace({ ...first, state: 'deleted' });
    expect(await connections.ordered(tenantId, ['a', 'b', 'c'])).toEqual(['c', 'b']);
  });
}
