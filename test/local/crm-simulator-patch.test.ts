import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SignedInCrm, startSignedIn } from './crm-simulator-client.ts';

let nowMs = 0;
let crm: SignedInCrm;

beforeEach(async () => {
  nowMs = Date.parse('2026-11-20T12:00:00.400Z');
  crm = await startSignedIn({ nowMs: () => nowMs });
});
afterEach(() => crm.stop());

const patch = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  crm.api(path, { method: 'PATCH', body, headers });
const company = async () => (await crm.control('/records/company/1')).json as Record<string, unknown>;

test('a patch answers the whole entity after the save', async () => {
  const answer = await patch('v1/Contact/1', [
    { op: 'test', path: '/Name', value: 'Acme BV' },
    { op: 'replace', path: 'name', value: 'Acme Holding BV' },
    { op: 'replace', path: '/phones/0/value', value: '+31 20 765 43 21' },
    { op: 'add', path: '/Phones/-', value: { Value: '0800-1', Description: 'Free' } },
    { op: 'replace', path: '/Country', value: { CountryId: 578 } },
  ]);
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({
    ContactId: 1,
    Name: 'Acme Holding BV',
    Phones: [
      { Value: '+31 20 765 43 21', StrippedValue: '+31207654321' },
      { Value: '06-11', StrippedValue: '0611' },
      { Value: '0800-1', Description: 'Free' },
    ],
    Country: { CountryId: 578, TwoLetterISOCountry: 'NO' },
    UpdatedDate: '2026-11-20T12:00:00+0000',
    UpdatedBy: { AssociateId: 99 },
  });
});

test('a failing test operation answers 409 and changes nothing', async () => {
  const before = await company();
  const answer = await patch('v1/Contact/1', [
    { op: 'replace', path: '/Name', value: 'Other' },
    { op: 'test', path: '/Phones/0/Value', value: 'something else' },
  ]);
  expect(answer.status).toBe(409);
  expect(answer.json).toMatchObject({ Error: true });
  expect(await company()).toEqual(before);
});

test('a test of a missing list entry fails, a test of the empty list holds', async () => {
  expect((await patch('v1/Contact/2', [{ op: 'test', path: '/Phones/0/Value', value: '' }])).status).toBe(409);
  expect((await patch('v1/Contact/2', [{ op: 'test', path: '/Phones', value: [] }])).status).toBe(200);
});

test('one leaf of an address is refused, the whole part works and blanks what it lacks', async () => {
  const leaf = [{ op: 'replace', path: 'Address/Street/Address1', value: 'Damrak 2' }];
  expect((await patch('v1/Contact/1', leaf)).status).toBe(400);
  const answer = await patch('v1/Contact/1', [
    { op: 'test', path: '/Address/Street/Address1', value: 'Damrak 1' },
    { op: 'replace', path: '/Address/Street', value: { Address1: 'Damrak 2', City: 'Amsterdam' } },
  ]);
  expect(answer.status).toBe(200);
  expect(await company()).toMatchObject({ street: { line1: 'Damrak 2', city: 'Amsterdam', zip: '' } });
});

test('a merge patch merges objects, appends an object to a list and replaces a list by a list', async () => {
  const patched = await patch('v1/Contact/1', { number2: '2002', Phones: { Value: '0900-2' } });
  expect(patched.json).toMatchObject({
    Number2: '2002',
    Phones: [{ Value: '020 123 45 67' }, { Value: '06-11' }, { Value: '0900-2' }],
  });
  expect((await patch('v1/Contact/1', { Phones: [{ Value: '1' }] })).json).toMatchObject({ Phones: [{ Value: '1' }] });
  expect((await patch('v1/Contact/1', { Address: { Street: { Address1: 'x' } } })).status).toBe(400);
});

test('If-Unmodified-Since has a resolution of one second', async () => {
  const rename = [{ op: 'replace', path: '/Name', value: 'Mine' }];
  await crm.control('/records/company/1', { method: 'PATCH', body: { code: 'X' } });
  const sameSecond = { 'If-Unmodified-Since': 'Fri, 20 Nov 2026 12:00:00 GMT' };
  nowMs += 300;
  await crm.control('/records/company/1', { method: 'PATCH', body: { code: 'Y' } });
  expect((await patch('v1/Contact/1', rename, sameSecond)).status).toBe(200);
  nowMs += 1000;
  await crm.control('/records/company/1', { method: 'PATCH', body: { code: 'Z' } });
  expect((await patch('v1/Contact/1', rename, sameSecond)).status).toBe(412);
});

test('an edit can be placed just before the next write of a record', async () => {
  await crm.control('/edit-before-next-write', {
    method: 'POST',
    body: { type: 'company', id: 1, changes: { name: 'Theirs' } },
  });
  const answer = await patch('v1/Contact/1', [
    { op: 'test', path: '/Name', value: 'Acme BV' },
    { op: 'replace', path: '/Name', value: 'Ours' },
  ]);
  expect(answer.status).toBe(409);
  expect(await company()).toMatchObject({ name: 'Theirs', updatedBy: 10 });
});

test('too long, blank mandatory and unknown values are refused with the reason', async () => {
  const refused = async (path: string, value: unknown) => {
    const answer = await patch('v1/Contact/1', [{ op: 'replace', path, value }]);
    expect(answer.json).toMatchObject({ Error: true, ErrorMessage: expect.any(String) });
    return answer.status;
  };
  expect(await refused('/Name', 'x'.repeat(220))).toBe(400);
  expect(await refused('/Number1', 'x'.repeat(50))).toBe(400);
  expect(await refused('/Name', '')).toBe(400);
  expect(await refused('/Country', { CountryId: 1 })).toBe(400);
  expect(await refused('/Nonsense', 'x')).toBe(400);
  expect((await patch('v1/Contact/1', [{ op: 'move', from: '/Name', path: '/Department' }])).status).toBe(400);
});

test('a save that changes nothing moves no time stamp', async () => {
  const answer = await patch('v1/Contact/1', [{ op: 'replace', path: '/Name', value: 'Acme BV' }]);
  expect(answer.json).toMatchObject({ UpdatedDate: '2026-11-01T10:00:00+0000' });
  expect((await crm.control('/writes')).json).toMatchObject([{ paths: ['/Name'], changed: false, by: 99, via: 'api' }]);
});

test('child rows touch the record only while the switch says so', async () => {
  await crm.control('/faults', { method: 'PUT', body: { childEditsBumpUpdated: false } });
  await crm.control('/records/company/1', {
    method: 'PATCH',
    body: { phone: '020 999', street: { line1: 'Elsewhere' } },
  });
  expect(await company()).toMatchObject({ phone: '020 999', updated: '2026-11-01T10:00:00.000Z' });
  await crm.control('/records/company/1', { method: 'PATCH', body: { code: 'NEW' } });
  expect(await company()).toMatchObject({ updated: '2026-11-20T12:00:00.000Z' });
});

test('phones are re-formatted on save while the switch is on', async () => {
  await crm.control('/faults', { method: 'PUT', body: { reformatPhones: true } });
  const answer = await patch('v1/Contact/1', [{ op: 'replace', path: '/Phones/0/Value', value: '+31(0)20-7654' }]);
  expect(answer.json).toMatchObject({
    Phones: [{ Value: '+31 02 07 65 4', StrippedValue: '+310207654' }, { Value: '06-11' }],
  });
});

test('a deleted company keeps a mark, a deleted project is gone', async () => {
  expect((await crm.api('v1/Contact/2', { method: 'DELETE' })).status).toBe(204);
  expect(await crm.entity('v1/Contact/2')).toMatchObject({ Deleted: 1 });
  expect((await patch('v1/Contact/2', [])).status).toBe(404);
  await crm.api('v1/Project/4', { method: 'DELETE' });
  expect((await crm.api('v1/Project/4')).status).toBe(404);
  expect((await crm.api('v1/Project?$select=projectId')).json).toMatchObject({ value: [] });
  expect((await crm.api('v1/Contact/999')).json).toMatchObject({ Error: true, ErrorType: 'SoNotFoundException' });
});

test('a person has its owning company, one address and a day of birth', async () => {
  expect(await crm.entity('v1/Person/7')).toMatchObject({
    Contact: { ContactId: 1, Name: 'Acme BV' },
    Address: { Street: { Address1: '' }, Postal: null },
    BirthDate: '1980-02-28T23:00:00+0000',
  });
  const answer = await patch('v1/Person/7', [
    { op: 'test', path: '/BirthDate', value: '1980-02-28T23:00:00+0000' },
    { op: 'replace', path: '/BirthDate', value: '0001-01-01T00:00:00' },
    { op: 'add', path: '/MobilePhones/-', value: { Value: '06 1' } },
  ]);
  expect(answer.json).toMatchObject({
    BirthDate: '0001-01-01T00:00:00+0000',
    MobilePhones: [{ StrippedValue: '061' }],
  });
});

test('$select nulls what it does not name', async () => {
  expect(await crm.entity('v1/Contact/1?$select=name,orgnr')).toMatchObject({
    Name: 'Acme BV',
    OrgNr: 'NL001',
    Number1: null,
    Phones: null,
  });
});
