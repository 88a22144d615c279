import { expect, test } from 'vitest';
import { linksStore } from '../../functions/adapters/aws/dynamodb/links/links.ts';
import { waitingLinksStore } from '../../functions/adapters/aws/dynamodb/links/waiting-links.ts';
import { auditStore } from '../../functions/adapters/aws/dynamodb/set-up/audit.ts';
import { connectionsStore } from '../../functions/adapters/aws/dynamodb/set-up/connections.ts';
import { connectorsStore } from '../../functions/adapters/aws/dynamodb/set-up/connectors.ts';
import { partitions } from '../../functions/adapters/aws/dynamodb/table/keys.ts';
import type { ListPairs } from '../../functions/core/mapping/mapping.ts';
import type { ListPairing } from '../../functions/core/model/connection-setup.ts';
import type { FieldState, Link } from '../../functions/core/model/link.ts';
import type { Table } from '../../functions/ports/table.ts';
import { aConnection, aConnector, aLink, at, dueOf, newId } from './stores-fixtures.ts';

/** List pairs beside a connection, and the links that wait for them. */
export function listsSuite(on: string, tableOf: () => Table): void {
  const stores = (table = tableOf()) => ({
    table,
    connections: connectionsStore({ table }),
    connectors: connectorsStore({ table }),
    audit: auditStore({ table }),
    links: linksStore({ table, retentionDays: async () => 90 }),
    waiting: waitingLinksStore({ table }),
  });
  const connected = async () => {
    const all = stores();
    const connector = aConnector(newId());
    await all.connectors.create(connector);
    const connection = aConnection(connector);
    await all.connections.create(connection, []);
    const { tenantId, id: connectionId } = connection;
    const pairing = (pairs: ListPairs, erpList = 'terms'): ListPairing => ({
      tenantId,
      connectionId,
      erpList,
      crmList: 'category',
      pairs,
    });
    const setup = async () => {
      const found = await all.connections.getSetup(tenantId, connectionId);
      if (!found) throw new Error('it is there');
      return found;
    };
    const put = async (after: ListPairing[], over: object = {}) => {
      const { lists, listPairings } = await setup();
      const before = listPairings.filter((one) => after.some(({ erpList }) => erpList === one.erpList));
      return all.connections.putListPairs({
        tenantId,
        connectionId,
        revision: lists.revision,
        before,
        after,
        ...over,
      });
    };
    return { ...all, connection, tenantId, connectionId, pairing, setup, put };
  };
  /** Ids of some vendor, as long as they get. */
  const many = (count: number): ListPairs =>
    Object.fromEntries(
      Array.from({ length: count }, (_, n) => [`0f4b1c2d-3e5a-4b6c-8d7e-${String(n).padStart(12, '0')}`, `crm-${n}`]),
    );
  const parkedFor = (item: string): Record<string, FieldState> => ({
    'TERMS~category': { parked: { side: 'crm', fingerprint: 'f', reason: 'unmapped-list-item', item } },
    'NAME~name': { parked: { side: 'crm', fingerprint: 'g', reason: 'too-long' } },
  });

  test(`pairs of lists of 5,000 items stand in items of at most 50 KB, and are read with the set-up (${on})`, async () => {
    const { table, pairing, put, setup, tenantId, connectionId } = await connected();
    const [large, small] = [pairing(many(5_000)), pairing({ '1': '2' }, 'languages')];
    expect(await put([large, small])).toBe(true);
    expect((await setup()).listPairings).toEqual(expect.arrayContaining([large, small]));
    const sizes: number[] = [];
    let start: string | undefined;
    do {
      const page = await table.query({ pk: partitions.connection(tenantId, connectionId), prefix: 'list#', start });
      sizes.push(...page.items.map((item) => Buffer.byteLength(JSON.stringify(item))));
      start = page.next;
    } while (start !== undefined);
    expect(sizes.length).toBeGreaterThan(5);
    expect(Math.max(...sizes)).toBeLessThan(50_000);
    const fewer = pairing(many(20));
    expect(await put([fewer])).toBe(true);
    expect((await setup()).listPairings).toEqual(expect.arrayContaining([fewer, small]));
  });

  test(`a change of pairs that is more than one transaction takes with its trail is refused in words (${on})`, async () => {
    const { pairing, put, setup, tenantId, connectionId } = await connected();
    const path = `lists.${'long-name-of-a-list'.repeat(5)}`;
    const changes = Array.from({ length: 400 }, (_, n) => ({ path: `${path}.${n}`, new: 'x' }));
    const entries = (count: number) =>
      Array.from({ length: count }, (_, n) => ({
        ...{ tenantId, id: newId(), at, act: 'list-mapping.change', by: { kind: 'operator' } },
        ...{ subject: { kind: 'connection', id: connectionId }, changes, part: { number: n + 1, of: count } },
      }));
    const [one] = entries(1);
    const bytes = Buffer.byteLength(JSON.stringify(one));
    const tooMany = Math.ceil(4_300_000 / bytes);
    expect(tooMany).toBeLessThan(95);
    await expect(put([pairing({ '1': '2' })], { trail: entries(tooMany) })).rejects.toMatchObject({
      kind: 'too-large',
      message: expect.stringContaining('fewer lists'),
    });
    expect((await setup()).listPairings).toEqual([]);
    expect(await put([pairing({ '1': '2' })], { trail: entries(2) })).toBe(true);
  });

  test(`a connection begins with the pairs that it is made with, all of them or it is not made (${on})`, async () => {
    const { connections, connection, pairing } = await connected();
    const create = (made: typeof connection, after: ListPairing[]) => {
      const { tenantId, id: connectionId } = made;
      const lists = { tenantId, connectionId, revision: 0, before: [], after };
      return connections.create(made, [], [], { lists });
    };
    const made = { ...connection, id: newId(), name: newId() };
    const own = { ...pairing(many(2_000)), connectionId: made.id };
    expect(await create(made, [own])).toBe(true);
    const setup = await connections.getSetup(made.tenantId, made.id);
    expect(setup).toMatchObject({ lists: { revision: 1 }, listPairings: [own] });
    const other = { ...connection, id: newId() };
    const lists = Array.from({ length: 100 }, (_, at) => ({
      ...pairing({ '1': '2' }, `l${at}`),
      connectionId: other.id,
    }));
    await expect(create(other, lists)).rejects.toMatchObject({ kind: 'too-large' });
    expect(await connections.get(other.tenantId, other.id)).toBeUndefined();
  });

  test(`pairs change on condition of the revision of all lists and of the connection's state, with their trail (${on})`, async () => {
    const { audit, pairing, put, setup, tenantId, connectionId } = await connected();
    const entry = {
      tenantId,
      id: newId(),
      at,
      act: 'list-mapping.change',
      by: { kind: 'api-key' },
      subject: { kind: 'connection', id: connectionId },
      changes: [{ path: 'lists.terms.1', new: '2' }],
    } as const;
    const page = { limit: 10 };
    expect((await setup()).lists).toEqual({ revision: 0 });
    expect(await put([pairing({ '1': '2' })], { whileIn: 'active', trail: [entry] })).toBe(false);
    expect((await audit.list(tenantId, {}, page)).items).toEqual([]);
    expect(await put([pairing({ '1': '2' })], { whileIn: 'inactive', trail: [entry] })).toBe(true);
    expect((await audit.list(tenantId, {}, page)).items).toEqual([entry]);
    expect((await setup()).lists).toEqual({ revision: 1 });
    expect(await put([pairing({ '1': '3' })], { revision: 0 })).toBe(false);
    expect(await put([pairing({ '1': '3' }, 'languages')], { revision: 2 })).toBe(false);
    expect((await setup()).listPairings).toEqual([pairing({ '1': '2' })]);
  });

  test(`the note that items were mapped stands until it is ended at the revision that everybody was told of (${on})`, async () => {
    const { connections, pairing, put, setup, tenantId, connectionId } = await connected();
    await put([pairing({ '1': '2' })], { mappedAt: at });
    await put([pairing({ '1': '2', '2': '3' })]);
    expect((await setup()).lists).toEqual({ revision: 2, mappedAt: at });
    await connections.endRelease(tenantId, connectionId, 1);
    expect((await setup()).lists).toEqual({ revision: 2, mappedAt: at });
    await connections.endRelease(tenantId, connectionId, 2);
    await connections.endRelease(tenantId, connectionId, 2);
    expect((await setup()).lists).toEqual({ revision: 2 });
  });

  test(`what a list lacks of its parts is read again, and never taken for fewer pairs (${on})`, async () => {
    const { table, connection, tenantId, connectionId, pairing, put } = await connected();
    await put([pairing(many(3_000))]);
    let reads = 0;
    const torn = new Proxy(table, {
      get(target, property) {
        const member: unknown = Reflect.get(target, property);
        if (property !== 'query' || typeof member !== 'function') return member;
        return async (...parameters: Parameters<Table['query']>) => {
          const page = await target.query(...parameters);
          const isPart = ({ sk }: { sk: string }) => sk === 'list#terms#category#1';
          const hides = reads === 0 && page.items.some(isPart);
          if (hides) reads += 1;
          return hides ? { ...page, items: page.items.filter((item) => !isPart(item)) } : page;
        };
      },
    });
    const setup = await stores(torn).connections.getSetup(tenantId, connectionId);
    expect(reads).toBe(1);
    expect(setup?.connection.id).toBe(connection.id);
    expect(setup?.listPairings).toEqual([pairing(many(3_000))]);
  });

  test(`a link waits from the record step that parks it until the one that does not, and while it is connected (${on})`, async () => {
    const { links, waiting } = stores();
    const link = aLink();
    const of = async () => (await waiting.all(link.tenantId, link.connectionId)).links;
    const now = async (): Promise<Link> => {
      const found = await links.get(link.tenantId, link.id);
      if (!found) throw new Error('it is there');
      return found;
    };
    const parks = async (fieldStates: Record<string, FieldState>) => {
      const before = await now();
      await links.record({ before, after: { ...before, state: 'active', fieldStates } });
    };
    const wait = (item: string) => [
      { linkId: link.id, actorType: 'customer', waits: [{ field: 'TERMS~category', side: 'crm', item }] },
    ];
    await links.connect(link, dueOf(link));
    expect(await of()).toEqual([]);
    await parks(parkedFor('30'));
    expect(await of()).toEqual(wait('30'));
    await parks(parkedFor('60'));
    expect(await of()).toEqual(wait('60'));
    await links.disconnect(await now(), dueOf(link));
    expect(await of()).toEqual([]);
    await links.restore(await now(), dueOf(link));
    expect(await of()).toEqual(wait('60'));
    await links.move({ ...(await now()), state: 'broken' }, { side: 'erp', key: 'erp#2', choices: {} }, dueOf(link));
    const moved = await now();
    expect([moved.ends.erp.key, await of()]).toEqual(['erp#2', []]);
    await parks(parkedFor('90'));
    await parks({});
    expect(await of()).toEqual([]);
  });

  test(`waiting links are read whole and by pages (${on})`, async () => {
    const { links, waiting } = stores();
    const tenantId = newId();
    const all = Array.from({ length: 23 }, (_, n) => aLink({ tenantId, ends: aLink().ends, id: `link-${n}` }));
    for (const [n, one] of all.entries()) {
      const link = { ...one, ends: { crm: { ...one.ends.crm, key: `c${n}` }, erp: { ...one.ends.erp, key: `e${n}` } } };
      await links.connect(link, dueOf(link));
      await links.record({ before: link, after: { ...link, fieldStates: parkedFor(`item ${n}`) } });
    }
    const ids = all.map(({ id }) => id).toSorted();
    const whole = await waiting.all(tenantId, 'c1');
    expect(whole.links.map(({ linkId }) => linkId).toSorted()).toEqual(ids);
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await waiting.list(tenantId, 'c1', { limit: 5, cursor });
      paged.push(...page.items.map(({ linkId }) => linkId));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(paged.toSorted()).toEqual(ids);
    expect(await waiting.all(tenantId, 'c2')).toEqual({ links: [], more: false });
  });
}
