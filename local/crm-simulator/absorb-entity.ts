import { badRequest, invalid } from './api-error.ts';
import type { Country } from './countries.ts';
import { absorbCustom } from './custom-fields.ts';
import { type DateStyle, parseDay } from './date-text.ts';
import { deepEqual, isJsonObject, type Json, type JsonObject, memberOf, textOf } from './json.ts';
import { lists } from './lists.ts';
import {
  type AddressPart,
  emptyAddressPart,
  type StoredAddress,
  type StoredRecord,
  type StoredValue,
} from './records.ts';
import { localizedName, type RenderContext } from './render-entity.ts';
import {
  type AddressPartName,
  addressFieldNames,
  addressFields,
  type Field,
  type RecordType,
  shapes,
} from './shapes.ts';

/**
 * The values of a record after its whole entity was changed from `before` to `after`, validated as the CRM does.
 * Read-only properties are ignored, as the vendor does with carriers sent back.
 */
export function absorbEntity(
  record: StoredRecord,
  before: JsonObject,
  after: JsonObject,
  { dates, countries, customFields }: Pick<RenderContext, 'dates' | 'countries' | 'customFields'>,
): Record<string, StoredValue> {
  const values = { ...record.values };
  for (const [key, field] of Object.entries(shapes[record.type].fields)) {
    const sent = memberOf(after, key);
    if (deepEqual(sent, memberOf(before, key))) continue;
    values[key] =
      field.kind === 'address'
        ? absorbAddress(record.type, field.parts, memberOf(before, key), sent)
        : absorbValue(key, field, sent ?? null, { dates, countries });
  }
  const [were, are] = [memberOf(before, 'CustomFields'), memberOf(after, 'CustomFields')];
  Object.assign(values, absorbCustom(record.type, were, are, customFields));
  checkValues(record.type, values);
  return values;
}

function absorbValue(
  key: string,
  field: Field,
  sent: Json,
  { dates, countries }: { dates: DateStyle; countries: readonly Country[] },
): StoredValue {
  if (field.kind === 'text') return expectText(key, sent);
  if (field.kind === 'flag') return sent === true;
  if (field.kind === 'date') {
    const day = parseDay(expectText(key, sent), dates);
    if (day === undefined) throw badRequest(`${key} is not a date.`);
    return day;
  }
  if (field.kind === 'elements') return absorbElements(key, sent);
  return absorbReference(key, field, sent, countries);
}

function expectText(key: string, sent: Json): string {
  if (sent === null) return '';
  if (typeof sent !== 'string') throw badRequest(`${key} must be a string.`);
  return sent;
}

function absorbElements(key: string, sent: Json): StoredValue {
  if (sent === null) return [];
  if (!Array.isArray(sent)) throw badRequest(`${key} must be an array.`);
  return sent.map((item) => {
    if (!isJsonObject(item)) throw badRequest(`${key} must hold objects.`);
    return { value: textOf(memberOf(item, 'Value')), description: textOf(memberOf(item, 'Description')) };
  });
}

const referenceKeys = { list: 'Id', country: 'CountryId', company: 'ContactId', owner: 'AssociateId' } as const;

/** References are taken by id; a name or an ISO code sent along is ignored (spec 3.3: do not send names). */
function absorbReference(key: string, field: Field, sent: Json, countries: readonly Country[]): number {
  if (sent === null) return 0;
  if (!isJsonObject(sent)) throw badRequest(`${key} must be an object.`);
  if (field.kind !== 'list' && field.kind !== 'country' && field.kind !== 'company' && field.kind !== 'owner') return 0;
  const id = memberOf(sent, referenceKeys[field.kind]) ?? 0;
  if (typeof id !== 'number') throw badRequest(`${key} must be referred to by its id.`);
  const isKnown =
    id === 0 ||
    (field.kind === 'list' && lists[field.list].some((item) => item.id === id)) ||
    (field.kind === 'country' && countries.some((item) => item.id === id)) ||
    field.kind === 'company' ||
    field.kind === 'owner';
  if (!isKnown) throw invalid(`${key} ${id} does not exist.`);
  return id;
}

/** Missing leaves of a sent `Street` or `Postal` are blanked; a changed `LocalizedAddress` wins over both (spec 3.3). */
function absorbAddress(
  type: RecordType,
  parts: readonly AddressPartName[],
  before: Json | undefined,
  sent: Json | undefined,
): StoredAddress {
  const address = isJsonObject(sent) ? sent : {};
  const sentLines = memberOf(address, 'LocalizedAddress');
  const oldLines = isJsonObject(before) ? memberOf(before, 'LocalizedAddress') : undefined;
  const lines = Array.isArray(sentLines) && !deepEqual(sentLines, oldLines) ? sentLines.flat() : undefined;
  const stored: StoredAddress = {};
  for (const part of parts) {
    const structured = memberOf(address, part);
    stored[part] = readPart((name) => {
      if (lines === undefined) return isJsonObject(structured) ? memberOf(structured, name) : undefined;
      const wanted = localizedName(type, part, name);
      const line = lines.find((item) => isJsonObject(item) && memberOf(item, 'Name') === wanted);
      return isJsonObject(line) ? memberOf(line, 'Value') : undefined;
    });
  }
  return stored;
}

function readPart(leaf: (name: string) => Json | undefined): AddressPart {
  const part = emptyAddressPart();
  for (const name of addressFieldNames) part[name] = textOf(leaf(name));
  return part;
}

const elementMaxLength = 254;

/** Lengths and mandatory fields; throws the CRM's validation error. */
export function checkValues(type: RecordType, values: Readonly<Record<string, StoredValue>>): void {
  const tooLong = (key: string, maxLength: number) => invalid(`${key} is longer than ${maxLength} characters.`);
  for (const [key, field] of Object.entries(shapes[type].fields)) {
    const value = values[key];
    if (field.kind === 'text' && typeof value === 'string') {
      if (value.length > field.maxLength) throw tooLong(key, field.maxLength);
      if (field.mandatory && value.trim() === '') throw invalid(`${key} is mandatory.`);
    } else if (Array.isArray(value)) {
      if (value.some((element) => element.value.length > elementMaxLength)) throw tooLong(key, elementMaxLength);
    } else if (field.kind === 'address' && typeof value === 'object') {
      for (const [partName, part] of Object.entries(value)) {
        for (const name of addressFieldNames) {
          if (part[name].length > addressFields[name]) throw tooLong(`${partName}${name}`, addressFields[name]);
        }
      }
    }
  }
}
