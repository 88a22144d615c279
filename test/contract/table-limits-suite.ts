import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Item, Key, Table } from '../../functions/ports/table.ts';

/** Documented limits that an emulator may let pass. */
type Limit = 'stored-transaction' | 'index-key-length' | 'in';

interface LimitOptions {
  /** Those let pass, each with the reason: its test is expected to fail there. */
  readonly unenforced?: Readonly<Partial<Record<Limit, string>>>;
}

/**
 * DynamoDB's documented limits; run against memory and against the DynamoDB API. Every test has keys of its own.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export function tableLimitsSuite(on: string, tableOf: () => Table, options: LimitOptions = {}): void {
  const fresh = () => ({ pk: randomUUID(), sk: 'a' });
  const refusal = { kind: 'defect' };
  /** The item whose one text makes it as large as told, in bytes. */
  const itemOf = (bytes: number, key: Key = fresh()): Item => ({
    ...key,
    text: 'x'.repeat(bytes - `pk${key.pk}sk${key.sk}text`.length),
  });
  const { unenforced = {} } = options;
  const limit = (name: Limit, fact: string, body: () => Promise<void>) => {
    const reason = unenforced[name];
    if (reason === undefined) test(`${fact} (${on})`, body);
    // Tells when the emulator has learnt it.
    else test.fails(`${fact} (not on ${on}: ${reason})`, body);
  };

  test(`an item of 400 KB is stored, and one byte more is refused, put or updated (${on})`, async () => {
    const table = tableOf();
    const full = itemOf(400 * 1024);
    await table.write({ put: full });
    expect(await table.get(full)).toEqual(full);
    const { pk } = full;
    const larger = itemOf(400 * 1024 + 1, { pk, sk: 'b' });
    await expect(table.write({ put: larger })).rejects.toMatchObject(refusal);
    await expect(table.transact([{ put: larger }])).rejects.toMatchObject(refusal);
    await expect(table.putMany([larger])).rejects.toMatchObject(refusal);
    await expect(table.write({ update: { pk, sk: 'b' }, set: { text: larger.text ?? '' } })).rejects.toMatchObject(
      refusal,
    );
    await expect(table.write({ update: { pk, sk: 'a' }, set: { n: 1 } })).rejects.toMatchObject(refusal);
    await expect(table.transact([{ update: { pk, sk: 'a' }, set: { n: 1 } }])).rejects.toMatchObject(refusal);
    expect((await table.query({ pk })).items).toEqual([full]);
  });

  test(`names, bytes of text, nesting and sets count into the size of an item (${on})`, async () => {
    const table = tableOf();
    const key = fresh();
    const list = Array.from({ length: 68_259 }, () => 'hello');
    const members = Array.from({ length: 400 }, (_, at) => `${at}`.padStart(1024, '0'));
    const pairs: [fits: Item, refused: Item][] = [
      [
        { ...key, text: 'é'.repeat(204_777) },
        { ...key, text: 'é'.repeat(204_778) },
      ],
      [
        { ...key, list: list.slice(1) },
        { ...key, list },
      ],
      [
        { ...key, map: { ['n'.repeat(1024)]: 'x'.repeat(408_528) } },
        { ...key, map: { ['n'.repeat(1024)]: 'x'.repeat(408_529) } },
      ],
      [
        { ...key, set: new Set(members.slice(1)) },
        { ...key, set: new Set(members) },
      ],
    ];
    for (const [fits, larger] of pairs) {
      expect(await table.write({ put: fits })).toEqual({ ok: true });
      await expect(table.write({ put: larger })).rejects.toMatchObject(refusal);
    }
  });

  test(`a transaction holds 100 items and 4 MB, and no more (${on})`, async () => {
    const table = tableOf();
    const { pk } = fresh();
    const many = Array.from({ length: 101 }, (_, at) => ({ put: { pk, sk: `${at}` } }));
    expect(await table.transact(many.slice(1))).toEqual({ ok: true });
    await expect(table.transact(many)).rejects.toMatchObject(refusal);
    const large = Array.from({ length: 11 }, (_, at) => ({ put: itemOf(390 * 1024, { pk, sk: `large${at}` }) }));
    await expect(table.transact(large)).rejects.toMatchObject(refusal);
    expect((await table.query({ pk, prefix: 'large' })).items).toEqual([]);
    expect(await table.transact(large.slice(1))).toEqual({ ok: true });
    await expect(table.transact([])).rejects.toMatchObject(refusal);
  });

  limit('stored-transaction', 'a transaction that updates more than 4 MB of items is refused', async () => {
    const table = tableOf();
    const { pk } = fresh();
    const large = Array.from({ length: 11 }, (_, at) => itemOf(390 * 1024, { pk, sk: `${at}` }));
    await table.putMany(large);
    const updates = large.map(({ sk }) => ({ update: { pk, sk }, set: { n: 1 } }));
    await expect(table.transact(updates)).rejects.toMatchObject(refusal);
    expect(await table.transact(updates.slice(1))).toEqual({ ok: true });
  });

  test(`a partition key has 1 to 2048 bytes and a sort key 1 to 1024 (${on})`, async () => {
    const table = tableOf();
    const { pk, sk } = fresh();
    const longest = { pk: pk.padEnd(2048, '-'), sk: 'é'.repeat(512) };
    await table.write({ put: longest });
    expect(await table.get(longest)).toEqual(longest);
    const wrong = [
      { pk: '', sk },
      { pk, sk: '' },
      { pk: `${longest.pk}-`, sk },
      { pk, sk: `${longest.sk}-` },
    ];
    for (const key of wrong) {
      await expect(table.get(key), JSON.stringify(key)).rejects.toMatchObject(refusal);
      await expect(table.getMany([key])).rejects.toMatchObject(refusal);
      await expect(table.write({ put: key })).rejects.toMatchObject(refusal);
      await expect(table.write({ delete: key })).rejects.toMatchObject(refusal);
      await expect(table.write({ update: key, set: { n: 1 } })).rejects.toMatchObject(refusal);
      await expect(table.transact([{ put: key }])).rejects.toMatchObject(refusal);
      await expect(table.putMany([key])).rejects.toMatchObject(refusal);
    }
    await expect(table.query({ pk: '' })).rejects.toMatchObject(refusal);
    await expect(table.query({ pk, between: ['', 'a'] })).rejects.toMatchObject(refusal);
  });

  test(`a key that is a number is refused (${on})`, async () => {
    const table = tableOf();
    const { pk } = fresh();
    const numeric: Item = JSON.parse(JSON.stringify({ pk, sk: 5 }));
    await expect(table.get(numeric)).rejects.toMatchObject(refusal);
    await expect(table.write({ put: numeric })).rejects.toMatchObject(refusal);
    await expect(table.transact([{ put: numeric }])).rejects.toMatchObject(refusal);
    expect((await table.query({ pk })).items).toEqual([]);
  });

  test(`a key of an index that is empty or no text is refused on every write (${on})`, async () => {
    const table = tableOf();
    const { pk, sk } = fresh();
    for (const value of ['', 5, null, new Set(['x'])]) {
      const attributes = { gsi1pk: randomUUID(), gsi1sk: value };
      const put = { pk, sk, ...attributes };
      await expect(table.write({ put }), String(value)).rejects.toMatchObject(refusal);
      await expect(table.transact([{ put }])).rejects.toMatchObject(refusal);
      await expect(table.putMany([put])).rejects.toMatchObject(refusal);
      await expect(table.write({ update: { pk, sk }, set: attributes })).rejects.toMatchObject(refusal);
      await expect(table.transact([{ update: { pk, sk }, set: attributes }])).rejects.toMatchObject(refusal);
    }
    expect(await table.get({ pk, sk })).toBeUndefined();
  });

  limit('index-key-length', 'a key of an index is no longer than one of the table', async () => {
    const table = tableOf();
    const key = fresh();
    const longest = { gsi1pk: randomUUID().padEnd(2048, '-'), gsi1sk: 'x'.repeat(1024) };
    await table.write({ put: { ...key, ...longest } });
    for (const [name, value] of Object.entries(longest)) {
      const put = { ...key, ...longest, [name]: `${value}-` };
      await expect(table.write({ put }), name).rejects.toMatchObject(refusal);
      await expect(table.transact([{ update: key, set: { [name]: `${value}-` } }])).rejects.toMatchObject(refusal);
    }
    expect(await table.get(key)).toEqual({ ...key, ...longest });
  });

  test(`a range with its bounds reversed and a limit below one are refused (${on})`, async () => {
    const table = tableOf();
    const { pk } = fresh();
    await table.write({ put: { pk, sk: 'b' } });
    expect((await table.query({ pk, between: ['b', 'b'], limit: 1 })).items).toHaveLength(1);
    await expect(table.query({ pk, between: ['c', 'b'] })).rejects.toMatchObject(refusal);
    await expect(table.query({ pk, limit: 0 })).rejects.toMatchObject(refusal);
    await expect(table.query({ pk, limit: -1 })).rejects.toMatchObject(refusal);
  });

  limit('in', 'one of 100 values is asked for, and no more', async () => {
    const table = tableOf();
    const put = { ...fresh(), n: '7' };
    await table.write({ put });
    const n = Array.from({ length: 101 }, (_, at) => `${at}`);
    expect(await table.write({ put, when: { oneOf: { n: n.slice(1) } } })).toEqual({ ok: true });
    await expect(table.write({ put, when: { oneOf: { n } } })).rejects.toMatchObject(refusal);
    await expect(table.transact([{ put, when: { oneOf: { n } } }])).rejects.toMatchObject(refusal);
  });

  test(`one of no values is refused (${on})`, async () => {
    const write = { put: fresh(), when: { oneOf: { n: [] } } };
    await expect(tableOf().write(write)).rejects.toMatchObject(refusal);
    await expect(tableOf().transact([write])).rejects.toMatchObject(refusal);
  });

  test(`a page ends before 1 MB and names the next, whatever its limit (${on})`, async () => {
    const table = tableOf();
    const { pk } = fresh();
    const stored = Array.from({ length: 7 }, (_, at) => itemOf(300 * 1024, { pk, sk: `${at}` }));
    await table.putMany(stored);
    const pages: string[] = [];
    let start: string | undefined;
    do {
      const { items, next } = await table.query({ pk, limit: 5, start });
      pages.push(items.map(({ sk }) => sk).join(''));
      start = next;
    } while (start !== undefined);
    expect(pages).toEqual(['012', '345', '6']);
    const short = await table.query({ pk, limit: 2, descending: true });
    expect(short.items.map(({ sk }) => sk)).toEqual(['6', '5']);
    expect(short.next).toBeDefined();
  });

  test(`a page of an index counts the keys that it yields (${on})`, async () => {
    const table = tableOf();
    const { pk } = fresh();
    const gsi1pk = randomUUID();
    const keyed = (at: number) => ({ ...itemOf(300 * 1024, { pk, sk: `${at}` }), gsi1pk, gsi1sk: `${at}` });
    await table.putMany(Array.from({ length: 5 }, (_, at) => keyed(at)));
    expect((await table.query({ pk: gsi1pk, index: 'gsi1' })).items).toHaveLength(5);
  });

  test(`a set without members is refused wherever it is not left out (${on})`, async () => {
    const table = tableOf();
    const key = fresh();
    const none = new Set<string>();
    await expect(table.write({ put: { ...key, map: { none } } })).rejects.toMatchObject(refusal);
    await expect(table.putMany([{ ...key, list: [none] }])).rejects.toMatchObject(refusal);
    await expect(table.write({ update: key, set: { none } })).rejects.toMatchObject(refusal);
    await expect(table.transact([{ update: key, set: { none } }])).rejects.toMatchObject(refusal);
    expect(await table.get(key)).toBeUndefined();
  });
}
