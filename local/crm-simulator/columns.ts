/**
 * The columns of each archive provider, in one place.
 *
 * From the vendor's archive reference (SimpleContact, Person, FindProject pages) and spec 3.6: every column name and
 * restriction of the first three providers, except where marked *assumed*. Their `updatedDate` columns are of type
 * `date`: no `afterTime`. Columns marked `unsorted` refuse `$orderBy`.
 * Assumed: a phone, e-mail or url column shows the first entry, as it is displayed in the entity (`Value`); a list
 * column shows the item's name, an associate column the login name (Slim mode).
 * `dynamic` takes `table.field` of the vendor's database; `updated` filters as a UTC datetime (unverified at the
 * vendor's). Field names are the database reference's; which of them the provider offers is assumed.
 */
import { associateLogin } from './associates.ts';
import type { Country } from './countries.ts';
import { type CustomField, customFields, customKey, customValue } from './custom-fields.ts';
import { listItemName } from './lists.ts';
import type { AddressPart, Database, StoredRecord } from './records.ts';
import { addressPart, elementsValue, flagValue, numberValue, textValue } from './records.ts';
import { fullName } from './render-entity.ts';
import type { RawValue, Restriction } from './restriction.ts';
import type { AddressFieldName, AddressPartName, ListName, RecordType } from './shapes.ts';

export type ColumnContext = { countries: readonly Country[]; companyName: (id: number) => string };

export type Column = {
  restriction: Restriction;
  /** What filters and `$orderBy` look at. */
  raw: (record: StoredRecord) => RawValue;
  /** What the answer shows, when that is not the raw value. */
  shown?: (record: StoredRecord, context: ColumnContext) => string;
  /** How a raw number or text is a date: an instant in ms, or a day. */
  dates?: 'instant' | 'day';
  unsorted?: true;
  /** What an archive that tidies its texts does to this one besides. */
  tidied?: 'phone';
};

export type Provider = {
  type: RecordType;
  entityName: string;
  columns: Readonly<Record<string, Column>>;
  /** What its rows are, when they are no records. */
  rows?: (database: Database) => StoredRecord[];
};

const id: Column = { restriction: 'int', raw: (record) => record.id };
const text = (key: string): Column => ({ restriction: 'string', raw: (record) => textValue(record, key) });
const number = (key: string): Column => ({ restriction: 'int', raw: (record) => numberValue(record, key) });
const flag = (key: string): Column => ({ restriction: 'bool', raw: (record) => flagValue(record, key) });
const instant = (restriction: Restriction, read: (record: StoredRecord) => number | null): Column => ({
  restriction,
  raw: read,
  dates: 'instant',
});
const day = (key: string, restriction: Restriction): Column => ({
  restriction,
  raw: (record) => {
    const value = textValue(record, key);
    return value === '' ? null : Date.parse(`${value}T00:00:00Z`);
  },
  dates: 'day',
});
const first = (key: string, unsorted?: true): Column => ({
  restriction: 'string',
  raw: (record) => elementsValue(record, key)[0]?.value ?? '',
  unsorted,
});
const firstDescription = (key: string): Column => ({
  restriction: 'string',
  raw: (record) => elementsValue(record, key)[0]?.description ?? '',
});
const phone = (name: string, key: string): Record<string, Column> => ({
  [`${name}/formattedNumber`]: { ...first(key, true), tidied: 'phone' },
  [`${name}/description`]: firstDescription(key),
});
const list = (key: string, name: ListName): Column => ({
  restriction: 'list',
  raw: (record) => numberValue(record, key),
  shown: (record) => listItemName(name, numberValue(record, key)),
});
const country: Column = {
  restriction: 'list',
  raw: (record) => numberValue(record, 'Country'),
  shown: (record, { countries }) => countries.find((item) => item.id === numberValue(record, 'Country'))?.name ?? '',
};
const associate = (read: (record: StoredRecord) => number): Column => ({
  restriction: 'associate',
  raw: read,
  shown: (record) => (read(record) === 0 ? '' : associateLogin(read(record))),
});

const addressColumns: Readonly<Record<string, AddressFieldName>> = {
  line1: 'Address1',
  line2: 'Address2',
  line3: 'Address3',
  zip: 'Zipcode',
  city: 'City',
  county: 'County',
  state: 'State',
};
const address = (name: string, part: AddressPartName): Record<string, Column> =>
  Object.fromEntries(
    Object.entries(addressColumns).map(([column, field]) => [
      `${name}/${column}`,
      {
        restriction: 'string',
        raw: (record: StoredRecord) => (addressPart(record, part) satisfies AddressPart)[field],
      },
    ]),
  );

const emailAndUrl = (urlName: string): Record<string, Column> => ({
  'email/emailAddress': first('Emails'),
  'email/emailDescription': firstDescription('Emails'),
  [`${urlName}/URLAddress`]: first('Urls'),
  [`${urlName}/URLDescription`]: firstDescription('Urls'),
});

function customColumn(field: CustomField): Column {
  if (field.type === 'Date') return { ...day(customKey(field), 'none'), unsorted: true };
  if (field.list !== undefined) return { ...list(customKey(field), field.list), unsorted: true };
  return { restriction: 'none', raw: (record) => customValue(record, field), unsorted: true };
}

const customColumns = (type: RecordType, prefix: string): Record<string, Column> =>
  Object.fromEntries(customFields[type].map((field) => [`${prefix}/${field.progId}`, customColumn(field)]));

const simpleContact: Provider = {
  type: 'company',
  entityName: 'contact',
  columns: {
    contactId: id,
    name: text('Name'),
    department: text('Department'),
    number: text('Number2'),
    code: text('Number1'),
    orgnr: text('OrgNr'),
    category: list('Category', 'category'),
    business: list('Business', 'business'),
    country,
    countryId: number('Country'),
    associateId: associate((record) => numberValue(record, 'Associate')),
    stop: flag('Xstop'),
    contactNoMail: flag('NoMailing'),
    updatedBy: associate((record) => record.updatedBy),
    updatedDate: instant('date', (record) => record.updatedMs),
    registeredBy: associate((record) => record.createdBy),
    registeredDate: instant('date', (record) => record.createdMs),
    contactDeleted: { restriction: 'bool', raw: (record) => record.deletedMs !== null },
    deletedDate: { ...instant('datetime', (record) => record.deletedMs), unsorted: true },
    activeErpLinks: { restriction: 'bool', raw: () => false },
    ...phone('contactPhone', 'Phones'),
    ...phone('contactFax', 'Faxes'),
    ...emailAndUrl('url'),
    ...address('postAddress', 'Postal'),
    ...address('streetAddress', 'Street'),
    ...customColumns('company', 'contactUdef'),
  },
};

const person: Provider = {
  type: 'person',
  entityName: 'person',
  columns: {
    personId: id,
    contactId: number('Contact'),
    firstName: text('Firstname'),
    middleName: text('MiddleName'),
    lastName: text('Lastname'),
    fullName: { restriction: 'string', raw: (record) => fullName(record) },
    mrMrs: text('Mrmrs'),
    title: text('Title'),
    position: list('Position', 'perspos'),
    personNumber: text('PersonNumber'),
    personCountry: country,
    personCountryId: number('Country'),
    personNoMail: flag('NoMailing'),
    birthdate: { ...day('BirthDate', 'none'), unsorted: true },
    retired: flag('Retired'),
    useAsMailingAddress: flag('UsePersonAddress'),
    personAssociateId: associate((record) => numberValue(record, 'Associate')),
    personUpdatedBy: associate((record) => record.updatedBy),
    personUpdatedDate: instant('date', (record) => record.updatedMs),
    personRegisteredBy: associate((record) => record.createdBy),
    personRegisteredDate: instant('date', (record) => record.createdMs),
    personDeletedDate: { ...instant('datetime', (record) => record.deletedMs), unsorted: true },
    personActiveErpLinks: { restriction: 'bool', raw: () => false },
    ...phone('personDirectPhone', 'OfficePhones'),
    ...phone('personMobilePhone', 'MobilePhones'),
    ...phone('personPrivate', 'PrivatePhones'),
    ...phone('personPager', 'OtherPhones'),
    ...phone('personDirectFax', 'Faxes'),
    ...emailAndUrl('personUrl'),
    ...address('personAddress', 'Street'),
    ...customColumns('person', 'personUdef'),
    'personContact/name': {
      restriction: 'string',
      raw: () => '',
      shown: (record, { companyName }) => companyName(numberValue(record, 'Contact')),
      unsorted: true,
    },
  },
};

const findProject: Provider = {
  type: 'project',
  entityName: 'project',
  columns: {
    projectId: id,
    name: text('Name'),
    number: text('ProjectNumber'),
    type: list('ProjectType', 'projecttype'),
    status: list('ProjectStatus', 'projectstatus'),
    completed: flag('Completed'),
    description: text('Description'),
    endDate: day('EndDate', 'date'),
    associateId: associate((record) => numberValue(record, 'Associate')),
    updatedBy: associate((record) => record.updatedBy),
    updatedDate: instant('date', (record) => record.updatedMs),
    registeredBy: associate((record) => record.createdBy),
    registeredDate: instant('date', (record) => record.createdMs),
    activeErpLinks: { restriction: 'bool', raw: () => false },
    'projectUrl/URLAddress': first('Urls'),
    'projectUrl/URLDescription': firstDescription('Urls'),
    ...customColumns('project', 'projectUdef'),
  },
};

/** Columns that every table of the database has. */
const tableColumns = (table: string): Record<string, Column> => ({
  [`${table}.${table}_id`]: id,
  [`${table}.updated`]: instant('datetime', (record) => record.updatedMs),
  [`${table}.updated_associate_id`]: { restriction: 'int', raw: (record) => record.updatedBy },
  [`${table}.registered`]: instant('datetime', (record) => record.createdMs),
  [`${table}.registered_associate_id`]: { restriction: 'int', raw: (record) => record.createdBy },
});
const deleted: Column = { restriction: 'int', raw: (record) => (record.deletedMs === null ? 0 : 1) };

/** One entry per table: a query of the dynamic provider stays within one (joins are not simulated). */
export const dynamicTables: Readonly<Record<'contact' | 'person' | 'project', Provider>> = {
  contact: {
    type: 'company',
    entityName: 'contact',
    columns: {
      ...tableColumns('contact'),
      'contact.name': text('Name'),
      'contact.department': text('Department'),
      'contact.number1': text('Number1'),
      'contact.number2': text('Number2'),
      'contact.orgNr': text('OrgNr'),
      'contact.country_id': number('Country'),
      'contact.category_idx': number('Category'),
      'contact.business_idx': number('Business'),
      'contact.associate_id': number('Associate'),
      'contact.dbi_key': text('DbiKey'),
      'contact.deleted': deleted,
    },
  },
  person: {
    type: 'person',
    entityName: 'person',
    columns: {
      ...tableColumns('person'),
      'person.contact_id': number('Contact'),
      'person.firstname': text('Firstname'),
      'person.middleName': text('MiddleName'),
      'person.lastname': text('Lastname'),
      'person.title': text('Title'),
      'person.person_number': text('PersonNumber'),
      'person.country_id': number('Country'),
      'person.retired': { restriction: 'int', raw: (record) => (flagValue(record, 'Retired') ? 1 : 0) },
      'person.dbi_key': text('DbiKey'),
      'person.deleted': deleted,
    },
  },
  project: {
    type: 'project',
    entityName: 'project',
    columns: {
      ...tableColumns('project'),
      'project.name': text('Name'),
      'project.project_number': text('ProjectNumber'),
      'project.type_idx': number('ProjectType'),
      'project.status_idx': number('ProjectStatus'),
      'project.endDate': day('EndDate', 'date'),
    },
  },
};

/** Providers by lower-case name; the entity collections read the first three. */
export const providers: Readonly<Record<string, Provider>> = {
  simplecontact: simpleContact,
  person,
  findproject: findProject,
};
export const collectionProviders: Readonly<Record<RecordType, Provider>> = {
  company: simpleContact,
  person,
  project: findProject,
};
