import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RecordState, RecordSystem } from '../../../../../functions/ports/record-system.ts';
import { lists } from '../../../../../local/crm-simulator/lists.ts';
import { type CrmFixture, crmFixture } from '../superoffice-fixture.ts';

let crm: CrmFixture;
let system: RecordSystem;
let lastId = 0;
beforeAll(async () => {
  crm = await crmFixture();
  system = crm.connect();
});
afterAll(() => crm.stop());
beforeEach(() => crm.faults({}));

async function make(content: object, type = 'company'): Promise<string> {
  lastId += 1;
  await crm.control('POST', `/records/${type}`, { id: lastId, name: `Record ${lastId}`, ...content });
  return String(lastId);
}

async function read(key: string, fields: string[], type = 'company'): Promise<RecordState> {
  const [record] = (await system.get(type, [key], fields)).records;
  if (!record) throw new Error('missing');
  return record;
}

async function write(key: string, values: Record<string, string | null>, replaces: Record<string, string | null>) {
  const changes = [{ key, version: '', values, replaces }];
  return (await system.update('company', changes, Object.keys(values)))[0];
}

test('countries have ISO codes, and their keys are the values of the field', async () => {
  const countries = await system.listItems('country');
  const netherlands = countries.find((country) => country.code === 'NL');
  expect(netherlands).toEqual({ key: '528', text: 'Netherlands', code: 'NL' });
  const key = await make({ country: 'NL' });
  expect((await read(key, ['country'])).values.country).toBe(netherlands?.key);
  await expect(system.listItems('associate')).rejects.toMatchObject({ kind: 'misconfigured' });
});

test('an item that somebody has just made is in its list half a minute later, to be mapped', async () => {
  const business = lists.business as { id: number; name: string }[];
  const shown = async () => (await system.listItems('business')).map(({ text }) => text);
  expect(await shown()).not.toContain('Brand new');
  business.push({ id: 77, name: 'Brand new' });
  try {
    crm.letTimePass(30_000);
    expect(await shown()).toContain('Brand new');
  } finally {
    business.pop();
  }
});

test.each([
  ['phone', 'phones', '020 1', '020 2'],
  ['fax', 'faxes', '020 1', '020 2'],
  ['email', 'emails', 'a@acme.example', 'b@acme.example'],
  ['url', 'urls', 'https://a.example', 'https://b.example'],
])('a blank of the first %s is refused where the next one would take its place', async (field, all, one, two) => {
  const key = await make({ [all]: [one, two], department: 'Before' });
  const blank = await write(key, { [field]: null, department: 'After' }, { [field]: one, department: 'Before' });
  expect(blank).toEqual({ outcome: 'rejected', field, explanation: expect.stringContaining('take the place') });
  expect(await crm.control('GET', `/records/company/${key}`)).toMatchObject({
    [all]: [one, two],
    department: 'Before',
  });
});

test('a blank of the only phone is written', async () => {
  const key = await make({ phones: ['020 1', ' '] });
  expect(await write(key, { phone: null }, { phone: '020 1' })).toMatchObject({
    outcome: 'ok',
    stored: { phone: null },
  });
});

test('a phone that the CRM writes in its own way is answered as stored', async () => {
  await crm.faults({ reformatPhones: true });
  const key = await make({ phone: '020 123' });
  const seen = await read(key, ['phone']);
  const outcome = await write(key, { phone: '+31 20-123' }, { phone: seen.values.phone as string });
  expect(outcome).toMatchObject({ outcome: 'ok', stored: { phone: '+31 20 12 3' } });
  expect((await read(key, ['phone'])).values.phone).toBe('+31 20 12 3');
});

test('country and address go in one write', async () => {
  const key = await make({ country: 'NL', street: { city: 'Amsterdam', line1: 'Damrak 1' } });
  const values = { country: '56', 'street.city': 'Gent' };
  const outcome = await write(key, values, { country: '528', 'street.city': 'Amsterdam' });
  expect(outcome).toMatchObject({ outcome: 'ok', stored: values });
  expect(await crm.control('GET', `/records/company/${key}`)).toMatchObject({
    country: 'BE',
    street: { city: 'Gent', line1: 'Damrak 1' },
  });
});

test('a refusal carries the vendor’s words', async () => {
  const key = await make({});
  expect(await write(key, { name: null }, { name: `Record ${lastId}` })).toEqual({
    outcome: 'rejected',
    explanation: 'Name is mandatory.',
  });
});

test.each(['500', '502', '503', 'html', 'reset-before', 'reset-after'])(
  'a write that meets %s has an unknown outcome',
  async (action) => {
    const key = await make({ department: 'Before' });
    await crm.faults({ rules: [{ kind: 'patch', action }] });
    const outcome = await write(key, { department: 'After' }, { department: 'Before' });
    expect(outcome).toMatchObject({ outcome: 'failed', error: { kind: 'unknown-outcome' } });
  },
);

test('a write that meets a failing read was certainly not sent', async () => {
  const key = await make({ department: 'Before' });
  await crm.faults({ rules: [{ kind: 'get', action: 'reset-after' }] });
  const outcome = await write(key, { department: 'After' }, { department: 'Before' });
  expect(outcome).toMatchObject({ outcome: 'failed', error: { kind: 'transient' } });
});

test('after a throttled write the rest of the batch is not sent', async () => {
  const keys = [];
  for (let at = 0; at < 12; at += 1) keys.push(await make({}));
  await crm.faults({ rules: [{ kind: 'patch', action: '429', times: 50, retryAfterSeconds: 9 }] });
  await crm.control('POST', '/calls/reset');
  const changes = keys.map((key) => ({
    key,
    version: '',
    values: { department: 'x' },
    replaces: { department: null },
  }));
  const outcomes = await system.update('company', changes, []);
  expect(outcomes).toHaveLength(12);
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ outcome: 'failed', error: { kind: 'throttled', retryAfterMs: 9_000 } });
  }
  expect((await crm.calls()).patch).toBeLessThanOrEqual(4);
});

test('a ticket that runs out in the middle of a batch is renewed once', async () => {
  const keys = [];
  for (let at = 0; at < 6; at += 1) keys.push(await make({}));
  await crm.faults({ rules: [{ kind: 'patch', action: '401', times: 3 }] });
  const changes = keys.map((key) => ({
    key,
    version: '',
    values: { department: 'x' },
    replaces: { department: null },
  }));
  const outcomes = await system.update('company', changes, []);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 6 }, () => 'ok'));
});

test('who wrote last is told from the log-in name', async () => {
  const key = await make({});
  expect((await read(key, ['name'])).lastWriterIsUs).toBe(false);
  await write(key, { department: 'Ours' }, { department: null });
  expect((await read(key, ['name'])).lastWriterIsUs).toBe(true);
});

test('a search text with quotes and backslashes is taken as it is', async () => {
  const key = await make({ name: "O'Brien \\ sons" });
  await make({ name: 'Another' });
  const page = await system.search({ type: 'company', text: "o'brien \\", fields: ['name'], limit: 10 });
  expect(page.records.map((record) => record.key)).toEqual([key]);
  expect(page.cursor).toBeUndefined();
});

test('keys that cannot be ids are refused with the reason, unknown fields, types and cursors are misconfigured', async () => {
  const { records, missing, failed } = await system.get('company', ['1 or 1 eq 1', '-1', ''], ['name']);
  expect(records).toEqual([]);
  expect(missing).toEqual([]);
  expect(failed.map(({ error }) => error.kind)).toEqual(['rejected', 'rejected', 'rejected']);
  const kind = { kind: 'misconfigured' };
  await expect(system.get('company', ['1'], ['unknown'])).rejects.toMatchObject(kind);
  await expect(system.get('sale', ['1'], [])).rejects.toMatchObject(kind);
  const fieldsByType = { company: ['name'] };
  await expect(system.listChanges({ table: 'contact', fieldsByType, cursor: 'x' })).rejects.toMatchObject(kind);
});

test('an edit of a phone that does not touch the record is not listed: capabilities say so', async () => {
  const key = await make({ phone: '020 1' });
  crm.letTimePass(600_000);
  const cursor = await system.start('contact');
  await crm.faults({ childEditsBumpUpdated: false });
  await crm.control('PATCH', `/records/company/${key}`, { phone: '020 2' });
  const page = await system.listChanges({ table: 'contact', fieldsByType: { company: ['phone'] }, cursor });
  expect(page.records).toEqual([]);
  expect((await system.capabilities()).listMayMissEdits).toBe(true);
});
