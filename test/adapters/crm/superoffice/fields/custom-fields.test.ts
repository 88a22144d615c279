/** The tenant's own fields, by prog id: described, read and written with the rest. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { customValue, encodedCustom } from '../../../../../functions/adapters/crm/superoffice/fields/custom-values.ts';
import type { Values } from '../../../../../functions/core/values/value.ts';
import type { RecordSystem } from '../../../../../functions/ports/record-system.ts';
import { type CrmFixture, crmFixture } from '../superoffice-fixture.ts';

let crm: CrmFixture;
let system: RecordSystem;
beforeEach(async () => {
  crm = await crmFixture({ baseZone: 'America/Los_Angeles' });
  system = crm.connect();
});
afterEach(() => crm.stop());

const filled = {
  'udef:SuperOffice:1': 'FOB',
  'udef:SuperOffice:2': 'Two\nlines',
  'udef:SuperOffice:3': 42,
  'udef:SuperOffice:4': '2027-02-28',
  'udef:SuperOffice:6': true,
  'udef:Acme.CreditLimit': '1250.5',
};
const keys = Object.keys(filled);

async function company(custom: object = {}): Promise<string> {
  const { id } = (await crm.control('POST', '/records/company', { name: 'Acme', custom })) as { id: number };
  return String(id);
}
async function read(key: string, fields: readonly string[] = keys) {
  const { records } = await system.get('company', [key], [...fields, 'name']);
  if (!records[0]) throw new Error('the company is there');
  return records[0];
}
async function write(key: string, values: Values) {
  const { version, values: replaces } = await read(key);
  const [answer] = await system.update('company', [{ key, version, values, replaces }], keys);
  return answer;
}

test('fields of the tenant are described by prog id, with label, type, length and access, lists by their name', async () => {
  const own = (await system.describe('company')).filter(({ key }) => key.startsWith('udef:'));
  expect(own.map(({ key, label, type, maxLength, access }) => [key, label, type, maxLength, access])).toEqual([
    ['udef:SuperOffice:1', 'Delivery terms', 'text', 40, 'normal'],
    ['udef:SuperOffice:2', 'Remarks', 'text', 200, 'normal'],
    ['udef:SuperOffice:3', 'Employees', 'integer', 0, 'normal'],
    ['udef:SuperOffice:4', 'Customer since', 'date', 0, 'normal'],
    ['udef:SuperOffice:6', 'Blocked', 'checkbox', 0, 'normal'],
    ['udef:SuperOffice:7', 'Segment', 'list', 0, 'normal'],
    ['udef:Acme.CreditLimit', 'Credit limit', 'decimal', 0, 'normal'],
    ['udef:Acme.Score', 'Score', 'integer', 0, 'read-only'],
  ]);
  expect(own.flatMap(({ listName }) => listName ?? [])).toEqual(['udlist7']);
});

test('values of every type are written and read back, beside fields of the vendor, and blanks where the CRM has them', async () => {
  const key = await company();
  const blank = { ...Object.fromEntries(keys.map((one) => [one, null])), 'udef:SuperOffice:3': 0 };
  expect((await read(key)).values).toEqual({
    ...blank,
    name: 'Acme',
    'udef:SuperOffice:6': false,
    'udef:Acme.CreditLimit': '0',
  });
  expect(await write(key, { ...filled, name: 'Acme Ltd' })).toMatchObject({ outcome: 'ok', stored: filled });
  expect((await read(key)).values).toEqual({ ...filled, name: 'Acme Ltd' });
  const emptied = { 'udef:SuperOffice:1': null, 'udef:SuperOffice:4': null };
  expect(await write(key, emptied)).toMatchObject({ outcome: 'ok', stored: { ...filled, ...emptied } });
});

test('an edit of such a field since the read makes a write stale, and theirs stays', async () => {
  const key = await company({ 'SuperOffice:1': 'FOB' });
  const record = await read(key);
  await crm.edit('company', key, { custom: { 'SuperOffice:1': 'theirs' } });
  const change = { key, version: record.version, replaces: record.values, values: { 'udef:SuperOffice:1': 'ours' } };
  expect(await system.update('company', [change], keys)).toEqual([{ outcome: 'stale' }]);
  await crm.control('POST', '/edit-before-next-write', {
    type: 'company',
    id: Number(key),
    changes: { custom: { 'SuperOffice:1': 'at the last moment' } },
  });
  expect(await write(key, { 'udef:SuperOffice:1': 'ours' })).toEqual({ outcome: 'stale' });
  expect((await read(key)).values['udef:SuperOffice:1']).toBe('at the last moment');
});

test('what the CRM does not take is refused: a text that is too long, a field that is read-only', async () => {
  const key = await company();
  expect(await write(key, { 'udef:SuperOffice:1': 'x'.repeat(41) })).toMatchObject({ outcome: 'rejected' });
  const { version, values: replaces } = await read(key, ['udef:Acme.Score']);
  const change = { key, version, replaces, values: { 'udef:Acme.Score': 9 } };
  expect(await system.update('company', [change], ['udef:Acme.Score'])).toMatchObject([{ outcome: 'rejected' }]);
});

test.each(['SuperOffice:1', 'CustomFields'])(
  'a right that our user lost on %s concerns the record type',
  async (hidden) => {
    const key = await company();
    await crm.faults({ hiddenFields: { company: [hidden] } });
    expect(await write(key, { 'udef:SuperOffice:1': 'FOB' })).toMatchObject({
      outcome: 'failed',
      error: { kind: 'misconfigured', recordType: 'company' },
    });
  },
);

test('they cost no call more a record: what there is is asked for once an hour, and not at all where none is used', async () => {
  const [first, second] = [await company(), await company()];
  const fields = ['udef:SuperOffice:1', 'name'];
  await system.get('company', [first, second], ['name']);
  const calls = async (used: readonly string[]) => {
    await crm.control('POST', '/calls/reset');
    await system.get('company', [first, second], used);
    const { list = 0, other = 0, get = 0 } = await crm.calls();
    return { lists: list, layouts: other, records: get };
  };
  const none = { lists: 1, layouts: 0, records: 0 };
  expect(await calls(['name'])).toEqual(none);
  expect(await calls(fields)).toEqual({ ...none, layouts: 1 });
  expect(await calls(fields)).toEqual(none);
  crm.letTimePass(3_600_000);
  expect(await calls(fields)).toEqual({ ...none, layouts: 1 });
});

test('a description shows the fields as they are at this moment, whatever was read before', async () => {
  const now = async () => (await system.describe('company')).find(({ key }) => key === 'udef:SuperOffice:1');
  expect(await now()).toMatchObject({ maxLength: 40, access: 'normal' });
  const make = (change: object) => crm.faults({ customFields: { company: { 'SuperOffice:1': change } } });
  await make({ textLength: 10, readOnly: true });
  expect(await now()).toMatchObject({ maxLength: 10, access: 'read-only' });
  await make({ gone: true });
  expect(await now()).toBeUndefined();
  const key = await company();
  await expect(system.get('company', [key], ['udef:SuperOffice:1'])).rejects.toMatchObject({ kind: 'misconfigured' });
});

test('a field that was taken away in the CRM concerns its record type alone, and is asked for anew every few seconds', async () => {
  const key = await company();
  const gone = system.get('company', [key], ['udef:Acme.Gone']);
  await expect(gone).rejects.toMatchObject({ kind: 'misconfigured', recordType: 'company' });
  await expect(system.get('company', [key], ['nope'])).rejects.toMatchObject({ recordType: undefined });
});

test('a value in a form that nobody knows is never taken for a blank', () => {
  expect(customValue('date', '[D:2020.08.27]')).toBe('2020.08.27');
  expect(customValue('integer', '[I:many]')).toBe('many');
  expect(customValue('date', '[DT:05/06/1999 00:00:00.0000000]')).toBe('1999-05-06');
  expect(customValue('date', '[D:05/06/1999]')).toBe('1999-05-06');
  expect(customValue('date', '[DT:01/01/0001 00:00:00]')).toBeNull();
  expect(customValue('decimal', '[F:12.50]')).toBe('12.5');
  expect([customValue('checkbox', 'True'), customValue('checkbox', '[I:0]')]).toEqual([true, false]);
});

test('a day goes out in the form that the tenant shows, and without one as the vendor has it', () => {
  expect(encodedCustom('date', '2027-02-28', '[D:05/06/1999 00:00:00.0000000]')).toBe(
    '[D:02/28/2027 00:00:00.0000000]',
  );
  expect(encodedCustom('date', '2027-02-28', undefined)).toBe('[DT:02/28/2027 00:00:00]');
});
