/** A Tryton as it has grown: rules, rights that come and go, merged and archived parties, phones that it checks itself. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { companyFields } from '../../functions/adapters/erp/tryton/fields/party-fields.ts';
import type { Values } from '../../functions/core/values/value.ts';
import type { RecordState, WriteAnswer } from '../../functions/ports/record-system.ts';
import { confidentialName, trytonRules } from '../../local/tryton-oddities.ts';
import { type TrytonFixture, trytonFixture } from './tryton-fixture.ts';

let erp: TrytonFixture;

beforeAll(async () => {
  erp = await trytonFixture();
});
afterAll(() => erp?.close());

const customerFields = companyFields.map((field) => field.key);
const personFields = ['FIRSTNAME', 'MIDDLENAME', 'LASTNAME'];

async function read(key: string, fields = customerFields, type = 'customer'): Promise<RecordState> {
  const [record] = (await erp.system.get(type, [key], fields)).records;
  if (record === undefined) throw new Error(`${key} cannot be read`);
  return record;
}

async function update(key: string, values: Values, fields = customerFields, type = 'customer'): Promise<WriteAnswer> {
  const { version, values: replaces } = await read(key, fields, type);
  const [answer] = await erp.system.update(type, [{ key, version, values, replaces }], fields);
  if (answer === undefined) throw new Error('no answer');
  return answer;
}

async function createParties(...parties: readonly object[]): Promise<string[]> {
  return (await erp.rpc.call<number[]>('party.party', 'create', [parties])).map(String);
}

const createParty = async (values: object): Promise<string> => (await createParties(values))[0] ?? '';

async function idOf(model: string, domain: unknown[]): Promise<number> {
  const found = await erp.admin.call<number[]>(model, 'search', [domain, 0, 1, null], { active_test: false });
  return found[0] ?? 0;
}

/** The rule is in force for what is done meanwhile, in these modes. */
async function underRule<Result>(name: string, modes: readonly string[], act: () => Promise<Result>): Promise<Result> {
  const group = await idOf('ir.rule.group', [['name', '=', name]]);
  const set = (on: boolean) =>
    erp.admin.call('ir.rule.group', 'write', [
      [group],
      Object.fromEntries(modes.map((mode): [string, boolean] => [`perm_${mode}`, on])),
    ]);
  await set(true);
  try {
    return await act();
  } finally {
    await set(false);
  }
}

/** Everybody's right on a table or field is this, for what is done meanwhile. */
async function withRight<Result>(right: object, act: () => Promise<Result>): Promise<Result> {
  const model = 'field' in right ? 'ir.model.field.access' : 'ir.model.access';
  const ids = await erp.admin.call<number[]>(model, 'create', [[right]]);
  try {
    return await act();
  } finally {
    await erp.admin.call(model, 'delete', [ids]);
  }
}

test('a merged party tells the one it went to, in a read and in a list of changes', async () => {
  const address = ['create', [{ street: 'Kade 1', city: 'Ede', invoice: true }]];
  const [from = '', into = ''] = await createParties({ name: 'Twice', addresses: [address] }, { name: 'Twice' });
  erp.age();
  const cursor = await erp.system.start('party.party');
  const before = await read(from);
  await erp.admin.wizard('party.replace', { ask: { source: Number(from), destination: Number(into) } }, 'replace');
  const after = await read(from);
  expect(after.standing).toEqual({ kind: 'merged', into });
  expect(after.version).not.toBe(before.version);
  const request = { table: 'party.party', fieldsByType: { customer: customerFields }, cursor };
  const { records } = await erp.system.listChanges(request);
  expect(records.find(({ key }) => key === from)?.standing).toEqual({ kind: 'merged', into });
  expect((await read(into)).standing).toBeUndefined();
  const [late] = await erp.system.update(
    'customer',
    [{ key: from, version: before.version, values: { NAME: 'Late' }, replaces: { NAME: 'Twice' } }],
    customerFields,
  );
  expect(late).toEqual({ outcome: 'stale' });
});

test('what a rule hides is forbidden, what is gone is missing, and their neighbours are read and written', async () => {
  const names = [`${confidentialName} A`, `${confidentialName} B`, 'Open', 'Gone'];
  const keys = await createParties(...names.map((name) => ({ name })));
  const [hidden = '', hiddenToo = '', open = '', gone = ''] = keys;
  const states = await Promise.all(keys.map((key) => read(key)));
  await erp.rpc.call('party.party', 'delete', [[Number(gone)]]);
  const writes = states.map(({ key, version, values: replaces }) => ({
    ...{ key, version, replaces },
    values: { NAME: `${confidentialName} no more` },
  }));
  const [batch, answers] = await underRule(trytonRules.parties, ['read'], async () => [
    await erp.system.get('customer', keys, ['NAME']),
    await erp.system.update('customer', writes.slice(0, 2).concat(writes.slice(3)), ['NAME']),
  ]);
  expect(batch.records.map(({ key }) => key)).toEqual([open]);
  expect(batch.missing).toEqual([gone]);
  expect(batch.failed.map(({ key }) => key).sort()).toEqual([hidden, hiddenToo].sort());
  const forbidden = { kind: 'forbidden', explanation: expect.stringContaining(trytonRules.parties) };
  expect(batch.failed.map(({ error }) => error)).toEqual([
    expect.objectContaining(forbidden),
    expect.objectContaining(forbidden),
  ]);
  expect(answers).toMatchObject([
    { outcome: 'failed', error: forbidden },
    { outcome: 'failed', error: forbidden },
    { outcome: 'missing' },
  ]);
  expect((await read(hidden)).values.NAME).toBe(`${confidentialName} A`);
});

test('a rule against writing fails the record it is about, and no other', async () => {
  const keys = await createParties({ name: 'Writable' }, { name: `${confidentialName} C` });
  const { records } = await erp.system.get('customer', keys, ['NAME']);
  const writes = records.map(({ key, version, values: replaces }) => ({
    ...{ key, version, replaces, values: { NAME: `${String(replaces.NAME)}!` } },
  }));
  const answers = await underRule(trytonRules.parties, ['write'], () =>
    erp.system.update('customer', writes, ['NAME']),
  );
  expect(answers).toMatchObject([{ outcome: 'ok' }, { outcome: 'failed', error: { kind: 'forbidden' } }]);
});

test('a right that was lost is one reason for its type, and what it does not concern is written', async () => {
  const keys = await erp.hand.createMany('customer', ['Rights A', 'Rights B', 'Rights C']);
  const { records } = await erp.system.get('customer', keys, customerFields);
  const change = (record: RecordState | undefined, values: Values) => ({
    ...{ key: record?.key ?? '', version: record?.version ?? '', replaces: {}, values },
  });
  const writes = [
    change(records[0], { PHONE: '+31 20 765 4399' }),
    change(records[1], { NAME: 'Rights B too' }),
    change(records[2], { EMAIL: 'c@rights.example' }),
  ];
  const closed = { perm_read: true, perm_write: false, perm_create: false, perm_delete: false };
  const [access, answers] = await withRight({ model: 'party.contact_mechanism', ...closed }, async () => [
    await erp.system.access('customer'),
    await erp.system.update('customer', writes, customerFields),
  ]);
  expect(access).toEqual({
    ...{ read: true, write: true, unreadable: [] },
    unwritable: ['PHONE', 'MOBILE', 'FAX', 'EMAIL', 'URL'],
  });
  const lost = { outcome: 'failed', error: { kind: 'misconfigured', recordType: 'customer' } };
  expect(answers).toMatchObject([lost, { outcome: 'ok' }, lost]);
});

test('rights on tables and fields are told, and what may not be read is never a blank', async () => {
  const all = { read: true, write: true, unreadable: [], unwritable: [] };
  expect(await erp.system.access('customer')).toEqual(all);
  expect(await erp.system.access('project')).toEqual(all);
  const key = await erp.hand.create('customer', 'Unseen');
  const none = { perm_read: false, perm_write: false, perm_create: false, perm_delete: false };
  await withRight({ model: 'party.identifier', ...none }, async () => {
    expect(await erp.system.access('customer')).toEqual({ ...all, unreadable: ['VATNO'], unwritable: ['VATNO'] });
    await expect(read(key)).rejects.toMatchObject({ kind: 'forbidden' });
  });
  await withRight({ model: 'party.party', ...none }, async () => {
    expect(await erp.system.access('person')).toEqual({ read: false, write: false, unreadable: [], unwritable: [] });
  });
  await withRight({ model: 'party.party', field: 'name', perm_read: true, perm_write: false }, async () => {
    expect(await erp.system.access('person')).toEqual({ ...all, unwritable: personFields });
    expect(await update(key, { NAME: 'Theirs' })).toMatchObject({
      outcome: 'failed',
      error: { kind: 'misconfigured', recordType: 'customer', explanation: expect.stringContaining('NAME') },
    });
  });
  expect((await read(key)).values).toMatchObject({ NAME: 'Unseen', VATNO: 'NL123456782B12' });
});

test('a rule that hides phones shows blanks: no right tells of it', async () => {
  const key = await erp.hand.create('customer', 'Phones hidden');
  const seen = await underRule(trytonRules.phones, ['read'], () => read(key));
  expect(seen.values).toMatchObject({ PHONE: null, MOBILE: null, FAX: null, EMAIL: 'Info@acme.example' });
  expect(seen.version).not.toBe((await read(key)).version);
});

test('Tryton puts a phone into its own form by the country of the party, the answer says so, and refuses what is none', async () => {
  const country = await idOf('country.country', [['code', '=', 'NL']]);
  const dutch = await createParty({ name: 'Dutch', addresses: [['create', [{ country, invoice: true }]]] });
  const stored = { PHONE: '+31 30 231 4455' };
  expect(await update(dutch, { PHONE: '030 2314455' })).toMatchObject({ outcome: 'ok', stored });
  expect((await read(dutch)).values).toMatchObject(stored);
  const nowhere = await createParty({ name: 'Nowhere', addresses: [] });
  for (const PHONE of ['030 2314455', '+31 1', 'call the office']) {
    expect(await update(nowhere, { PHONE })).toMatchObject({
      outcome: 'rejected',
      field: 'PHONE',
      explanation: expect.stringContaining('is not valid'),
    });
  }
  expect((await read(nowhere)).values.PHONE).toBeNull();
});

test('the first of several entries is not blanked, whatever its kind, for the next one would take its place', async () => {
  const entries = {
    ...{
      PHONE: ['phone', '+31 30 231 4455', '+31 30 231 4456'],
      MOBILE: ['mobile', '+31 6 12345678', '+31 6 12345679'],
    },
    ...{ FAX: ['fax', '+31 30 231 4457', '+31 30 231 4458'], EMAIL: ['email', 'a@b.example', 'c@d.example'] },
    URL: ['website', 'https://a.example', 'https://b.example'],
  };
  const rows = Object.values(entries).flatMap(([type, ...values]) => values.map((value) => ({ type, value })));
  const codes = ['NL123456782B12', 'BE0203201340'].map((code) => ({ type: 'eu_vat', code }));
  const key = await createParty({
    name: 'Several',
    contact_mechanisms: [['create', rows]],
    identifiers: [['create', codes]],
  });
  for (const field of [...Object.keys(entries), 'VATNO']) {
    expect(await update(key, { [field]: null })).toMatchObject({
      outcome: 'rejected',
      field,
      explanation: expect.stringContaining('take its place'),
    });
  }
  const first = (await read(key)).values;
  expect(await update(key, { EMAIL: 'new@b.example' })).toMatchObject({
    outcome: 'ok',
    stored: { ...first, EMAIL: 'new@b.example' },
  });
});

test('a name with particles is whole however it is mapped, and parts of it are one group', async () => {
  const person = await erp.system.describe('person');
  expect(person.filter(({ group }) => group === 'name').map(({ key }) => key)).toEqual(personFields);
  const key = await createParty({ name: 'Jan van den Berg' });
  const parts = async (fields: string[]) => (await read(key, fields, 'person')).values;
  expect(await parts(personFields)).toEqual({ FIRSTNAME: 'Jan', MIDDLENAME: 'van den', LASTNAME: 'Berg' });
  expect(await parts(['FIRSTNAME', 'LASTNAME'])).toEqual({ FIRSTNAME: 'Jan', LASTNAME: 'van den Berg' });
  expect(await update(key, { LASTNAME: 'Berg' }, ['FIRSTNAME', 'LASTNAME'], 'person')).toMatchObject({
    outcome: 'rejected',
    field: 'LASTNAME',
    explanation: expect.stringContaining('Jan van den Berg'),
  });
  expect(await update(key, { FIRSTNAME: 'Piet' }, ['FIRSTNAME', 'LASTNAME'], 'person')).toMatchObject({
    stored: { FIRSTNAME: 'Piet', LASTNAME: 'van den Berg' },
  });
  const given = { FIRSTNAME: 'Li', MIDDLENAME: null, LASTNAME: 'Bo van Dam' };
  expect(await update(key, given, personFields, 'person')).toMatchObject({
    outcome: 'ok',
    stored: { FIRSTNAME: 'Li Bo', MIDDLENAME: 'van', LASTNAME: 'Dam' },
  });
  expect((await read(key, ['NAME'])).values.NAME).toBe('Li Bo van Dam');
});

test('where the party has no address and both are alike one row is made, which holds for both', async () => {
  const fields = await erp.system.describe('customer');
  const groups = new Set(
    fields.filter(({ group }) => group !== undefined).map(({ key, group }) => `${key.slice(0, 6)} ${group}`),
  );
  expect(groups).toEqual(new Set(['POSTAL postal-address', 'STREET street-address']));
  const key = await createParty({ name: 'Once', addresses: [] });
  const place = (use: string) => ({ [`${use}AD1`]: 'Kade 7', [`${use}ZIP`]: '1012 LG', [`${use}CITY`]: 'Ede' });
  const wanted = { ...place('POSTAL'), ...place('STREET') };
  expect(await update(key, wanted)).toMatchObject({ outcome: 'ok', stored: wanted });
  const [party] = await erp.rpc.call<{ addresses: number[] }[]>('party.party', 'read', [[Number(key)], ['addresses']]);
  expect(party?.addresses).toHaveLength(1);
});

test('a street that is kept in parts is refused, and nothing of the address is written beside it', async () => {
  const key = String(await idOf('party.party', [['name', 'like', 'Wiersma%']]));
  const before = await read(key);
  expect(before.values).toMatchObject({ POSTALAD1: 'Oudegracht 112', STREETAD1: 'Oudegracht 112' });
  const moved = { POSTALAD1: 'Damrak 7', POSTALZIP: '1012 KK', STREETAD1: 'Damrak 7', STREETZIP: '1012 KK' };
  expect(await update(key, moved)).toMatchObject({ outcome: 'rejected', field: 'POSTALAD1' });
  expect((await read(key)).values).toEqual(before.values);
});

test('a project that became a task is still listed when it is renamed', async () => {
  const key = await erp.hand.create('project', 'To be a task');
  const parent = Number(await erp.hand.create('project', 'Parent'));
  const cursor = await erp.system.start('project.work');
  await erp.rpc.call('project.work', 'write', [[Number(key)], { type: 'task', parent, name: 'A task now' }]);
  erp.age();
  await erp.rpc.call('project.work', 'write', [[Number(key)], { name: 'A task renamed' }]);
  const request = { table: 'project.work', fieldsByType: { project: ['NAME'] }, cursor };
  const { records } = await erp.system.listChanges(request);
  expect(records.find((record) => record.key === key)?.values).toEqual({ NAME: 'A task renamed' });
});
