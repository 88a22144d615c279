import { afterAll, beforeAll, expect, test } from 'vitest';
import { connector } from '../../functions/adapters/erp/tryton/connector.ts';
import { companyFields } from '../../functions/adapters/erp/tryton/fields/party-fields.ts';
import { projectFields } from '../../functions/adapters/erp/tryton/fields/project-fields.ts';
import { tryton } from '../../functions/adapters/erp/tryton/tryton.ts';
import { systemRuntime } from '../../functions/adapters/runtime/system-runtime.ts';
import type { FieldMetadata } from '../../functions/core/model/field.ts';
import type { Values } from '../../functions/core/values/value.ts';
import type { RecordState } from '../../functions/ports/record-system.ts';
import { freePort } from '../../local/ports.ts';
import { recordSystemSuite } from './record-system-suite.ts';
import { type TrytonFixture, trytonFixture } from './tryton-fixture.ts';

recordSystemSuite({
  lateEdits: false,
  movableClock: false,
  testsValues: false,
  types: [
    {
      type: 'customer',
      table: 'party.party',
      text: 'NAME',
      otherText: 'URL',
      blankable: 'PHONE',
      address: ['STREETZIP', 'STREETCITY'],
      refused: { field: 'VATNO', value: 'NL1' },
    },
    { type: 'person', table: 'party.party', text: 'URL', otherText: 'EMAIL', blankable: 'PHONE_MOBILE' },
    {
      type: 'project',
      table: 'project.work',
      text: 'NAME',
      otherText: 'TEXT',
      blankable: 'TEXT',
      archivable: false,
    },
  ],
  manyRecords: 430,
  open: trytonFixture,
});

let erp: TrytonFixture;

beforeAll(async () => {
  erp = await trytonFixture();
});
afterAll(() => erp?.close());

const customerFields = companyFields.map((field) => field.key);

async function read(key: string, fields: readonly string[] = customerFields, type = 'customer'): Promise<RecordState> {
  const { records } = await erp.system.get(type, [key], fields);
  const [record] = records;
  if (record === undefined) throw new Error(`${key} is missing`);
  return record;
}

async function update(record: RecordState, values: Values, fields = customerFields, type = 'customer') {
  const [outcome] = await erp.system.update(
    type,
    [{ key: record.key, version: record.version, values, replaces: record.values }],
    fields,
  );
  return outcome;
}

async function createParty(values: object): Promise<string> {
  const [id] = await erp.rpc.call<number[]>('party.party', 'create', [[values]]);
  return String(id);
}

test('a poll that finds nothing costs one call, and its cursor moves', async () => {
  erp.age();
  const cursor = await erp.system.start('party.party');
  erp.methods();
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  const page = await erp.system.listChanges({
    table: 'party.party',
    fieldsByType: { customer: customerFields, person: ['FIRSTNAME'] },
    cursor,
  });
  expect(erp.methods()).toEqual(['party.party.search_read']);
  expect(page).toMatchObject({ records: [], complete: true });
  expect(page.cursor).not.toBe(cursor);
});

test('an edit of an address, a phone or an identifier alone is listed, with the values of every role', async () => {
  const keys = await erp.hand.createMany('customer', ['Child edits A', 'Child edits B', 'Child edits C']);
  const parties = await erp.rpc.call<Record<string, number[]>[]>('party.party', 'read', [
    keys.map(Number),
    ['addresses', 'contact_mechanisms', 'identifiers'],
  ]);
  erp.age();
  const cursor = await erp.system.start('party.party');
  await erp.rpc.call('party.address', 'write', [[parties[0]?.addresses?.[0]], { city: 'Zwolle' }]);
  await erp.rpc.call('party.contact_mechanism', 'write', [
    [parties[1]?.contact_mechanisms?.[0]],
    { value: '+31 30 231 4455' },
  ]);
  await erp.rpc.call('party.identifier', 'write', [[parties[2]?.identifiers?.[0]], { code: 'BE0203201340' }]);
  const fieldsByType = { customer: ['POSTALCITY', 'PHONE', 'VATNO'], person: ['LASTNAME'] };
  const { records } = await erp.system.listChanges({ table: 'party.party', fieldsByType, cursor });
  expect(records.map(({ values }) => values)).toEqual([
    { POSTALCITY: 'Zwolle', PHONE: '+31 20 765 4321', VATNO: 'NL123456782B12', LASTNAME: 'edits A' },
    { POSTALCITY: 'Breda', PHONE: '+31 30 231 4455', VATNO: 'NL123456782B12', LASTNAME: 'edits B' },
    { POSTALCITY: 'Breda', PHONE: '+31 20 765 4321', VATNO: 'BE0203201340', LASTNAME: 'edits C' },
  ]);
});

test('a child row that somebody added or removed since the read makes a write stale', async () => {
  const key = await erp.hand.create('customer', 'Child rows');
  const before = await read(key);
  await erp.rpc.call('party.contact_mechanism', 'create', [
    [{ party: Number(key), type: 'phone', value: '+31 20 765 4329' }],
  ]);
  expect(await update(before, { NAME: 'Ours' })).toEqual({ outcome: 'stale' });
  const again = await read(key);
  const [party] = await erp.rpc.call<{ identifiers: number[] }[]>('party.party', 'read', [
    [Number(key)],
    ['identifiers'],
  ]);
  erp.beforeNextWrite(() => erp.rpc.call('party.identifier', 'delete', [party?.identifiers]));
  expect(await update(again, { VATNO: 'BE0203201340' })).toEqual({ outcome: 'stale' });
});

test('our own write tells what it left; where somebody else came after it, nothing is told', async () => {
  const key = await erp.hand.create('customer', 'Proof');
  const before = await read(key);
  expect(before.lastWriterIsUs).toBe(false);
  expect(await update(before, { STREETCITY: ' Ede-Zuid' })).toMatchObject({
    outcome: 'ok',
    stored: { STREETCITY: 'Ede-Zuid', NAME: 'Proof' },
  });
  const ours = await read(key);
  expect(ours.lastWriterIsUs).toBe(true);
  erp.afterNextWrite(() => erp.hand.edit('customer', key, { STREETZIP: '9999 ZZ' }));
  expect(await update(ours, { STREETCITY: 'Wageningen' })).toEqual({ outcome: 'ok' });
  expect((await read(key)).lastWriterIsUs).toBe(false);
  const shared = erp.connect({ dedicatedUser: false });
  const { records } = await shared.get('customer', [key], ['NAME']);
  expect(records).toHaveLength(1);
  expect(records[0]?.lastWriterIsUs).toBeUndefined();
  const change = { key, version: records[0]?.version ?? '', values: { NAME: 'Unproven' }, replaces: { NAME: 'Proof' } };
  expect(await shared.update('customer', [change], ['NAME'])).toEqual([{ outcome: 'ok' }]);
});

test('fifty changes take a read, a write and a read; the same values take no write', async () => {
  const keys = await erp.hand.createMany(
    'customer',
    Array.from({ length: 50 }, (_, at) => `Many ${at}`),
  );
  const { records } = await erp.system.get('customer', keys, customerFields);
  const changes = (city: string) => (record: RecordState) => ({
    ...{ key: record.key, version: record.version, replaces: {} },
    values: { POSTALCITY: city },
  });
  erp.methods();
  const outcomes = await erp.system.update('customer', records.map(changes('Gouda')), customerFields);
  expect(erp.methods()).toEqual(['party.party.search_read', 'party.party.write', 'party.party.search_read']);
  expect(outcomes.every((outcome) => outcome.outcome === 'ok' && outcome.stored?.POSTALCITY === 'Gouda')).toBe(true);
  const again = await erp.system.get('customer', keys, customerFields);
  erp.methods();
  await erp.system.update('customer', again.records.map(changes('Gouda')), customerFields);
  expect(erp.methods()).toEqual(['party.party.search_read']);
});

test('rows are made where there are none, and the rest stays as it is', async () => {
  const countries = await erp.system.listItems('country');
  const keyOf = (code: string) => countries.find((country) => country.code === code)?.key ?? '';
  const key = await createParty({ name: 'Bare', addresses: [] });
  const bare = await read(key);
  expect(Object.entries(bare.values).filter(([, value]) => value !== null)).toEqual([
    ['NAME', 'Bare'],
    ['NUMBER1', bare.values.NUMBER1],
  ]);
  const values = {
    ...{
      PHONE: '+31 40 231 4455',
      MOBILE: '+31 6 12345679',
      EMAIL: 'a@b.example',
      URL: 'https://b.example',
      VATNO: 'NL123456782B12',
    },
    ...{ COUNTRY: keyOf('NL'), POSTALAD1: 'Postbus 2', POSTALAD3: 'Derde regel', POSTALCITY: 'Best' },
    ...{ STREETAD1: 'Weg 1', STREETZIP: '5680 AA' },
  };
  expect(await update(bare, values)).toMatchObject({ outcome: 'ok', stored: { ...bare.values, ...values } });
  const filled = await read(key);
  expect(filled.values).toEqual({ ...bare.values, ...values });
  expect(await update(filled, { COUNTRY: keyOf('BE'), STREETAD1: null, STREETZIP: null })).toMatchObject({
    outcome: 'ok',
  });
  expect((await read(key)).values).toEqual({
    ...filled.values,
    COUNTRY: keyOf('BE'),
    STREETAD1: null,
    STREETZIP: null,
  });
});

test('one address for both uses is changed in place while both agree, and parts when they do not', async () => {
  const one = { street: 'Plein 1', postal_code: '3500 AA', city: 'Utrecht', invoice: true, delivery: true };
  const key = await createParty({ name: 'One place', addresses: [['create', [one]]] });
  const moved = { POSTALAD1: 'Plein 2', STREETAD1: 'Plein 2' };
  expect(await update(await read(key), moved)).toMatchObject({ outcome: 'ok', stored: moved });
  const [party] = await erp.rpc.call<{ addresses: number[] }[]>('party.party', 'read', [[Number(key)], ['addresses']]);
  expect(party?.addresses).toHaveLength(1);
  const before = await read(key);
  expect(await update(before, { STREETAD1: 'Kade 9' })).toMatchObject({ outcome: 'ok' });
  const parted = await read(key);
  expect(parted.values).toEqual({ ...before.values, STREETAD1: 'Kade 9' });
  expect(await update(parted, { POSTALCITY: 'Zeist' })).toMatchObject({ outcome: 'ok' });
  expect((await read(key)).values).toEqual({ ...parted.values, POSTALCITY: 'Zeist' });
});

test('what cannot be kept is rejected with the field and the reason, and nothing is written', async () => {
  const phones = [
    { type: 'phone', value: '+31 20 765 4321' },
    { type: 'phone', value: '+31 20 765 4322', sequence: 1 },
  ];
  const address = { street_name: 'Weg', building_number: '3', city: 'Hoorn', invoice: true };
  const key = await createParty({
    name: 'Anna de Vries',
    contact_mechanisms: [['create', phones]],
    addresses: [['create', [address]]],
  });
  const company = await read(key);
  expect(company.values).toMatchObject({ PHONE: '+31 20 765 4321', POSTALAD1: 'Weg 3' });
  const refused: Values[] = [{ PHONE: null }, { POSTALAD1: 'Weg 4' }, { POSTALCITY: 'a\nb' }, { NUMBER1: 'X' }];
  for (const values of refused) {
    const outcome = await update(company, values);
    expect(outcome).toMatchObject({
      outcome: 'rejected',
      field: Object.keys(values)[0],
      explanation: expect.any(String),
    });
  }
  const names = ['FIRSTNAME', 'LASTNAME', 'NAME'];
  const person = await read(key, names, 'person');
  expect(person.values).toEqual({ FIRSTNAME: 'Anna', LASTNAME: 'de Vries', NAME: 'Anna de Vries' });
  expect(await update(person, { LASTNAME: 'García López' }, names, 'person')).toMatchObject({
    outcome: 'rejected',
    field: 'LASTNAME',
  });
  expect((await read(key)).version).toBe(company.version);
  expect(await update(person, { FIRSTNAME: 'Ans' }, names, 'person')).toMatchObject({
    stored: { NAME: 'Ans de Vries' },
  });
});

test('an inactive party is read and not found by search; writing it is rejected in the words of Tryton', async () => {
  const key = await erp.hand.create('customer', 'Asleep');
  await erp.rpc.call('party.party', 'write', [[Number(key)], { active: false }]);
  const record = await read(key);
  expect(record.values.NAME).toBe('Asleep');
  expect(await update(record, { NAME: 'Awake' })).toMatchObject({
    outcome: 'rejected',
    field: 'NAME',
    explanation: expect.stringContaining('not allowed to modify'),
  });
  const found = await erp.system.search({ type: 'customer', text: 'Asleep', fields: ['NAME'], limit: 5 });
  expect(found.records).toEqual([]);
});

test('a search takes signs for what they are, and finds codes, numbers and addresses of mail', async () => {
  const key = await createParty({
    name: '100% _Wol\\',
    code: 'ZZ-7',
    categories: [['add', await erp.rpc.call('party.category', 'search', [[['name', '=', 'Supplier']], 0, null, null])]],
    contact_mechanisms: [['create', [{ type: 'email', value: 'wol@schaap.example' }]]],
  });
  const search = async (type: string, text: string) =>
    (await erp.system.search({ type, text, fields: ['NAME'], limit: 5 })).records.map((record) => record.key);
  for (const text of ['0% _', '_wol\\', 'zz-7', 'SCHAAP.ex']) expect(await search('supplier', text)).toEqual([key]);
  expect(await search('supplier', '%Wol')).toEqual([]);
  expect(await search('customer', 'ZZ-7')).toEqual([]);
  expect(await search('partner', 'ZZ-7')).toEqual([]);
});

test('a wrong password is tried once and explained', async () => {
  const wrong = erp.connect({}, 'not-the-password');
  erp.methods();
  const refusal = { kind: 'unauthorised', explanation: 'Tryton does not accept this user name and password.' };
  await expect(Promise.all([wrong.capabilities(), wrong.get('customer', ['1'], ['NAME'])])).rejects.toMatchObject(
    refusal,
  );
  await expect(wrong.start('party.party')).rejects.toMatchObject(refusal);
  expect(erp.methods()).toEqual(['login']);
});

test('an ended session is renewed once, for calls that meet it together too', async () => {
  const system = erp.connect();
  await system.get('customer', ['1'], ['NAME']);
  erp.endSessions();
  erp.methods();
  await Promise.all([1, 2, 3].map(() => system.get('customer', ['1'], ['NAME'])));
  expect(erp.methods().filter((method) => method === 'login')).toHaveLength(1);
});

test('a wrong database, category or type is explained', async () => {
  await expect(erp.connect({ database: 'nothere' }).capabilities()).rejects.toMatchObject({
    kind: 'misconfigured',
    explanation: expect.stringContaining('database name'),
  });
  const other = erp.connect({ customerCategory: 'Klant', supplierCategory: '' });
  expect((await other.capabilities()).types.map(({ type }) => type)).toEqual(['customer', 'person', 'project']);
  await expect(other.describe('customer')).rejects.toMatchObject({
    kind: 'misconfigured',
    explanation: expect.stringContaining('"Klant"'),
  });
  await expect(other.describe('supplier')).rejects.toMatchObject({ kind: 'misconfigured' });
});

test('fields that the user may not write are read-only', async () => {
  const user = { login: 'reader', password: 'Reads-Only-4711', name: 'Reader' };
  await erp.admin.call('res.user', 'create', [[user]]);
  const project = await erp.connect({ user: user.login }, user.password).describe('project');
  expect(project.map(({ key, access }) => [key, access])).toEqual(projectFields.map(({ key }) => [key, 'read-only']));
});

test('fields carry the keys, labels and rights people and automatic mapping rely on', async () => {
  const [customer, project] = await Promise.all([erp.system.describe('customer'), erp.system.describe('project')]);
  const about = (fields: FieldMetadata[], key: string) => fields.find((field) => field.key === key);
  expect(about(customer, 'NAME')).toMatchObject({ label: 'Name', access: 'normal', maxLength: 0, searchable: true });
  expect(about(customer, 'NUMBER1')).toMatchObject({ access: 'read-only' });
  expect(about(customer, 'PHONE')).toMatchObject({ format: 'phone', access: 'normal' });
  expect(about(customer, 'COUNTRY')).toMatchObject({ type: 'list', listName: 'country' });
  expect(about(customer, 'STREETAD1')).toMatchObject({ label: 'Street address: street, line 1', access: 'normal' });
  expect(about(project, 'NAME')).toMatchObject({ access: 'mandatory' });
  const countries = await erp.system.listItems('country');
  expect(countries).toContainEqual({ key: expect.any(String), text: 'Netherlands', code: 'NL' });
});

test('the address of something else, or of nothing, is told apart', async () => {
  const runtime = systemRuntime();
  const outside = { http: erp.http, runtime };
  await expect(connector.reach(outside, `${erp.url}/`)).resolves.toBeUndefined();
  await expect(connector.reach(outside, `${erp.url}/erp`)).rejects.toMatchObject({ kind: 'misconfigured' });
  const nobody = `http://127.0.0.1:${await freePort()}`;
  await expect(connector.reach(outside, nobody)).rejects.toMatchObject({ kind: 'transient' });
  const config = { database: 'erp', user: 'x' };
  const down = tryton({ ...outside, url: nobody, config, password: 'x' });
  await expect(down.get('customer', ['1'], ['NAME'])).rejects.toMatchObject({ kind: 'transient' });
});
