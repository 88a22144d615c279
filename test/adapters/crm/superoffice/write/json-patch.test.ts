import { expect, test } from 'vitest';
import { fieldsOf, recordTypeOf } from '../../../../../functions/adapters/crm/superoffice/read/find-record-type.ts';
import { jsonPatch } from '../../../../../functions/adapters/crm/superoffice/write/json-patch.ts';
import type { Values } from '../../../../../functions/core/values/value.ts';

const street = {
  Address1: 'Damrak 1',
  Address2: '',
  Zipcode: '1012 LG',
  City: 'Amsterdam',
  Formatted: 'x',
  AtypeIdx: 2,
};
const company = {
  ContactId: 1,
  Name: 'Acme',
  Phones: [
    { Value: '020 1', StrippedValue: '0201', Description: 'desk' },
    { Value: '020 2', StrippedValue: '0202', Description: '' },
  ],
  Emails: [],
  Country: { CountryId: 528, TwoLetterISOCountry: 'NL' },
  Address: { Street: street, Postal: null, LocalizedAddress: [] },
};

function patch(values: Values, entity: Record<string, unknown> = company, type = 'company', alsoTested: string[] = []) {
  const written = fieldsOf(recordTypeOf(type), Object.keys(values));
  const tested = fieldsOf(recordTypeOf(type), [...Object.keys(values), ...alsoTested]);
  return jsonPatch(entity, { written, tested }, values);
}

test('what makes one value with a field written is tested with it, and left as it is', () => {
  const person = { PersonId: 1, Firstname: 'Jan', MiddleName: 'van den', Lastname: 'Berg' };
  expect(patch({ lastName: 'Dam' }, person, 'person', ['firstName', 'middleName'])).toEqual([
    { op: 'test', path: '/Firstname', value: 'Jan' },
    { op: 'test', path: '/MiddleName', value: 'van den' },
    { op: 'test', path: '/Lastname', value: 'Berg' },
    { op: 'replace', path: '/Lastname', value: 'Dam' },
  ]);
});

test('a text is tested and replaced; a blank is the empty text', () => {
  expect(patch({ name: 'New', department: null })).toEqual([
    { op: 'test', path: '/Name', value: 'Acme' },
    { op: 'replace', path: '/Name', value: 'New' },
    { op: 'test', path: '/Department', value: null },
    { op: 'replace', path: '/Department', value: '' },
  ]);
});

test('of several phones only the first is touched', () => {
  expect(patch({ phone: '+31 20 1' })).toEqual([
    { op: 'test', path: '/Phones/0/Value', value: '020 1' },
    { op: 'replace', path: '/Phones/0/Value', value: '+31 20 1' },
  ]);
  expect(patch({ phone: null })).toEqual([
    { op: 'test', path: '/Phones/0/Value', value: '020 1' },
    { op: 'remove', path: '/Phones/0' },
  ]);
});

test('a first phone that is blank already is left where it is', () => {
  const phones = [{ Value: ' ' }, { Value: '020 2' }];
  expect(patch({ phone: null }, { ...company, Phones: phones })).toEqual([
    { op: 'test', path: '/Phones/0/Value', value: ' ' },
  ]);
});

test('the first e-mail is added on condition that there is still none', () => {
  expect(patch({ email: 'a@b.example' })).toEqual([
    { op: 'test', path: '/Emails', value: [] },
    { op: 'add', path: '/Emails/-', value: { Value: 'a@b.example' } },
  ]);
  expect(patch({ email: null })).toEqual([{ op: 'test', path: '/Emails', value: [] }]);
  expect(patch({ url: 'https://b.example' })).toEqual([
    { op: 'test', path: '/Urls', value: null },
    { op: 'replace', path: '/Urls', value: [{ Value: 'https://b.example' }] },
  ]);
});

test('an address is tested and replaced whole, after the country', () => {
  expect(patch({ 'street.city': 'Utrecht', 'street.zip': null, country: '56' })).toEqual([
    { op: 'test', path: '/Country/CountryId', value: 528 },
    { op: 'replace', path: '/Country/CountryId', value: 56 },
    { op: 'test', path: '/Address/Street', value: street },
    { op: 'replace', path: '/Address/Street', value: { ...street, City: 'Utrecht', Zipcode: '' } },
  ]);
  expect(patch({ 'postal.city': 'Utrecht' })).toEqual([
    { op: 'test', path: '/Address/Postal', value: null },
    { op: 'replace', path: '/Address/Postal', value: { City: 'Utrecht' } },
  ]);
});

test('a first country is set by its id, a blank one is id 0', () => {
  expect(patch({ country: '56' }, { ...company, Country: null })).toEqual([
    { op: 'test', path: '/Country', value: null },
    { op: 'replace', path: '/Country', value: { CountryId: 56 } },
  ]);
  expect(patch({ country: null })[1]).toEqual({ op: 'replace', path: '/Country/CountryId', value: 0 });
});

test('no date is year 1, a date is tested as it was read and written as noon, all without a zone', () => {
  const project = { EndDate: '2027-02-28T00:00:00' };
  expect(patch({ endDate: null }, project, 'project')).toEqual([
    { op: 'test', path: '/EndDate', value: '2027-02-28T00:00:00' },
    { op: 'replace', path: '/EndDate', value: '0001-01-01T00:00:00' },
  ]);
  expect(patch({ endDate: '2027-03-01' }, project, 'project')[1]).toEqual({
    op: 'replace',
    path: '/EndDate',
    value: '2027-03-01T12:00:00',
  });
});

test('an entity that shows no address refuses one', () => {
  expect(() => patch({ 'street.city': 'Utrecht' }, { Name: 'Old build' })).toThrow('no address');
});
