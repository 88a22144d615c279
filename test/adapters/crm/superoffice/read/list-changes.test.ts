import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RecordState, RecordSystem } from '../../../../../functions/ports/record-system.ts';
import { type CrmFixture, crmFixture } from '../superoffice-fixture.ts';

let crm: CrmFixture;
let system: RecordSystem;
beforeEach(async () => {
  crm = await crmFixture();
  system = crm.connect();
});
afterEach(() => crm.stop());

const hourMs = 3_600_000;

async function make(type = 'company'): Promise<string> {
  const content = type === 'person' ? { lastName: 'Berg' } : { name: 'Acme' };
  const made = await crm.control('POST', `/records/${type}`, content);
  return String((made as { id: number }).id);
}

/** All changes since the cursor; `betweenPages` runs after each page that is not the last. */
async function changes(cursor: string, table = 'contact', betweenPages?: () => Promise<unknown>) {
  const fieldsByType = { company: ['name'], person: ['lastName'], project: ['name'] };
  const records = new Map<string, RecordState>();
  for (let at = cursor; ; ) {
    const page = await system.listChanges({ table, fieldsByType, cursor: at });
    for (const record of page.records) records.set(record.key, record);
    at = page.cursor;
    if (page.complete) return { records, keys: [...records.keys()], cursor: at };
    await betweenPages?.();
  }
}

test.each([true, false])('a capped page is not the end (next page named: %s)', async (nextLinks) => {
  const cursor = await system.start('contact');
  const keys: string[] = [];
  for (let at = 0; at < 25; at += 1) keys.push(await make());
  await crm.faults({ pageRows: 10, nextLinks });
  expect((await changes(cursor)).keys).toEqual(keys);
});

test.each([true, false])('a search goes on behind a capped page (next page named: %s)', async (nextLinks) => {
  const keys: string[] = [];
  for (let at = 0; at < 5; at += 1) keys.push(await make());
  await crm.faults({ pageRows: 2, nextLinks });
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await system.search({ type: 'company', text: 'acme', fields: [], limit: 50, cursor });
    found.push(...page.records.map(({ key }) => key));
    cursor = page.cursor;
  } while (cursor !== undefined);
  expect(found).toEqual(keys);
});

test('a clock that was ahead and is put right hides no edit', async () => {
  const key = await make();
  await system.start('contact');
  await crm.faults({ clockOffsetSeconds: 3_600 });
  const { cursor } = await changes(await system.start('contact'));
  await crm.faults({});
  crm.letTimePass(120_000);
  await crm.edit('company', key, { name: 'Edited' });
  crm.letTimePass(120_000);
  const next = await changes(cursor);
  expect(next.records.get(key)?.values.name).toBe('Edited');
  crm.letTimePass(120_000);
  expect((await changes(next.cursor)).keys).toEqual([]);
});

test('a clock put right between two pages hides no edit, on either side of the page', async () => {
  await system.start('contact');
  await crm.faults({ clockOffsetSeconds: 3_600, pageRows: 5 });
  const cursor = await system.start('contact');
  const keys: string[] = [];
  for (let at = 0; at < 12; at += 1) keys.push(await make());
  const [first = '', last = ''] = [keys[0], keys.at(-1)];
  let edits = 0;
  const pass = await changes(cursor, 'contact', async () => {
    await crm.faults({ pageRows: 5 });
    edits += 1;
    if (edits > 1) return;
    crm.letTimePass(90_000);
    await crm.edit('company', first, { name: 'First edited' });
    await crm.edit('company', last, { name: 'Last edited' });
    crm.letTimePass(90_000);
  });
  const next = await changes(pass.cursor);
  const name = (key: string) => (next.records.get(key) ?? pass.records.get(key))?.values.name;
  expect([name(first), name(last)]).toEqual(['First edited', 'Last edited']);
});

test('a clock that goes back by more than a day is an error, which moves nothing', async () => {
  const cursor = JSON.parse(await system.start('contact'));
  const key = await make();
  const { sinceMs, clocks } = cursor;
  const readWhenAhead = (ms: number) =>
    JSON.stringify({ sinceMs: sinceMs + ms, clocks: { ...clocks, serverMs: clocks.serverMs + ms } });
  await expect(changes(readWhenAhead(25 * hourMs))).rejects.toMatchObject({
    kind: 'transient',
    listTrouble: 'clock-stepped-back',
    explanation: expect.stringContaining('24 hours'),
  });
  expect((await changes(readWhenAhead(23 * hourMs))).keys).toEqual([key]);
});

test('a cursor that cannot be read is one to go on from no more', async () => {
  await expect(changes('none of ours')).rejects.toMatchObject({ listTrouble: 'cursor-not-accepted' });
});

test('a cursor of an earlier form is still taken', async () => {
  const key = await make();
  const sinceMs = crm.runtime.nowMs() - hourMs;
  expect((await changes(JSON.stringify({ sinceMs }))).keys).toEqual([key]);
});

test.each(['America/Los_Angeles', 'Europe/Oslo'])(
  'a CRM in %s that takes times without a zone as its own hides no change',
  async (baseZone) => {
    await crm.faults({ baseZone, filterTimes: 'naive-is-local' });
    const cursor = await system.start('contact');
    const key = await make();
    expect((await changes(cursor)).keys).toEqual([key]);
  },
);

test('a CRM whose filter would leave out changes is refused at once', async () => {
  await make();
  await crm.faults({ baseZone: 'America/Los_Angeles', filterTimes: 'zone-ignored' });
  await expect(system.start('contact')).rejects.toMatchObject({ kind: 'misconfigured' });
});

test('a changed record that is closed to us is listed without its values, beside the others', async () => {
  const cursor = await system.start('contact');
  const keys = [await make(), await make(), await make()];
  const [, closed = ''] = keys;
  await crm.faults({ forbidden: [{ type: 'company', id: Number(closed) }], listsRefuseForbidden: true });
  const { records } = await changes(cursor);
  expect([...records.keys()].sort()).toEqual(keys);
  expect(records.get(closed)).toMatchObject({ values: { name: null }, version: records.get(keys[0] ?? '')?.version });
  expect(records.get(keys[0] ?? '')?.values.name).toBe('Acme');
});

test('a merged record is listed with the record that it went to', async () => {
  const cursor = await system.start('contact');
  const [from, into] = [await make(), await make()];
  crm.letTimePass(10_000);
  await crm.control('POST', `/records/company/${from}/merge`, { into: Number(into) });
  const { records } = await changes(cursor);
  expect(records.get(from)).toMatchObject({ values: { name: null }, standing: { kind: 'merged', into } });
  expect(records.get(into)?.standing).toBeUndefined();
});

test('a record that was moved, and is still there, is not taken for merged', async () => {
  const cursor = await system.start('contact');
  const [from, into] = [await make(), await make()];
  await crm.control('POST', `/records/company/${from}/merge`, { into: Number(into) });
  await crm.control('POST', '/records/company', { id: Number(from), name: 'Still there' });
  const { records } = await changes(cursor);
  expect(records.get(from)).toMatchObject({ values: { name: 'Still there' }, standing: undefined });
});

test('a merge in another table, or a tenant without the log of merges, lists none', async () => {
  const cursor = await system.start('contact');
  const [from, into] = [await make('person'), await make('person')];
  const key = await make();
  await crm.control('POST', `/records/person/${from}/merge`, { into: Number(into) });
  expect((await changes(cursor)).keys).toEqual([key]);
});
