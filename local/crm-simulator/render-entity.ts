import { associateFullName, associateLogin } from './associates.ts';
import type { Country } from './countries.ts';
import type { CustomChanges } from './custom-changes.ts';
import { renderCustom } from './custom-fields.ts';
import { type DateStyle, dayText, instantText } from './date-text.ts';
import { findKey, type Json, type JsonObject } from './json.ts';
import { countryCarrier, listItemName } from './lists.ts';
import { strippedPhone } from './phone-text.ts';
import type { AddressPart, Element, StoredRecord, StoredValue } from './records.ts';
import { addressPart, textValue } from './records.ts';
import { type AddressPartName, type Field, type RecordType, shapes } from './shapes.ts';

export type RenderContext = {
  dates: DateStyle;
  countries: readonly Country[];
  companyName: (companyId: number) => string;
  rights: JsonObject;
  customFields: CustomChanges;
};

/** The entity as GET and PATCH answer it: PascalCase, with the read-only properties. */
export function renderEntity(record: StoredRecord, context: RenderContext): JsonObject {
  const shape = shapes[record.type];
  const entity: JsonObject = { [shape.idKey]: record.id };
  for (const [key, field] of Object.entries(shape.fields)) {
    entity[key] = key === 'Address' ? renderAddress(record) : renderValue(field, record.values[key], context);
  }
  if (record.type === 'company') entity.Deleted = record.deletedMs === null ? 0 : 1;
  if (record.type === 'person') entity.FullName = fullName(record);
  return {
    ...entity,
    ActiveErpLinks: 0,
    CreatedDate: instantText(record.createdMs, context.dates),
    UpdatedDate: instantText(record.updatedMs, context.dates),
    CreatedBy: associate(record.createdBy),
    UpdatedBy: associate(record.updatedBy),
    CustomFields: renderCustom(record, 'custom', context.customFields),
    UserDefinedFields: renderCustom(record, 'user-defined', context.customFields),
    ExtraFields: {},
    ...context.rights,
    _Links: {},
  };
}

/** `$select` keeps the whole shape: what is not named comes back null (spec 3.2). */
export function selectProperties(entity: JsonObject, select: string | undefined): JsonObject {
  if (select === undefined || select.trim() === '') return entity;
  const wanted = new Set(select.split(',').map((name) => findKey(entity, name.trim())));
  return Object.fromEntries(Object.entries(entity).map(([key, value]) => [key, wanted.has(key) ? value : null]));
}

export function fullName(record: StoredRecord): string {
  return ['Firstname', 'MiddleName', 'Lastname']
    .map((key) => textValue(record, key))
    .filter((part) => part !== '')
    .join(' ');
}

function associate(id: number): Json {
  return id === 0 ? null : { AssociateId: id, Name: associateLogin(id), FullName: associateFullName(id) };
}

function renderElements(field: Field, elements: Element[]): Json {
  const isPhone = field.kind === 'elements' && field.holds === 'phone';
  return elements.map(({ value, description }) => ({
    Value: value,
    StrippedValue: isPhone ? strippedPhone(value) : value,
    Description: description,
  }));
}

function renderValue(field: Field, value: StoredValue | undefined, context: RenderContext): Json {
  if (Array.isArray(value)) return renderElements(field, value);
  if (field.kind === 'date') return dayText(typeof value === 'string' ? value : '', context.dates);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  const id = typeof value === 'number' ? value : 0;
  if (field.kind === 'list') return id === 0 ? null : { Id: id, Value: listItemName(field.list, id) };
  if (field.kind === 'country') return countryCarrier(context.countries.find((item) => item.id === id));
  if (field.kind === 'company') return id === 0 ? null : { ContactId: id, Name: context.companyName(id) };
  return associate(id);
}

const addressTypes: Readonly<Record<RecordType, Partial<Record<AddressPartName, string>>>> = {
  company: { Street: 'ContactStreetAddress', Postal: 'ContactPostalAddress' },
  person: { Street: 'PersonPrivateAddress' },
  project: {},
};

/** Lines of `LocalizedAddress`: company fields carry the address kind as prefix, a person's do not (spec 3.3). */
export const localizedName = (type: RecordType, part: AddressPartName, field: string): string =>
  type === 'person' ? field : `${part}${field}`;

function formatted(part: AddressPart): string {
  const cityLine = [part.Zipcode, part.City].filter((text) => text !== '').join(' ');
  return [part.Address1, part.Address2, part.Address3, cityLine].filter((text) => text !== '').join('\n');
}

function renderAddress(record: StoredRecord): Json {
  const shape = shapes[record.type].fields.Address;
  const parts = shape?.kind === 'address' ? shape.parts : [];
  const structured = (part: AddressPartName): Json => {
    if (!parts.includes(part)) return null;
    const stored = addressPart(record, part);
    return { ...stored, Formatted: formatted(stored), AtypeIdx: addressTypes[record.type][part] ?? '' };
  };
  const lines = parts.flatMap((part) =>
    Object.entries(addressPart(record, part)).map(([field, value]) => [
      {
        Name: localizedName(record.type, part, field),
        Value: value,
        AddressType: addressTypes[record.type][part] ?? '',
      },
    ]),
  );
  return {
    Street: structured('Street'),
    Postal: structured('Postal'),
    LocalizedAddress: lines,
    Formatted: parts.map((part) => formatted(addressPart(record, part))).join('\n'),
    Wgs84Latitude: 0,
    Wgs84Longitude: 0,
  };
}
