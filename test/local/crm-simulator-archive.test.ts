import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../local/crm-simulator/json.ts';
import { type SignedInCrm, startSignedIn } from './crm-simulator-client.ts';

let crm: SignedInCrm;
beforeAll(async () => {
  crm = await startSignedIn({ nowMs: () => Date.parse('2026-11-20T12:00:00Z') });
});
afterAll(() => crm.stop());

const query = (path: string, options: Record<string, string>, headers: Record<string, string> = {}) =>
  crm.api(`v1/${path}?${new URLSearchParams(options)}`, { headers });
const rows = async (path: string, options: Record<string, string>, headers?: Record<string, string>) =>
  ((await query(path, options, headers)).json as { value: JsonObject[] }).value;
const ids = async (path: string, filter: string) =>
  (await rows(path, { $select: 'contactId', $filter: filter })).map((row) => row.contactId);

test('a row has a text primary key, its entity and the columns asked for', async () => {
  const select =
    'contactId,code,number,orgnr,contactPhone/formattedNumber,email.emailAddress,streetAddress/zip,country,countryId,contactDeleted';
  expect(await rows('Contact', { $select: select, $filter: 'contactId eq 1' })).toEqual([
    {
      PrimaryKey: '1',
      EntityName: 'contact',
      contactId: 1,
      code: 'ACM',
      number: '1001',
      orgnr: 'NL001',
      'contactPhone/formattedNumber': '020 123 45 67',
      'email.emailAddress': 'info@acme.example',
      'streetAddress/zip': '1012 LG',
      country: 'Netherlands',
      countryId: 528,
      contactDeleted: false,
    },
  ]);
});

test('many ids are read in one call, by POST too', async () => {
  expect(await ids('Archive/SimpleContact', 'contactId in (3, 1, 99)')).toEqual([1, 3]);
  const answer = await crm.api('v1/Archive/SimpleContact', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      $select: 'contactId',
      $filter: 'contactId in (2,3)',
      $orderBy: 'contactId desc',
    }).toString(),
  });
  expect((answer.json as { value: JsonObject[] }).value.map((row) => row.contactId)).toEqual([3, 2]);
});

test('filters combine with and, or and brackets', async () => {
  expect(await ids('Contact', "contactId gt 1 and (name begins 'nord' or name contains 'Dublin')")).toEqual([2, 3]);
  expect(await ids('Contact', "contactId eq 1 or contactId lt 3 and name begins 'x'")).toEqual([1]);
});

test('a quote inside a text is escaped with a backslash, brackets are plain text', async () => {
  expect(await ids('Contact', "name is 'O\\'Brien (Dublin)'")).toEqual([2]);
  expect((await query('Contact', { $filter: "name is 'O'Brien'" })).status).toBe(400);
});

test('le and ge are refused, as are unknown columns and operators of another type', async () => {
  const refused = async (options: Record<string, string>) => (await query('Contact', options)).status;
  expect(await refused({ $filter: 'contactId ge 2' })).toBe(400);
  expect(await refused({ $filter: 'contactId le 2' })).toBe(400);
  expect(await refused({ $filter: "updatedDate afterTime '2026-11-02T10:00:00'" })).toBe(400);
  expect(await refused({ $select: 'contactId,nonsense' })).toBe(400);
  expect(await refused({ $orderBy: 'contactPhone/formattedNumber' })).toBe(400);
});

test('after on a date column looks at the date part only', async () => {
  expect(await ids('Contact', "updatedDate after '2026-11-02T09:00:00'")).toEqual([3]);
});

test('the change cursor of the dynamic provider includes the given second', async () => {
  const changed = (time: string, headers?: Record<string, string>) =>
    rows(
      'Archive/dynamic',
      {
        $select: 'contact.contact_id,contact.updated',
        $filter: `contact.updated afterTime '${time}'`,
        $orderBy: 'contact.updated',
      },
      headers,
    );
  expect(await changed('2026-11-02T10:00:00')).toMatchObject([
    { 'contact.contact_id': 2, 'contact.updated': '2026-11-02T10:00:00+0000' },
    { 'contact.contact_id': 3 },
  ]);
  expect(await changed('2026-11-02T10:00:01')).toHaveLength(1);
  expect(await changed('2026-11-02T11:00:00', { 'SO-TimeZone': '' })).toMatchObject([
    { 'contact.updated': '2026-11-02T11:00:00' },
    { 'contact.updated': '2026-11-03T11:00:00' },
  ]);
});

test('persons and projects have their own dynamic table', async () => {
  expect(await rows('Archive/dynamic', { $select: 'person.person_id,person.updated_associate_id' })).toMatchObject([
    { PrimaryKey: '7', 'person.person_id': 7, 'person.updated_associate_id': 10 },
  ]);
  expect(await rows('Archive/dynamic', { $select: 'project.project_id,project.updated' })).toHaveLength(1);
  expect((await query('Archive/dynamic', { $select: 'person.person_id,project.project_id' })).status).toBe(400);
});

test('pages follow top and skip, and name the next page', async () => {
  const answer = (await query('Contact', { $select: 'contactId', $orderBy: 'contactId', $top: '2' }))
    .json as JsonObject;
  expect(answer['odata.nextLink']).toContain('skip=2');
  const last = (await query('Contact', { $select: 'contactId', $top: '2', $skip: '2' })).json;
  expect(last).toMatchObject({ 'odata.nextLink': null, value: [{ contactId: 3 }] });
});

test('dates carry an offset without a colon only when asked, and year 1 is null', async () => {
  const select = { $select: 'projectId,updatedDate,endDate' };
  expect(await rows('Project', select)).toMatchObject([
    { updatedDate: '2026-11-20T12:00:00+0000', endDate: '2026-12-30T23:00:00+0000' },
  ]);
  expect(await rows('Project', select, { 'SO-TimeZone': 'UTC' })).toMatchObject([
    { updatedDate: '2026-11-20T12:00:00' },
  ]);
  expect(await rows('Project', select, { 'SO-TimeZone': '' })).toMatchObject([{ updatedDate: '2026-11-20T13:00:00' }]);
  expect(await rows('Contact', { $select: 'deletedDate', $top: '1' })).toMatchObject([
    { deletedDate: '0001-01-01T00:00:00+0000' },
  ]);
});

test('lists give ids and names, countries their ISO codes, raw names without a language', async () => {
  const language = { 'SO-Language': 'en' };
  const countries = (await crm.api('v1/List/Country/Items', { headers: language })).json;
  expect(countries).toContainEqual(
    expect.objectContaining({ CountryId: 528, TwoLetterISOCountry: 'NL', Name: 'Netherlands' }),
  );
  const mdo = (await crm.api('v1/MDOList/country?flat=true', { headers: language })).json;
  expect(mdo).toContainEqual(expect.objectContaining({ Id: 578, Name: 'Norway' }));
  expect((await crm.api('v1/MDOList/category')).json).toContainEqual(
    expect.objectContaining({ Id: 1, Name: 'US:"Customer";NO:"Kunde";' }),
  );
  expect((await crm.api('v1/MDOList/nonsense')).status).toBe(404);
});
