/** Lists of the CRM: its own and user-defined ones, read by id, written by id, shown in the language of who asks. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Values } from '../../functions/core/values/value.ts';
import type { RecordSystem } from '../../functions/ports/record-system.ts';
import { type CrmFixture, crmFixture } from '../adapters/crm/superoffice/superoffice-fixture.ts';

const segmentId = 'SuperOffice:7';
const segment = `udef:${segmentId}`;
const fields = ['name', 'country', 'category', 'business', segment];

let crm: CrmFixture;
let system: RecordSystem;

beforeAll(async () => {
  crm = await crmFixture({});
  system = crm.connect();
});
afterAll(() => crm?.stop());

async function company(content: Record<string, unknown>): Promise<string> {
  const made = (await crm.control('POST', '/records/company', { name: 'Lists', ...content })) as { id: number };
  return String(made.id);
}

async function read(key: string) {
  const { records } = await system.get('company', [key], fields);
  const [record] = records;
  if (record === undefined) throw new Error(`${key} is missing`);
  return record;
}

async function update(key: string, values: Values) {
  const record = await read(key);
  const replaces = Object.fromEntries(Object.keys(values).map((name) => [name, record.values[name] ?? null]));
  const [answer] = await system.update('company', [{ key, version: record.version, values, replaces }], fields);
  return answer;
}

test('list fields are described with their lists, user-defined ones by their ProgId as published', async () => {
  const listsOf = async (type: string) =>
    (await system.describe(type)).flatMap(({ key, type: kind, label, listName }) =>
      kind === 'list' ? [[key, label, listName]] : [],
    );
  expect(await listsOf('company')).toEqual([
    ['country', 'Country', 'country'],
    ['category', 'Category', 'category'],
    ['business', 'Business', 'business'],
    [segment, 'Segment', 'udlist7'],
  ]);
  expect(await listsOf('person')).toEqual([
    ['country', 'Country', 'country'],
    ['position', 'Position', 'perspos'],
  ]);
  expect(await listsOf('project')).toEqual([
    ['type', 'Project type', 'projecttype'],
    ['status', 'Project status', 'projectstatus'],
  ]);
});

test('items are read and listed by id, written by id and blanked', async () => {
  const key = await company({ category: 'Supplier', business: 'Retail', custom: { [segmentId]: 'Public sector' } });
  expect((await read(key)).values).toMatchObject({ category: '2', business: '6', [segment]: '3' });
  const cursor = await system.start('contact');
  const sent = { category: '1', business: '3', [segment]: '1' };
  expect(await update(key, sent)).toMatchObject({ outcome: 'ok', stored: sent });
  const page = await system.listChanges({ table: 'contact', fieldsByType: { company: fields }, cursor });
  expect(page.records.find((record) => record.key === key)?.values).toMatchObject(sent);
  const seen = (await crm.control('GET', `/records/company/${key}`)) as Record<string, unknown>;
  expect(seen).toMatchObject({ category: 'Customer', business: 'Finance', custom: { [segmentId]: 'Key account' } });
  const blank = { category: null, business: null, [segment]: null };
  expect(await update(key, blank)).toMatchObject({ outcome: 'ok', stored: blank });
  expect((await read(key)).values).toMatchObject(blank);
});

test('an item that somebody changed meanwhile is not overwritten, in a user-defined field either', async () => {
  for (const [field, theirs] of [
    ['category', { category: 'Partner' }],
    [segment, { custom: { [segmentId]: 'Small business' } }],
  ] as const) {
    const key = await company({});
    const { version, values: replaces } = await read(key);
    await crm.edit('company', key, theirs);
    const write = { key, version, values: { [field]: '1' }, replaces };
    expect(await system.update('company', [write], fields)).toEqual([{ outcome: 'stale' }]);
  }
});

test('an item that the CRM does not have is refused by itself', async () => {
  const key = await company({});
  expect(await update(key, { category: '99' })).toMatchObject({ outcome: 'rejected' });
  expect(await update(key, { [segment]: '99' })).toMatchObject({ outcome: 'rejected' });
  expect(await update(key, { name: 'Still writable' })).toMatchObject({ outcome: 'ok' });
});

test('texts come in the language asked for, and lists that no field has are not shown', async () => {
  const textIn = async (list: string, key: string, language?: string) =>
    (await system.listItems(list, language)).find((item) => item.key === key)?.text;
  expect(await textIn('category', '1')).toBe('Customer');
  expect(await textIn('category', '1', 'en')).toBe('Customer');
  expect(await textIn('category', '1', 'nb-NO')).toBe('Kunde');
  expect(await textIn('udlist7', '1', 'no')).toBe('Nøkkelkunde');
  expect(await textIn('country', '528', 'no')).toBe('Nederland');
  expect((await system.listItems('country')).find(({ key }) => key === '528')).toEqual({
    key: '528',
    text: 'Netherlands',
    code: 'NL',
  });
  await expect(system.listItems('associate')).rejects.toMatchObject({ kind: 'misconfigured' });
});

test('a poll without list fields costs no further call, and with some one a page', async () => {
  await system.describe('company');
  await company({});
  const calls = async (asked: readonly string[]) => {
    const before = system.callCount();
    const { records } = await system.get('company', ['1'], asked);
    expect(records).toHaveLength(1);
    return system.callCount() - before;
  };
  expect(await calls(['name', 'country'])).toBe(1);
  expect(await calls(fields)).toBe(2);
});
