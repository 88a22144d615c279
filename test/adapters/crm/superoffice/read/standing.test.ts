import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RecordSystem } from '../../../../../functions/ports/record-system.ts';
import { type CrmFixture, crmFixture } from '../superoffice-fixture.ts';

let crm: CrmFixture;
let system: RecordSystem;
beforeEach(async () => {
  crm = await crmFixture();
  system = crm.connect();
});
afterEach(() => crm.stop());

async function make(content: object = {}, type = 'company'): Promise<string> {
  const made = await crm.control('POST', `/records/${type}`, { name: 'Acme', ...content });
  return String((made as { id: number }).id);
}
const makePerson = (content: object = {}) =>
  crm
    .control('POST', '/records/person', { lastName: 'Berg', ...content })
    .then((made) => String((made as { id: number }).id));
const get = (keys: string[], type = 'company', fields = ['name']) => system.get(type, keys, fields);

test('a retired person is archived, and live again when that is taken back', async () => {
  const key = await makePerson();
  const standing = async () => (await get([key], 'person', ['lastName'])).records[0]?.standing;
  expect(await standing()).toBeUndefined();
  await crm.edit('person', key, { retired: true });
  expect(await standing()).toEqual({ kind: 'archived' });
  await crm.edit('person', key, { retired: false });
  expect(await standing()).toBeUndefined();
});

test.each(['company', 'person'])('a deleted %s is archived while it can be read, then missing', async (type) => {
  const key = type === 'person' ? await makePerson() : await make();
  await crm.control('DELETE', `/records/${type}/${key}`);
  expect(await get([key], type, [])).toMatchObject({ records: [{ key, standing: { kind: 'archived' } }], missing: [] });
  await crm.control('DELETE', `/records/${type}/${key}?purge=true`);
  expect(await get([key], type, [])).toMatchObject({ records: [], missing: [key] });
});

test('a deleted project is missing', async () => {
  const key = await make({}, 'project');
  await crm.control('DELETE', `/records/project/${key}`);
  expect(await get([key], 'project')).toMatchObject({ records: [], missing: [key] });
});

test('a name is told whole, with the parts that nobody mapped, as it is and as it would be', async () => {
  const key = await makePerson({ firstName: 'Jan', middleName: 'van den' });
  const names = await system.wholeNames('person', [{ key, values: { lastName: 'Bergen' } }], ['lastName']);
  expect(names.get(key)).toEqual({ now: 'Jan van den Berg', after: 'Jan van den Bergen' });
  expect(await system.wholeNames('company', [{ key: await make(), values: {} }], ['name'])).toEqual(new Map());
});

test('a search shows live records only', async () => {
  const live = await makePerson();
  await makePerson({ retired: true });
  const { records } = await system.search({ type: 'person', text: 'berg', fields: [], limit: 10 });
  expect(records.map(({ key }) => key)).toEqual([live]);
});

test('a merged record names the record it went to, its values are no blanks to be written', async () => {
  const [from, into] = [await make(), await make()];
  await crm.control('POST', `/records/company/${from}/merge`, { into: Number(into) });
  const { records, missing } = await get([from, into]);
  expect(records).toMatchObject([{ key: from, standing: { kind: 'merged', into } }, { key: into }]);
  expect(missing).toEqual([]);
});

test('a record that was merged and merged again names the last one', async () => {
  const [a, b, c] = [await make(), await make(), await make()];
  await crm.control('POST', `/records/company/${a}/merge`, { into: Number(b) });
  await crm.control('POST', `/records/company/${b}/merge`, { into: Number(c) });
  expect((await get([a])).records).toMatchObject([{ key: a, standing: { kind: 'merged', into: c } }]);
});

test.each([false, true])(
  'a forbidden record fails alone (lists are refused for it: %s)',
  async (listsRefuseForbidden) => {
    const keys: string[] = [];
    for (let at = 0; at < 9; at += 1) keys.push(await make());
    const closed = keys[4] ?? '';
    await crm.faults({ forbidden: [{ type: 'company', id: Number(closed) }], listsRefuseForbidden });
    await crm.control('POST', '/calls/reset');
    const { records, missing, failed } = await get([...keys, '999']);
    expect(records.map(({ key }) => key)).toEqual(keys.filter((key) => key !== closed));
    expect(missing).toEqual(['999']);
    expect(failed).toMatchObject([
      { key: closed, error: { kind: 'forbidden', explanation: 'You have no access to this record.' } },
    ]);
    expect((await crm.calls()).auth).toBeLessThanOrEqual(1);
  },
);

test('a refusal to an old ticket is answered with a fresh one, once for all records', async () => {
  const keys = [await make(), await make(), await make()];
  await get(keys);
  crm.letTimePass(600_000);
  await crm.faults({ forbidden: keys.map((key) => ({ type: 'company', id: Number(key) })) });
  await crm.control('POST', '/calls/reset');
  expect((await get(keys)).failed).toHaveLength(3);
  expect((await crm.calls()).auth).toBe(1);
});

test('a list that is refused whatever it asks for is a right that our user lacks, not the records’ trouble', async () => {
  const key = await make();
  const cursor = await system.start('contact');
  const words = 'You have no access to this record.';
  await crm.faults({ unreadableTypes: ['company'] });
  await expect(get([key])).rejects.toMatchObject({ kind: 'forbidden', explanation: words });
  const list = { table: 'contact', fieldsByType: { company: ['name'] }, cursor };
  await expect(system.listChanges(list)).rejects.toMatchObject({ kind: 'forbidden', explanation: words });
  const search = system.search({ type: 'company', text: '', fields: ['name'], limit: 9 });
  await expect(search).rejects.toMatchObject({ kind: 'misconfigured', recordType: 'company' });
  expect(await system.access('company')).toMatchObject({ read: false, write: false });
  expect((await get([await makePerson()], 'person', ['lastName'])).records).toHaveLength(1);
});

test('a refusal of everything is the user’s trouble', async () => {
  const key = await make();
  await crm.faults({ rules: [{ kind: 'any', action: '403', times: 99 }] });
  await expect(get([key])).rejects.toMatchObject({ kind: 'unauthorised' });
});

test('records that a capped answer left out are asked for again', async () => {
  const keys: string[] = [];
  for (let at = 0; at < 30; at += 1) keys.push(await make());
  await crm.faults({ pageRows: 7, nextLinks: false });
  await crm.control('POST', '/calls/reset');
  const { records, missing } = await get([...keys, '999']);
  expect(records.map(({ key }) => key)).toEqual(keys);
  expect(missing).toEqual(['999']);
  expect((await crm.calls()).get).toBe(1);
});

test('ids above 32 bits are read and listed like others', async () => {
  const cursor = await system.start('contact');
  const key = await make({ id: 9_007_199_254_740_000 });
  expect((await get([key])).records).toMatchObject([{ key, values: { name: 'Acme' } }]);
  const page = await system.listChanges({ table: 'contact', fieldsByType: { company: ['name'] }, cursor });
  expect(page.records.map((record) => record.key)).toEqual([key]);
});
