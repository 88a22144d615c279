import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Condition, Item, Table } from '../../functions/ports/table.ts';

/** What every table must do; run against memory and against the DynamoDB API. Every test has keys of its own. */
export function tableSuite(on: string, tableOf: () => Table): void {
  const fresh = () => ({ pk: randomUUID(), sk: 'a' });
  const byKey = (one: Item, other: Item) => (one.sk < other.sk ? -1 : 1);

  test(`an item comes back as it was put, without undefined parts and empty sets (${on})`, async () => {
    const table = tableOf();
    const key = fresh();
    const nested = { text: '', list: [1, 'two', null, { deep: true }], map: {} };
    await table.write({ put: { ...key, nested, set: new Set(['x']), none: undefined, empty: new Set<string>() } });
    expect(await table.get(key)).toEqual({ ...key, nested, set: new Set(['x']) });
    expect(await table.get({ ...key, sk: 'b' })).toBeUndefined();
  });

  test(`what was read can be changed without changing what is stored (${on})`, async () => {
    const table = tableOf();
    const key = fresh();
    const list = ['one'];
    await table.write({ put: { ...key, list } });
    list.push('two');
    const read = await table.get(key);
    if (Array.isArray(read?.list)) read.list.push('three');
    expect((await table.get(key))?.list).toEqual(['one']);
  });

  test(`every kind of condition holds and fails as it says (${on})`, async () => {
    const table = tableOf();
    const key = fresh();
    await table.write({ put: { ...key, n: 5, text: 'x', yes: true, set: new Set(['m']) } });
    const holds: Condition[] = [
      { exists: true },
      { equals: { n: 5, text: 'x', yes: true } },
      { absent: ['other'] },
      { below: { n: 6 } },
      { contains: { set: 'm' } },
      { oneOf: { text: ['w', 'x'] } },
    ];
    const fails: Condition[] = [
      { exists: false },
      { equals: { n: 4 } },
      { equals: { other: 1 } },
      { absent: ['n'] },
      { below: { n: 5 } },
      { below: { other: 5 } },
      { contains: { set: 'k' } },
      { contains: { other: 'm' } },
      { oneOf: { text: ['w'] } },
      { oneOf: { other: ['x'] } },
      { exists: true, equals: { n: 5 }, below: { n: 5 } },
    ];
    for (const when of holds)
      expect(await table.transact([{ update: key, set: { seen: 1 }, when }]), JSON.stringify(when)).toEqual({
        ok: true,
      });
    for (const when of fails) {
      expect(await table.transact([{ delete: key, when }]), JSON.stringify(when)).toEqual({ ok: false, failed: [0] });
      expect(await table.write({ update: key, set: { n: 1 }, when })).toEqual({ ok: false });
      expect(await table.write({ delete: key, when })).toEqual({ ok: false });
    }
    expect((await table.get(key))?.n).toBe(5);
  });

  test(`an update adds, sets, removes and changes members, and makes the item if there is none (${on})`, async () => {
    const table = tableOf();
    const key = fresh();
    const update = { update: key, set: { a: 'x' }, add: { n: 2 }, addMembers: { s: ['p', 'q'] } };
    expect(await table.write(update)).toEqual({ ok: true, item: { ...key, a: 'x', n: 2, s: new Set(['p', 'q']) } });
    await table.write({ update: key, remove: ['a'], add: { n: -3 }, dropMembers: { s: ['q', 'never'], t: ['z'] } });
    expect(await table.get(key)).toEqual({ ...key, n: -1, s: new Set(['p']) });
    await table.write({ update: key, dropMembers: { s: ['p'] } });
    expect(await table.get(key)).toEqual({ ...key, n: -1 });
    expect(await table.write({ update: key, add: { n: 1 }, when: { absent: ['s'] } })).toMatchObject({ ok: true });
  });

  test(`a transaction is all or nothing and names every condition that failed (${on})`, async () => {
    const table = tableOf();
    const [one, two, three] = [fresh(), fresh(), fresh()];
    await table.write({ put: { ...one, n: 1 } });
    const refused = await table.transact([
      { put: { ...one, n: 9 }, when: { equals: { n: 2 } } },
      { put: { ...two, n: 9 } },
      { delete: three, when: { exists: true } },
    ]);
    expect(refused).toEqual({ ok: false, failed: [0, 2] });
    expect(await table.get(two)).toBeUndefined();
    const done = await table.transact([
      { update: one, add: { n: 1 }, when: { equals: { n: 1 } } },
      { put: { ...two, n: 2 }, when: { exists: false } },
    ]);
    expect(done).toEqual({ ok: true });
    expect([(await table.get(one))?.n, (await table.get(two))?.n]).toEqual([2, 2]);
  });

  test(`a transaction repeated with its token is one (${on})`, async () => {
    const table = tableOf();
    const key = fresh();
    const token = randomUUID();
    const write = { update: key, add: { n: 1 } };
    expect(await table.transact([write], token)).toEqual({ ok: true });
    expect(await table.transact([write], token)).toEqual({ ok: true });
    await table.transact([write], randomUUID());
    expect((await table.get(key))?.n).toBe(2);
  });

  test(`a transaction of more than 100 writes, or with two on one key, is refused (${on})`, async () => {
    const table = tableOf();
    const key = fresh();
    const twice = [{ update: key, add: { n: 1 } }, { delete: key }];
    await expect(table.transact(twice)).rejects.toMatchObject({ kind: 'defect' });
    const many = Array.from({ length: 101 }, (_, at) => ({ put: { ...key, sk: `${at}` } }));
    await expect(table.transact(many)).rejects.toMatchObject({ kind: 'defect' });
    expect(await table.get(key)).toBeUndefined();
  });

  test(`transactions at the same time on one counter all arrive (${on})`, async () => {
    const table = tableOf();
    const key = fresh();
    const other = fresh();
    const adds = Array.from({ length: 12 }, () =>
      table.transact([
        { update: key, add: { n: 1 } },
        { update: other, add: { n: 2 } },
      ]),
    );
    expect((await Promise.all(adds)).every((outcome) => outcome.ok)).toBe(true);
    expect([(await table.get(key))?.n, (await table.get(other))?.n]).toEqual([12, 24]);
  });

  test(`250 items are put and read in batches, doubles and absent keys allowed (${on})`, async () => {
    const table = tableOf();
    const { pk } = fresh();
    const items = Array.from({ length: 250 }, (_, at) => ({ pk, sk: `${at}`, n: at }));
    await table.putMany([{ pk, sk: '0', n: -1 }, ...items]);
    const keys = items.map(({ sk }) => ({ pk, sk }));
    const read = await table.getMany([...keys, ...keys, { pk, sk: 'absent' }]);
    expect([...read].sort(byKey)).toEqual([...items].sort(byKey));
  });

  test(`many items are deleted, more than a batch holds, and those that are absent are no fault (${on})`, async () => {
    const table = tableOf();
    const { pk } = fresh();
    const items = Array.from({ length: 60 }, (_, at) => ({ pk, sk: String(at).padStart(3, '0') }));
    await table.putMany([...items, { pk, sk: 'kept' }]);
    await table.deleteMany([...items, ...items, { pk, sk: 'absent' }]);
    await table.deleteMany(items);
    await table.deleteMany([]);
    expect((await table.query({ pk })).items.map(({ sk }) => sk)).toEqual(['kept']);
  });

  test(`a query yields a partition in order, a page at a time, from both ends (${on})`, async () => {
    const table = tableOf();
    const { pk } = fresh();
    await table.putMany(['a#1', 'a#2', 'a#3', 'b#1', 'c#1'].map((sk) => ({ pk, sk })));
    const all = async (request: Omit<Parameters<Table['query']>[0], 'pk'>) => {
      const found: string[] = [];
      let start: string | undefined;
      do {
        const page = await table.query({ ...request, pk, ...(start !== undefined && { start }) });
        expect(page.items.length).toBeLessThanOrEqual(request.limit ?? 100);
        found.push(...page.items.map(({ sk }) => sk));
        start = page.next;
      } while (start !== undefined);
      return found.join(' ');
    };
    expect(await all({ limit: 2 })).toBe('a#1 a#2 a#3 b#1 c#1');
    expect(await all({ limit: 2, descending: true })).toBe('c#1 b#1 a#3 a#2 a#1');
    expect(await all({ prefix: 'a#' })).toBe('a#1 a#2 a#3');
    expect(await all({ between: ['a#2', 'b#1'], limit: 1 })).toBe('a#2 a#3 b#1');
    expect(await all({ prefix: 'z' })).toBe('');
  });

  test(`an index is sparse, ordered by its own sort key and yields keys only (${on})`, async () => {
    const table = tableOf();
    const { pk } = fresh();
    const gsi = randomUUID();
    await table.putMany([
      { pk, sk: '1', gsi2pk: gsi, gsi2sk: 'z', secret: 'x' },
      { pk, sk: '2', gsi2pk: gsi, gsi2sk: 'y' },
      { pk, sk: '3', gsi1pk: gsi, gsi1sk: 'y' },
      { pk, sk: '4' },
    ]);
    const query = async () => (await table.query({ pk: gsi, index: 'gsi2' })).items;
    expect(await query()).toEqual([
      { pk, sk: '2', gsi2pk: gsi, gsi2sk: 'y' },
      { pk, sk: '1', gsi2pk: gsi, gsi2sk: 'z' },
    ]);
    await table.write({ update: { pk, sk: '2' }, remove: ['gsi2pk', 'gsi2sk'] });
    expect((await query()).map(({ sk }) => sk)).toEqual(['1']);
  });
}
