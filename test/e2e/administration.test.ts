/**
 * The points of administration in their order, on the deployed system: an administrator of a new tenant, who has nothing
 * but HTTP, the CRM and a real Tryton. Each step goes on from those before it. Point 12, the import, is not in this version.
 */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { FieldMapping } from '../../functions/core/mapping/mapping.ts';
import type { FieldMetadata, ListItem } from '../../functions/core/model/field.ts';
import type { Run } from '../../functions/core/model/run.ts';
import { type ApiClient, apiClient } from '../../local/api-client.ts';
import { BRANCH_DATABASE, trytonAccounts } from '../../local/tryton-accounts.ts';
import { refusalOf } from './administrator.ts';
import { type CrmDoor, crmDoor } from './crm-door.ts';
import { companyValues, connect, customerPair, twoCompanies } from './linked-records.ts';
import { ended, sync, until } from './runs.ts';
import { type TrytonPerson, trytonPerson } from './tryton-person.ts';
import { newTenant, saveCrmSettings } from './world.ts';

const system = inject('system');
const settings = { database: system.erp.database, ...trytonAccounts.connection, dedicatedUser: true };

let api: ApiClient;
let crm: CrmDoor;
let crmUrl: string;
let erp: TrytonPerson;
let stop: () => Promise<void>;
let connector: string;
let connection: string;
let branch: string;

interface Named {
  id: string;
  name: string;
  state?: string;
}

interface OfferedType {
  actorType: string;
  active: boolean;
  fields: FieldMetadata[];
}

interface Mapping {
  active: boolean;
  fields: FieldMapping[];
  options: { erpField: string; crmFields: { crmField: string; possible: string[]; refused: object[] }[] }[];
}

const ofType = (type: string, what: string) => `/v1/connections/${connection}/actor-types/${type}/${what}`;
const row = (erpField: string, crmField: string, direction: string, shown: object = {}) => ({
  ...{ erpField, crmField, direction },
  ...shown,
});

async function patch(path: string, body: object): Promise<unknown> {
  const { etag } = await api.request('GET', path);
  return (await api.request('PATCH', path, { body, headers: { 'if-match': etag } })).body;
}

async function remove(path: string): Promise<number> {
  const { etag } = await api.request('GET', path);
  return (await api.request('DELETE', path, { headers: { 'if-match': etag } })).status;
}

const mapType = (type: string, fields: object[]) =>
  api.replace<Mapping>(ofType(type, 'mapping'), () => ({ active: true, fields }));

async function fieldsOf(type: string): Promise<FieldMetadata[]> {
  const types = await api.all<OfferedType>(`/v1/connections/${connection}/actor-types`);
  return types.find(({ actorType }) => actorType === type)?.fields ?? [];
}

beforeAll(async () => {
  const made = await newTenant(system, undefined);
  api = apiClient({ apiUrl: system.apiUrl, key: made.adminKey });
  crm = crmDoor(made.crm.controlUrl);
  crmUrl = made.crm.url;
  stop = made.crm.stop;
  erp = await trytonPerson(system.erp);
  await saveCrmSettings(api, made.crm);
});
afterAll(() => stop?.());

test('1 a Sync Connector is added with a name and a URL, its URL is tested, and both can be edited', async () => {
  const added = await api.post<Named>('/v1/connectors', { kind: 'tryton', name: 'Books', url: crmUrl });
  connector = added.id;
  const reach = () => api.post(`/v1/connectors/${connector}/test`);
  expect(await refusalOf(reach())).toMatchObject({ status: 422, explanation: expect.stringContaining('Tryton') });
  const edited = { kind: 'tryton', name: 'Tryton', url: system.erp.url };
  await api.replace(`/v1/connectors/${connector}`, () => edited);
  expect(await reach()).toEqual({ ok: true });
  expect(await api.all('/v1/connectors')).toMatchObject([{ ...edited, connections: 0 }]);
});

test('1 a Sync Connector without connections can be deleted', async () => {
  const { id } = await api.post<Named>('/v1/connectors', { kind: 'tryton', name: 'Mistake', url: crmUrl });
  expect(await remove(`/v1/connectors/${id}`)).toBe(204);
  expect(await api.all('/v1/connectors')).toHaveLength(1);
});

test('2 an ERP connection is saved only when what is mandatory is filled in and its test succeeds; it begins inactive', async () => {
  const asked = (config: object) => ({ connectorId: connector, name: 'Main', config, intervalMinutes: 525_600 });
  const save = (config: object) => api.post<Named>('/v1/connections', asked(config));
  expect(await refusalOf(save({ user: settings.user }))).toMatchObject({
    status: 400,
    faults: { 'config.database': 'Must be filled in', 'config.password': 'Must be filled in' },
  });
  expect(await refusalOf(save({ ...settings, user: 'nobody' }))).toMatchObject({
    status: 422,
    explanation: expect.stringContaining('user'),
  });
  expect(await api.all('/v1/connections')).toEqual([]);
  const tested = await api.post('/v1/connections/test', { connectorId: connector, config: settings });
  expect(tested).toMatchObject({ ok: true, actorTypes: ['customer', 'supplier', 'partner', 'person', 'project'] });
  const saved = await save(settings);
  expect(saved).toMatchObject({ state: 'inactive', config: { database: settings.database, password: { set: true } } });
  connection = saved.id;
});

test('2 while it is active its name and scope can change, and configuration, mapping, defaults and ranks cannot', async () => {
  const path = `/v1/connections/${connection}`;
  await mapType('project', [row('NAME', 'name', 'both')]);
  await api.post(`${path}/activate`);
  const sales = (await api.all<Named>('/v1/crm/groups')).find(({ name }) => name === 'Sales')?.id ?? '';
  const changed = { name: 'Head office', scope: { users: [], groups: [sales] } };
  expect(await patch(path, changed)).toMatchObject({ ...changed, state: 'active' });
  expect(await refusalOf(patch(path, { scope: { users: ['none'] } }))).toMatchObject({
    status: 400,
    faults: { 'scope.users[0]': expect.any(String) },
  });
  expect(await patch(path, { scope: 'everyone' })).toMatchObject({ scope: 'everyone' });
  const others = [
    () => patch(path, { config: { personCategory: 'Contact' } }),
    () => mapType('project', []),
    () => api.replace(ofType('project', 'defaults'), () => ({ defaults: [{ erpField: 'NAME', value: 'New' }] })),
    () =>
      api.replace<{ erpFields: string[] }>(ofType('project', 'field-order'), ({ erpFields }) => ({
        erpFields: erpFields.toReversed(),
      })),
  ];
  for (const change of others) expect(await refusalOf(change())).toMatchObject({ status: 409 });
});

test('2 a deleted connection is shown on request, keeps its connector in place, and can be restored: inactive', async () => {
  expect(await remove(`/v1/connections/${connection}`)).toBe(204);
  expect(await api.all('/v1/connections')).toEqual([]);
  expect(await api.all('/v1/connections', { includeDeleted: 'true' })).toMatchObject([
    { id: connection, state: 'deleted', purgeAt: expect.any(String) },
  ]);
  expect(await refusalOf(remove(`/v1/connectors/${connector}`))).toMatchObject({
    status: 409,
    detail: expect.stringContaining('Connections of this connector exist'),
  });
  expect(await api.post(`/v1/connections/${connection}/restore`)).toMatchObject({ state: 'inactive' });
});

test('3 a connector declares its settings and the fields of its actors: type, list, length, access, default', async () => {
  const declared = await api.all<FieldMetadata>(`/v1/connectors/${connector}/config-fields`);
  const setting = (name: string) => declared.find(({ key }) => key === name);
  expect(setting('password')).toMatchObject({ type: 'password', access: 'mandatory', maxLength: 0 });
  expect(setting('dedicatedUser')).toMatchObject({ type: 'checkbox', access: 'normal', defaultValue: false });
  expect(setting('supplierCategory')).toMatchObject({ defaultValue: 'Supplier', description: expect.any(String) });
  const customer = await fieldsOf('customer');
  const field = (name: string) => customer.find(({ key }) => key === name);
  expect(field('NAME')).toMatchObject({ type: 'text', access: 'normal', rank: 0 });
  expect(field('NUMBER1')).toMatchObject({ type: 'text', access: 'read-only' });
  expect(field('CATEGORY')).toMatchObject({ type: 'list', listName: 'category' });
  expect(await fieldsOf('project')).toMatchObject([{ key: 'NAME', access: 'mandatory' }, {}, {}]);
});

test('3 a field that the ERP offers no longer is kept while it is mapped, marked as missing', async () => {
  await mapType('supplier', [row('NAME', 'name', 'both')]);
  // Without a category for them this Tryton offers no suppliers.
  await patch(`/v1/connections/${connection}`, { config: { supplierCategory: '' } });
  expect(await fieldsOf('supplier')).toMatchObject([{ key: 'NAME', missing: true }]);
});

test('4 a mapping says of every pair of fields which directions are possible, and of the others why not', async () => {
  const { options } = await api.get<Mapping>(ofType('customer', 'mapping'));
  const pair = (erpField: string, crmField: string) =>
    options.find((one) => one.erpField === erpField)?.crmFields.find((one) => one.crmField === crmField);
  expect(pair('PHONE', 'phone')).toMatchObject({ possible: ['toCrm', 'toErp', 'both'], refused: [] });
  const readOnly = { reason: 'read-only', explanation: 'The field that would be written is read-only.' };
  expect(pair('NUMBER1', 'code')).toMatchObject({
    possible: ['toCrm'],
    refused: [
      { direction: 'toErp', ...readOnly },
      { direction: 'both', ...readOnly },
    ],
  });
  // A text into a checkbox would lose what it says.
  expect(pair('PHONE', 'udef:SuperOffice:6')).toMatchObject({
    possible: ['toErp'],
    refused: [
      { direction: 'toCrm', reason: 'types-differ' },
      { direction: 'both', reason: 'types-differ' },
    ],
  });
});

test('4 only pairs that fit are saved, a CRM field is the target of one ERP field, and all faults are told with their places', async () => {
  const faulty = [
    row('NAME', 'name', 'both'),
    row('NUMBER1', 'code', 'both'),
    row('PHONE', 'udef:SuperOffice:6', 'both'),
    row('EMAIL', 'name', 'toCrm'),
    row('COLOUR', 'fax', 'both'),
  ];
  expect(await refusalOf(mapType('customer', faulty))).toMatchObject({
    status: 422,
    faults: {
      'fields[1].direction': 'The field that would be written is read-only.',
      'fields[2].direction': 'The field that would be written cannot hold values of this type.',
      'fields[3].crmField': 'A CRM field can be the target of one ERP field only',
      'fields[4].erpField': 'The ERP has no such field',
    },
  });
});

test('4 and 5 fields with the usual keys map themselves, for every actor type, without a direction', async () => {
  const rowsOf = async (type: string) => {
    const { active, fields } = await api.get<Mapping>(ofType(type, 'mapping'));
    return [active, ...fields.map(({ erpField, crmField, direction }) => [erpField, crmField, direction])];
  };
  expect(await rowsOf('partner')).toEqual(
    expect.arrayContaining([false, ['NAME', 'name', 'none'], ['POSTALZIP', 'postal.zip', 'none']]),
  );
  expect(await rowsOf('person')).toEqual(
    expect.arrayContaining([false, ['LASTNAME', 'lastName', 'none'], ['PHONE_MOBILE', 'mobilePhone', 'none']]),
  );
  // Also those of a type that was mapped by hand, once the connection is saved again.
  expect(await rowsOf('project')).toEqual(
    expect.arrayContaining([true, ['NAME', 'name', 'both'], ['TEXT', 'description', 'none']]),
  );
});

test('4 an activation answers every reason against it at once, each with its place', async () => {
  await mapType('project', [row('TEXT', 'description', 'both')]);
  await mapType('customer', [
    row('NAME', 'name', 'both', { showInSearch: true, showInErpTab: true }),
    row('NUMBER1', 'code', 'none', { showInSearch: true }),
    row('CATEGORY', 'business', 'both', { showInErpTab: true }),
    ...[row('PHONE', 'phone', 'both', { showInErpTab: true }), row('URL', 'url', 'both')],
  ]);
  expect(await refusalOf(api.post(`/v1/connections/${connection}/activate`))).toMatchObject({
    status: 422,
    faults: {
      'actorTypes.supplier.NAME': 'The ERP no longer offers this field: unmap it or map another one',
      'actorTypes.project.NAME': 'The ERP requires this field: it needs a CRM field and a direction',
      'lists.category': expect.stringContaining("not mapped to those of the CRM's list business, as CATEGORY"),
    },
  });
  // Offered again, it is a field like others.
  await patch(`/v1/connections/${connection}`, { config: { supplierCategory: null } });
  expect((await fieldsOf('supplier')).find(({ key }) => key === 'NAME')).not.toHaveProperty('missing');
  await mapType('project', [row('NAME', 'name', 'both'), row('TEXT', 'description', 'both')]);
});

interface ListMapping {
  erpList: string;
  crmList: string;
  pairs: { erpItem: string; crmItem: string }[];
  unmapped: { erpItem: string; erpText: string; proposal?: { crmItem: string; crmText: string } }[];
}

const listMappings = async () =>
  (await api.get<{ lists: ListMapping[] }>(`/v1/connections/${connection}/list-mappings`)).lists;

const savePairs = (pairs: object[]) =>
  api.replace(`/v1/connections/${connection}/list-mappings`, () => ({
    lists: [{ erpList: 'category', crmList: 'business', pairs }],
  }));

test('6 only lists of mapped fields are mapped, with proposals, and an item that is mapped twice is told with its place', async () => {
  const [list, ...others] = await listMappings();
  expect(others).toEqual([]);
  expect(list).toMatchObject({ erpList: 'category', crmList: 'business', pairs: [] });
  const proposalOf = (text: string) => {
    const { erpItem = '', proposal } = list?.unmapped.find(({ erpText }) => erpText === text) ?? {};
    return { erpItem, crmItem: proposal?.crmItem ?? '' };
  };
  const [retail, transport] = [proposalOf('Retail'), proposalOf('Transport')];
  const twice = [retail, { ...retail, crmItem: transport.crmItem }, { ...transport, crmItem: retail.crmItem }];
  expect(await refusalOf(savePairs(twice))).toMatchObject({
    status: 400,
    faults: {
      'lists[0].pairs[1].erpItem': 'Is mapped in pairs[0] too',
      'lists[0].pairs[2].crmItem': expect.stringContaining('Is mapped in pairs[0] too'),
    },
  });
  await savePairs([retail, transport]);
  const [saved] = await listMappings();
  expect(saved?.pairs).toMatchObject([retail, transport]);
  // An item may be mapped to nothing.
  expect(saved?.unmapped).toContainEqual(expect.objectContaining({ erpText: 'Wholesale' }));
});

test('7 a new actor gets fixed values, what the user is asked, or both, and some are mandatory; a list field shows its list', async () => {
  const items = await api.all<ListItem>(`/v1/connections/${connection}/lists/language`);
  const dutch = items.find(({ code }) => code === 'NL')?.key ?? '';
  const save = (type: string, defaults: object[]) =>
    api.replace<{ defaults: object[] }>(ofType(type, 'defaults'), () => ({ defaults }));
  const saved = await save('customer', [
    { erpField: 'LANGUAGE', value: dutch },
    { erpField: 'URL', ask: true },
    { erpField: 'PHONE', value: '+31 20', ask: true, mandatory: true },
    { erpField: 'EMAIL', mandatory: true },
  ]);
  expect(saved).toMatchObject({
    defaults: [
      { erpField: 'LANGUAGE', value: dutch, ask: false, mandatory: false },
      { erpField: 'URL', ask: true, mandatory: false },
      { erpField: 'PHONE', value: '+31 20', ask: true, mandatory: true },
      { erpField: 'EMAIL', ask: false, mandatory: true },
    ],
    fields: expect.arrayContaining([expect.objectContaining({ key: 'LANGUAGE', listName: 'language' })]),
  });
  const faulty = [
    { erpField: 'LANGUAGE', value: 'none' },
    { erpField: 'NUMBER1', value: 'C1' },
    { erpField: 'PHONE', value: '1' },
    { erpField: 'PHONE', ask: true },
    { erpField: 'FAX' },
  ];
  expect(await refusalOf(save('customer', faulty))).toMatchObject({
    status: 422,
    faults: {
      'defaults[0].value': 'The list has no such item',
      'defaults[1].erpField': 'A new actor cannot be given a value in this field',
      'defaults[3].erpField': 'Stands in defaults[2] too',
      'defaults[4]': 'Give a value, ask for one, or make the field mandatory',
    },
  });
  // What the ERP requires stays mandatory.
  const project = await save('project', [{ erpField: 'NAME', ask: true, mandatory: false }]);
  expect(project.defaults).toMatchObject([{ erpField: 'NAME', mandatory: true }]);
});

test('8 every field has a rank, and those that are marked so are shown in the ERP tab in that order', async () => {
  const save = (erpFields: string[]) => api.replace(ofType('customer', 'field-order'), () => ({ erpFields }));
  const offered = (await fieldsOf('customer')).map(({ key }) => key);
  expect(await refusalOf(save(offered.slice(1)))).toMatchObject({
    status: 422,
    faults: { erpFields: `The field ${offered[0]} is not named` },
  });
  const first = ['CATEGORY', 'PHONE', 'NAME'];
  await save([...first, ...offered.filter((key) => !first.includes(key))]);
  const ranked = await fieldsOf('customer');
  expect(ranked.map(({ rank }) => rank)).toEqual(offered.map((_, place) => place));
  const { fields } = await api.get<Mapping>(ofType('customer', 'mapping'));
  const isShown = (key: string) => fields.some(({ erpField, showInErpTab }) => erpField === key && showInErpTab);
  expect(ranked.map(({ key }) => key).filter(isShown)).toEqual(first);
});

test('9 connections have an order, the first goes first; a new one comes last', async () => {
  const copy = { name: 'Branch', config: { database: BRANCH_DATABASE, password: settings.password } };
  branch = (await api.post<Named>(`/v1/connections/${connection}/copy`, copy)).id;
  const places = async () => {
    const all = await api.all<Named & { place: number }>('/v1/connections');
    return Object.fromEntries(all.map(({ name, place }) => [name, place]));
  };
  expect(await places()).toEqual({ 'Head office': 0, Branch: 1 });
  const order = (connectionIds: string[]) => api.request('PUT', '/v1/connections/order', { body: { connectionIds } });
  expect(await refusalOf(order([branch]))).toMatchObject({
    status: 400,
    faults: { connectionIds: `The connection ${connection} is not named` },
  });
  await order([branch, connection]);
  expect(await places()).toEqual({ Branch: 0, 'Head office': 1 });
});

/** One company of the CRM, customer of both ERPs, in agreement; its parties. */
async function customerOfBoth() {
  const pair = await twoCompanies({ crm, erp }, 'Administered');
  const inBranch = await trytonPerson({ url: system.erp.url, database: BRANCH_DATABASE });
  const { name } = await erp.party(pair.partyId);
  const branchParty = await inBranch.createParty('Customer', companyValues(name));
  const links = [
    { connectionId: connection, partyId: pair.partyId },
    { connectionId: branch, partyId: branchParty },
  ];
  for (const { connectionId, partyId } of links) {
    const { runId } = await connect({ api, connectionId }, [customerPair({ ...pair, partyId })]);
    expect(await ended({ api }, runId)).toMatchObject({ state: 'done' });
  }
  const phones = async () => [
    (await erp.party(pair.partyId)).phone,
    (await crm.read('company', pair.companyId)).phone,
    (await inBranch.party(branchParty)).phone,
  ];
  return { ...pair, phones };
}

let company: Awaited<ReturnType<typeof customerOfBoth>>;

/** The other connection follows with its next poll, which is asked for here. */
async function everywhere(phone: string): Promise<void> {
  await sync({ api, connectionId: branch });
  await until('All three have it', async () => (await company.phones()).every((one) => one === phone) || undefined);
}

const syncAll = async (asked: object = {}) => {
  const { id } = await api.post<Run>('/v1/sync-runs', { kind: 'sync', scope: { kind: 'all' }, ...asked });
  return ended({ api }, id);
};

test('10 the engine is stopped and started with a status and an interval; sync all waits for the start, force sync all does not', async () => {
  for (const id of [connection, branch]) await api.post(`/v1/connections/${id}/activate`);
  company = await customerOfBoth();
  const turn = (running: boolean) => api.replace('/v1/engine', () => ({ running, defaultIntervalMinutes: 60 }));
  expect(await turn(false)).toMatchObject({
    status: 'stopped',
    defaultIntervalMinutes: 60,
    connections: { active: 2 },
  });
  await erp.edit(company.partyId, { phone: '+31 20 900 0001' });
  expect(await refusalOf(syncAll())).toMatchObject({ status: 409, detail: expect.stringContaining('stopped') });
  expect(await syncAll({ force: true })).toMatchObject({ state: 'done', counters: { writtenToCrm: 1 } });
  expect(await turn(true)).toMatchObject({ status: 'running' });
  await everywhere('+31 20 900 0001');
});

test('11 a resync from the CRM replaces what the ERP has, times aside; without blanks it takes no value away', async () => {
  await crm.edit('company', company.companyId, { phone: '+31 20 900 0002', url: '' });
  await erp.edit(company.partyId, { phone: '+31 20 900 0003' });
  const asked = { kind: 'resync-from-crm', scope: { kind: 'connection' }, noBlanks: true } as const;
  expect(await sync({ api, connectionId: connection }, asked)).toMatchObject({ counters: { writtenToErp: 1 } });
  expect(await erp.party(company.partyId)).toMatchObject({
    phone: '+31 20 900 0002',
    website: 'https://before.example',
  });
});

test('11 a resync from one connection goes to the CRM and on to all others, of chosen ERP keys or CRM records', async () => {
  await erp.edit(company.partyId, { phone: '+31 20 900 0004' });
  const scope = { kind: 'erp-keys', actorType: 'customer', erpKeys: [String(company.partyId)] };
  const asked = { kind: 'resync-from-erp', connectionId: connection, scope, noBlanks: true, toOthers: true };
  const { id } = await api.post<Run>('/v1/sync-runs', asked);
  expect(await ended({ api }, id)).toMatchObject({ state: 'done', counters: { writtenToCrm: 2 } });
  const crmRecord = { kind: 'crm-record', crmType: 'company', crmKey: String(company.companyId) };
  const again = await api.post<Run>('/v1/sync-runs', { ...asked, scope: crmRecord });
  expect(await ended({ api }, again.id)).toMatchObject({ state: 'done', counters: { writtenToCrm: 0 } });
  await everywhere('+31 20 900 0004');
});
