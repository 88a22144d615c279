import { invalid } from './api-error.ts';
import type { Country } from './countries.ts';
import { flatCustom, writtenCustom } from './custom-fields.ts';
import { plainDay } from './date-text.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { listItemName, lists } from './lists.ts';
import {
  addressPart,
  elementsValue,
  emptyValues,
  flagValue,
  numberValue,
  type StoredRecord,
  type StoredValue,
  textValue,
} from './records.ts';
import type { AddressFieldName, AddressPartName, ListName, RecordType } from './shapes.ts';

/** A record as people read and write it: seed files and the control door. */
export type FlatRecord = JsonObject;

type FlatField =
  | { as: 'text' | 'day' | 'flag' | 'first' | 'all' | 'country' | 'id'; key: string }
  | { as: 'list'; key: string; list: ListName }
  | { as: 'address'; part: AddressPartName };

const text = (key: string): FlatField => ({ as: 'text', key });
const first = (key: string): FlatField => ({ as: 'first', key });
const all = (key: string): FlatField => ({ as: 'all', key });

/** Plural names come first: written together with the singular one, the singular decides about the first entry. */
const flatFields: Readonly<Record<RecordType, Readonly<Record<string, FlatField>>>> = {
  company: {
    name: text('Name'),
    department: text('Department'),
    code: text('Number1'),
    number: text('Number2'),
    orgNr: text('OrgNr'),
    phones: all('Phones'),
    phone: first('Phones'),
    faxes: all('Faxes'),
    fax: first('Faxes'),
    emails: all('Emails'),
    email: first('Emails'),
    urls: all('Urls'),
    url: first('Urls'),
    country: { as: 'country', key: 'Country' },
    postal: { as: 'address', part: 'Postal' },
    street: { as: 'address', part: 'Street' },
    description: text('Description'),
    category: { as: 'list', key: 'Category', list: 'category' },
    business: { as: 'list', key: 'Business', list: 'business' },
  },
  person: {
    companyId: { as: 'id', key: 'Contact' },
    firstName: text('Firstname'),
    middleName: text('MiddleName'),
    lastName: text('Lastname'),
    title: text('Title'),
    number: text('PersonNumber'),
    position: { as: 'list', key: 'Position', list: 'perspos' },
    phoneDirect: first('OfficePhones'),
    phoneMobile: first('MobilePhones'),
    phonePrivate: first('PrivatePhones'),
    phoneOther: first('OtherPhones'),
    fax: first('Faxes'),
    emails: all('Emails'),
    email: first('Emails'),
    urls: all('Urls'),
    url: first('Urls'),
    country: { as: 'country', key: 'Country' },
    address: { as: 'address', part: 'Street' },
    birthDate: { as: 'day', key: 'BirthDate' },
    retired: { as: 'flag', key: 'Retired' },
  },
  project: {
    name: text('Name'),
    number: text('ProjectNumber'),
    description: text('Description'),
    urls: all('Urls'),
    url: first('Urls'),
    endDate: { as: 'day', key: 'EndDate' },
    completed: { as: 'flag', key: 'Completed' },
    type: { as: 'list', key: 'ProjectType', list: 'projecttype' },
    status: { as: 'list', key: 'ProjectStatus', list: 'projectstatus' },
  },
};

const addressNames: Readonly<Record<string, AddressFieldName>> = {
  line1: 'Address1',
  line2: 'Address2',
  line3: 'Address3',
  zip: 'Zipcode',
  city: 'City',
  county: 'County',
  state: 'State',
};

/** Set by the server; ignored when written. */
const ownKeys = ['id', 'created', 'updated', 'createdBy', 'updatedBy', 'deleted'];

export function toFlat(record: StoredRecord, countries: readonly Country[]): FlatRecord {
  const fields = Object.entries(flatFields[record.type]).map(([name, field]) => [name, read(record, field, countries)]);
  const custom = flatCustom(record);
  return {
    id: record.id,
    ...(Object.fromEntries(fields) as JsonObject),
    ...(Object.keys(custom).length > 0 && { custom }),
    created: new Date(record.createdMs).toISOString(),
    updated: new Date(record.updatedMs).toISOString(),
    createdBy: record.createdBy,
    updatedBy: record.updatedBy,
    deleted: record.deletedMs !== null,
  };
}

function read(record: StoredRecord, field: FlatField, countries: readonly Country[]): Json {
  if (field.as === 'address') {
    const part = addressPart(record, field.part);
    return Object.fromEntries(Object.entries(addressNames).map(([name, key]) => [name, part[key]]));
  }
  if (field.as === 'first') return elementsValue(record, field.key)[0]?.value ?? '';
  if (field.as === 'all') return elementsValue(record, field.key).map((element) => element.value);
  if (field.as === 'flag') return flagValue(record, field.key);
  if (field.as === 'id') return numberValue(record, field.key);
  if (field.as === 'list') return listItemName(field.list, numberValue(record, field.key));
  if (field.as === 'country') return countries.find((item) => item.id === numberValue(record, field.key))?.iso2 ?? '';
  return textValue(record, field.key);
}

/** The record's values with the changes applied, and the names of the entity's properties that were written. */
export function applyFlat(
  record: StoredRecord,
  changes: FlatRecord,
  countries: readonly Country[],
): { values: Record<string, StoredValue>; paths: string[] } {
  const changed: StoredRecord = { ...record, values: { ...record.values } };
  const paths = new Set<string>();
  for (const name of Object.keys(changes)) {
    if (flatFields[record.type][name] === undefined && ![...ownKeys, 'custom'].includes(name))
      throw invalid(`Unknown field '${name}'.`);
  }
  for (const [name, field] of Object.entries(flatFields[record.type])) {
    const value = changes[name];
    if (value === undefined) continue;
    const key = field.as === 'address' ? 'Address' : field.key;
    changed.values[key] = written(changed, name, field, value, countries);
    paths.add(`/${key}`);
  }
  if (changes.custom !== undefined) {
    Object.assign(changed.values, writtenCustom(record.type, changes.custom));
    paths.add('/CustomFields');
  }
  return { values: changed.values, paths: [...paths] };
}

/** A record of that type with nothing in it. */
export function blankRecord(type: RecordType, id: number, nowMs: number, by: number): StoredRecord {
  return {
    type,
    id,
    createdMs: nowMs,
    updatedMs: nowMs,
    createdBy: by,
    updatedBy: by,
    deletedMs: null,
    values: emptyValues(type),
  };
}

function written(
  record: StoredRecord,
  name: string,
  field: FlatField,
  value: Json,
  countries: readonly Country[],
): StoredValue {
  if (field.as === 'address') return writtenAddress(record, name, field.part, value);
  if (field.as === 'all') return writtenElements(record, name, field.key, value);
  if (field.as === 'flag') return value === true;
  if (field.as === 'id') return typeof value === 'number' ? value : 0;
  const content = value ?? '';
  if (typeof content !== 'string') throw invalid(`${name} must be a text.`);
  if (field.as === 'first') {
    const [head, ...rest] = elementsValue(record, field.key);
    return content === '' ? rest : [{ value: content, description: head?.description ?? '' }, ...rest];
  }
  if (field.as === 'country') {
    const known = countries.find((item) => item.iso2 === content.toUpperCase());
    if (content !== '' && known === undefined) throw invalid(`There is no country '${content}'.`);
    return known?.id ?? 0;
  }
  if (field.as === 'list') {
    const item = lists[field.list].find((candidate) => candidate.name === content);
    if (content !== '' && item === undefined) throw invalid(`${name} has no item '${content}'.`);
    return item?.id ?? 0;
  }
  const day = field.as === 'day' ? plainDay(content) : content;
  if (day === undefined) throw invalid(`${name} must be a date.`);
  return day;
}

function writtenElements(record: StoredRecord, name: string, key: string, value: Json): StoredValue {
  if (!Array.isArray(value)) throw invalid(`${name} must be a list of texts.`);
  const old = elementsValue(record, key);
  return value.map((item, index) => ({ value: `${item}`, description: old[index]?.description ?? '' }));
}

/** Lines that are not named keep their text. */
function writtenAddress(record: StoredRecord, name: string, part: AddressPartName, value: Json): StoredValue {
  if (!isJsonObject(value)) throw invalid(`${name} must be an object.`);
  const next = { ...addressPart(record, part) };
  for (const [line, content] of Object.entries(value)) {
    const key = addressNames[line];
    if (key === undefined || typeof content !== 'string') throw invalid(`${name} has no line '${line}'.`);
    next[key] = content;
  }
  const stored = record.values.Address;
  return { ...(typeof stored === 'object' && !Array.isArray(stored) ? stored : {}), [part]: next };
}
