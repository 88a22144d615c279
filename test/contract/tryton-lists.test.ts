/** Lists of a real Tryton: categories, payment terms and languages, read, written and shown. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Values } from '../../functions/core/values/value.ts';
import { type TrytonFixture, trytonFixture } from './tryton-fixture.ts';

const fields = ['NAME', 'CATEGORY', 'PAYMENTTERM', 'LANGUAGE', 'COUNTRY'];

let erp: TrytonFixture;
let term: string;
let wholesale: string;
let retail: string;
let dutch: string;

async function make(model: string, values: object): Promise<string> {
  const [id] = await erp.admin.call<number[]>(model, 'create', [[values]]);
  return String(id);
}

const dueIn30Days = [['create', [{ type: 'remainder', relativedeltas: [['create', [{ days: 30 }]]] }]]] as const;

beforeAll(async () => {
  erp = await trytonFixture();
  term = await make('account.invoice.payment_term', { name: '30 days', lines: dueIn30Days });
  wholesale = await make('party.category', { name: 'Bulk trade' });
  retail = await make('party.category', { name: 'Corner shop' });
  const [row] = await erp.admin.call<number[]>('ir.lang', 'search', [[['code', '=', 'nl']], 0, 1, null]);
  dutch = String(row);
});
afterAll(() => erp?.close());

async function customer(mark: string): Promise<string> {
  return erp.hand.create('customer', mark);
}

async function read(key: string) {
  const { records } = await erp.system.get('customer', [key], fields);
  const [record] = records;
  if (record === undefined) throw new Error(`${key} is missing`);
  return record;
}

async function update(key: string, values: Values) {
  const { version, values: replaces } = await read(key);
  const [answer] = await erp.system.update('customer', [{ key, version, values, replaces }], fields);
  return answer;
}

test('lists are described with their names, and each item has the key that records hold', async () => {
  const described = await erp.system.describe('customer');
  const lists = described.flatMap(({ key, type, listName }) => (type === 'list' ? [[key, listName]] : []));
  expect(lists).toEqual([
    ['COUNTRY', 'country'],
    ['CATEGORY', 'category'],
    ['PAYMENTTERM', 'paymentTerm'],
    ['LANGUAGE', 'language'],
  ]);
  expect(await erp.system.listItems('paymentTerm')).toContainEqual({ key: term, text: '30 days' });
  expect(await erp.system.listItems('language')).toContainEqual({ key: dutch, text: 'Dutch', code: 'NL' });
  const categories = await erp.system.listItems('category');
  expect(categories).toContainEqual({ key: wholesale, text: 'Bulk trade' });
  expect(categories.map(({ text }) => text)).not.toContain('Customer');
  await expect(erp.system.listItems('colours')).rejects.toMatchObject({ kind: 'misconfigured' });
});

test('items are written, listed with their change, and blanked', async () => {
  // Else the demo's records, which may have been made a moment ago, come first.
  erp.age();
  const key = await customer('List items');
  expect((await read(key)).values).toMatchObject({ CATEGORY: null, PAYMENTTERM: null, LANGUAGE: null });
  const cursor = await erp.system.start('party.party');
  const sent = { CATEGORY: wholesale, PAYMENTTERM: term, LANGUAGE: dutch };
  expect(await update(key, sent)).toMatchObject({ outcome: 'ok', stored: sent });
  expect((await read(key)).values).toMatchObject(sent);
  const page = await erp.system.listChanges({ table: 'party.party', fieldsByType: { customer: fields }, cursor });
  expect(page.records.find((record) => record.key === key)?.values).toMatchObject(sent);
  expect(await update(key, { CATEGORY: retail })).toMatchObject({ outcome: 'ok', stored: { CATEGORY: retail } });
  const blank = { CATEGORY: null, PAYMENTTERM: null, LANGUAGE: null };
  expect(await update(key, blank)).toMatchObject({ outcome: 'ok', stored: blank });
  const roles = await erp.rpc.call<{ 'categories.': { name: string }[] }[]>('party.party', 'read', [
    [Number(key)],
    ['categories.name'],
  ]);
  expect(roles[0]?.['categories.'].map(({ name }) => name)).toEqual(['Customer']);
});

test('a person who changes a category, a payment term or a language is seen, and makes a write stale', async () => {
  for (const edit of [
    { categories: [['add', [Number(retail)]]] },
    { customer_payment_term: Number(term) },
    { lang: Number(dutch) },
  ]) {
    const key = await customer('Edited items');
    const before = await read(key);
    await erp.rpc.call('party.party', 'write', [[Number(key)], edit]);
    const after = await read(key);
    expect(after.version).not.toBe(before.version);
    expect(after.values).not.toEqual(before.values);
    const write = { key, version: before.version, values: { NAME: 'New' }, replaces: before.values };
    expect(await erp.system.update('customer', [write], fields)).toEqual([{ outcome: 'stale' }]);
  }
});

test('a party with several categories has none of them for us, and keeps them', async () => {
  const key = await customer('Two categories');
  await erp.rpc.call('party.party', 'write', [
    [Number(key)],
    { categories: [['add', [Number(wholesale), Number(retail)]]] },
  ]);
  expect((await read(key)).values.CATEGORY).toBe(`${wholesale}+${retail}`);
  expect(await update(key, { CATEGORY: wholesale })).toMatchObject({ outcome: 'rejected', field: 'CATEGORY' });
  expect(await update(key, { NAME: 'Still writable' })).toMatchObject({ outcome: 'ok' });
});

test('an item that Tryton does not have is refused by itself, and no record is spoilt', async () => {
  const [key, other] = [await customer('No such item'), await customer('Its neighbour')];
  for (const field of ['CATEGORY', 'PAYMENTTERM', 'LANGUAGE', 'COUNTRY']) {
    for (const value of ['999999', 'abc']) {
      expect(await update(key, { [field]: value })).toMatchObject({ outcome: 'rejected', field });
    }
  }
  const writes = await Promise.all(
    [key, other].map(async (of) => {
      const { version, values: replaces } = await read(of);
      return { key: of, version, replaces, values: { CATEGORY: of === key ? '999999' : retail } };
    }),
  );
  expect(await erp.system.update('customer', writes, fields)).toMatchObject([
    { outcome: 'rejected', field: 'CATEGORY' },
    { outcome: 'ok' },
  ]);
  expect((await read(key)).values.CATEGORY).toBeNull();
});

test('texts come in a language that this Tryton is translated to, and else in its own', async () => {
  erp.translateTo('nl');
  await erp.admin.call('party.category', 'write', [[Number(wholesale)], { name: 'Groothandel' }], { language: 'nl' });
  const textIn = async (language?: string) =>
    (await erp.system.listItems('category', language)).find((item) => item.key === wholesale)?.text;
  expect(await textIn()).toBe('Bulk trade');
  expect(await textIn('nl-BE')).toBe('Groothandel');
  expect(await textIn('xx')).toBe('Bulk trade');
});
