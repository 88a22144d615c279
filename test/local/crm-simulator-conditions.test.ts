import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../local/crm-simulator/json.ts';
import { type SignedInCrm, startSignedIn } from './crm-simulator-client.ts';

let nowMs = 0;
let crm: SignedInCrm;
beforeEach(async () => {
  nowMs = Date.parse('2026-11-20T12:00:00Z');
  crm = await startSignedIn({ nowMs: () => nowMs });
});
afterEach(() => crm.stop());

const conditions = (body: object) => crm.control('/faults', { method: 'PUT', body });
const noZone = { headers: { 'SO-TimeZone': '' } };
const list = async (path: string, options: Record<string, string>) =>
  (await crm.api(`v1/${path}?${new URLSearchParams(options)}`)).json as { value: JsonObject[] } & JsonObject;
const patch = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  crm.api(`v1/${path}`, { method: 'PATCH', body, headers });

test('a page can be capped, with or without a link to the next', async () => {
  await conditions({ pageRows: 2 });
  const capped = await list('Contact', { $select: 'contactId', $top: '50' });
  expect(capped.value).toHaveLength(2);
  expect(capped['odata.nextLink']).toContain('skip=2');
  await conditions({ pageRows: 2, nextLinks: false });
  expect(await list('Contact', { $select: 'contactId', $top: '50' })).toMatchObject({ 'odata.nextLink': null });
});

test('a day begins with its base zone: read with a zone it may show the day before, or hours of the day', async () => {
  const shown = async (baseZone: string) => {
    await conditions({ baseZone });
    return [
      (await crm.entity('v1/Project/4')).EndDate,
      ((await crm.api('v1/Project/4', noZone)).json as JsonObject).EndDate,
    ];
  };
  expect(await shown('Europe/Oslo')).toEqual(['2026-12-30T23:00:00+0000', '2026-12-31T00:00:00']);
  expect(await shown('Europe/London')).toEqual(['2026-12-31T00:00:00+0000', '2026-12-31T00:00:00']);
  expect(await shown('America/Los_Angeles')).toEqual(['2026-12-31T08:00:00+0000', '2026-12-31T00:00:00']);
});

test('a day is kept as the base zone sees the time that is sent', async () => {
  await conditions({ baseZone: 'America/Los_Angeles' });
  const endDate = async () => ((await crm.control('/records/project/4')).json as JsonObject).endDate;
  await patch('Project/4', [{ op: 'replace', path: '/EndDate', value: '2027-07-01T00:00:00Z' }]);
  expect(await endDate()).toBe('2027-06-30');
  await patch('Project/4', [{ op: 'replace', path: '/EndDate', value: '2027-07-01T12:00:00' }], { 'SO-TimeZone': '' });
  expect(await endDate()).toBe('2027-07-01');
});

test('a time in a filter may be taken as local, or lose its zone', async () => {
  const found = async (time: string) => {
    const $filter = `contact.updated afterTime '${time}'`;
    const { value } = await list('Archive/dynamic', { $select: 'contact.contact_id', $filter });
    return value.map((row) => row['contact.contact_id']);
  };
  await conditions({ baseZone: 'America/Los_Angeles', filterTimes: 'naive-is-local' });
  expect(await found('2026-11-03T10:00:00')).toEqual([]);
  expect(await found('2026-11-03T10:00:00Z')).toEqual([3]);
  await conditions({ baseZone: 'America/Los_Angeles', filterTimes: 'zone-ignored' });
  expect(await found('2026-11-03T10:00:00Z')).toEqual([]);
});

test('archives can show texts in another form than entities', async () => {
  await conditions({ archivesTidyTexts: true });
  const edit = { name: ' Cafe\u0301\r\nEast ', phone: '020  123 ' };
  await crm.control('/records/company/1', { method: 'PATCH', body: edit });
  const select = { $select: 'name,contactPhone/formattedNumber', $filter: 'contactId eq 1' };
  expect((await list('Contact', select)).value[0]).toMatchObject({
    name: 'Caf\u00e9\nEast',
    'contactPhone/formattedNumber': '020 123',
  });
  expect(await crm.entity('v1/Contact/1')).toMatchObject({ Name: edit.name, Phones: [{ Value: edit.phone }, {}] });
});

test('a retired person is a row of its own kind', async () => {
  await crm.control('/records/person/7', { method: 'PATCH', body: { retired: true } });
  const rows = async ($entities: string) =>
    (await list('Archive/Person', { $select: 'personId,retired', $entities })).value;
  expect(await rows('person')).toEqual([]);
  expect(await rows('person,retiredPerson')).toMatchObject([
    { EntityName: 'retiredPerson', personId: 7, retired: true },
  ]);
});

test('a merged record is gone, the other one is touched, and the log names both', async () => {
  const merged = await crm.control('/records/company/2/merge', { method: 'POST', body: { into: 3 } });
  expect(merged.json).toMatchObject({ id: 3, updated: '2026-11-20T12:00:00.000Z' });
  expect((await crm.api('v1/Contact/2')).status).toBe(404);
  const $select = 'mergemovelog.tableNumber,mergemovelog.sourceRecord,mergemovelog.destinationRecord';
  expect(
    (await list('Archive/dynamic', { $select, $filter: 'mergemovelog.sourceRecord in (2,1)' })).value,
  ).toMatchObject([
    { 'mergemovelog.tableNumber': 5, 'mergemovelog.sourceRecord': 2, 'mergemovelog.destinationRecord': 3 },
  ]);
  expect((await crm.control('/records/company/9/merge', { method: 'POST', body: { into: 3 } })).status).toBe(404);
});

test('a forbidden record is refused alone and left out of lists, or the whole list is refused', async () => {
  const forbidden = [{ type: 'company', id: 2 }];
  await conditions({ forbidden });
  expect((await crm.api('v1/Contact/2')).status).toBe(403);
  expect((await patch('Contact/2', [])).status).toBe(403);
  expect((await list('Contact', { $select: 'contactId' })).value).toHaveLength(2);
  await conditions({ forbidden, listsRefuseForbidden: true });
  expect((await crm.api('v1/Contact')).status).toBe(403);
});

test('a type can be read-only and a field hidden, and entities say so', async () => {
  await conditions({ readOnlyTypes: ['company'], hiddenFields: { company: ['Phones'] } });
  expect(await crm.entity('v1/Contact/1')).toMatchObject({
    Phones: [],
    TableRight: { Mask: 'Select' },
    FieldProperties: { Phones: { FieldRight: { Mask: 'None' } } },
  });
  expect((await patch('Contact/1', [{ op: 'replace', path: '/Name', value: 'x' }])).status).toBe(403);
  const row = (await list('Contact', { $select: 'contactPhone/formattedNumber', $filter: 'contactId eq 1' })).value[0];
  expect(row).toMatchObject({ 'contactPhone/formattedNumber': '' });
});

test('calls beyond the limit of a second are refused, with or without the time to wait', async () => {
  await conditions({ callsPerSecond: 2 });
  const calls = async () => {
    const answers = [];
    for (let at = 0; at < 3; at += 1) answers.push(await crm.api('v1/Contact/1'));
    return answers.map(({ status, headers }) => [status, headers.get('retry-after')]);
  };
  expect(await calls()).toEqual([
    [200, null],
    [200, null],
    [429, '1'],
  ]);
  nowMs += 1_000;
  await conditions({ callsPerSecond: 2, limitTellsWait: false });
  expect((await calls())[2]).toEqual([429, null]);
});

test('unknown conditions are refused', async () => {
  expect((await conditions({ baseZone: 'Nowhere/Else' })).status).toBe(400);
  expect((await conditions({ filterTimes: 'sometimes' })).status).toBe(400);
  expect((await conditions({ forbidden: [{ id: 1 }] })).status).toBe(400);
});

test('what the rights of a user keep from them is left out of lists and refused alone, to that user', async () => {
  const asUser = async (associateId: number) => {
    const token = `8A:${associateId}`;
    await crm.control('/access-tokens', { method: 'POST', body: { token, associateId, expiresInSeconds: 3600 } });
    return { headers: { Authorization: `Bearer ${token}`, 'SO-AppToken': '' } };
  };
  const [tom, anna] = [await asUser(5), await asUser(10)];
  await crm.control('/people/5', { method: 'PATCH', body: { hidden: [{ type: 'company', id: 2 }] } });
  await conditions({ forbidden: [{ type: 'company', id: 3 }] });
  const listed = async (send?: object) => {
    const { json } = await crm.api('v1/Archive/SimpleContact?$select=contactId&$filter=contactId in (1,2,3)', send);
    return (json as { value: JsonObject[] }).value.map(({ contactId }) => contactId);
  };
  expect([await listed(tom), await listed(anna), await listed()]).toEqual([
    [1, 3],
    [1, 2, 3],
    [1, 2],
  ]);
  const alone = async (send?: object) => (await crm.api('v1/Contact/2', send)).status;
  expect([await alone(tom), await alone(anna), await alone()]).toEqual([403, 200, 200]);
});

test('a user-defined field can go, be closed, be required or be shorter, and is as it was once that is over', async () => {
  const path = '/CustomFields/SuperOffice:1';
  const write = async (value: string) => (await patch('Contact/3', [{ op: 'replace', path, value }])).status;
  const field = async () => {
    const layout = (await crm.api('v1/Contact/UdefLayout/Published')).json as unknown as JsonObject[];
    return layout.find(({ ProgId }) => ProgId === 'SuperOffice:1');
  };
  const column = () => crm.api(`v1/Contact?${new URLSearchParams({ $select: 'contactUdef/SuperOffice:1' })}`);
  const make = (change: object) => conditions({ customFields: { company: { 'SuperOffice:1': change } } });
  await make({ textLength: 3 });
  expect(await field()).toMatchObject({ TextLength: 3 });
  expect([await write('FOBS'), await write('FOB')]).toEqual([400, 200]);
  await make({ readOnly: true });
  expect(await field()).toMatchObject({ IsReadOnly: true });
  expect(await write('DAP')).toBe(400);
  await make({ mandatory: true });
  expect(await field()).toMatchObject({ IsMandatory: true });
  expect([await write(''), await write('DAP')]).toEqual([400, 200]);
  await make({ gone: true });
  expect(await field()).toBeUndefined();
  expect((await column()).status).toBe(400);
  expect((await crm.entity('v1/Contact/3')).CustomFields).not.toHaveProperty('SuperOffice:1');
  await conditions({});
  expect(await field()).toMatchObject({ TextLength: 40, IsReadOnly: false, IsMandatory: false });
  expect((await crm.entity('v1/Contact/3')).CustomFields).toMatchObject({ 'SuperOffice:1': 'DAP' });
  expect((await make({ colour: 'red' })).status).toBe(400);
});
