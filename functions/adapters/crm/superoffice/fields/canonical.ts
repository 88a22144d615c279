import { SyncError } from '../../../../core/errors.ts';
import type { Value, Values } from '../../../../core/values/value.ts';
import { type CustomType, customValue } from './custom-values.ts';
import { dayOf } from './instants.ts';
import type { RecordField, Spot } from './record-types.ts';

/**
 * One canonical value for one field, whether it was read from an archive row or from the entity (contract test): phones
 * are the display text in both (`formattedNumber` and `Value`), countries their id, days their date part in an answer
 * without a zone. What the two may show differently is evened out: outer spaces, line breaks, composed letters, and runs
 * of spaces in phones.
 */
export type Entity = Readonly<Record<string, unknown>>;

export function isEntity(value: unknown): value is Entity {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textValue(raw: unknown): Value {
  if (typeof raw !== 'string' && typeof raw !== 'number') return null;
  const text = String(raw).toWellFormed().normalize('NFC').replaceAll(/\r\n?/g, '\n').trim();
  return text === '' ? null : text;
}

/** What the CRM calls a record. */
export function nameIn(raw: unknown): string | undefined {
  const text = textValue(raw);
  return typeof text === 'string' ? text : undefined;
}

function phoneValue(raw: unknown): Value {
  const text = textValue(raw);
  return typeof text === 'string' ? text.replaceAll(/\s+/g, ' ') : text;
}

/** Id 0 is no item. */
function listValue(raw: unknown): Value {
  const text = textValue(raw);
  return text === '0' ? null : text;
}

/** `[I:23]`, a number or the digits of one (spec 3.3): anything else is no id, and never taken for one. */
function itemValue(raw: unknown): Value {
  if (raw === null || raw === undefined || raw === '') return null;
  const id = /^(?:\[I:)?(\d{1,10})\]?$/.exec(String(raw))?.[1];
  if (id === undefined) throw new SyncError('transient', 'The CRM shows a list item without its id.');
  return Number(id) === 0 ? null : String(Number(id));
}

function ownValue(type: CustomType, raw: unknown): Value {
  if (type === 'text') return textValue(raw);
  return type === 'list' ? itemValue(raw) : customValue(type, raw);
}

function canonical({ spot, metadata }: RecordField, raw: unknown): Value {
  if (spot.at === 'day') return dayOf(raw);
  if (spot.at === 'country') return listValue(raw);
  if (spot.at === 'list') return itemValue(raw);
  if (spot.at === 'custom') return ownValue(spot.type, raw);
  return metadata.format === 'phone' ? phoneValue(raw) : textValue(raw);
}

/** What the entity holds at a spot, as it is written there; undefined where there is no such spot. */
export function rawAt(entity: Entity, spot: Spot): unknown {
  if (spot.at === 'country') return isEntity(entity.Country) ? entity.Country.CountryId : undefined;
  if (spot.at === 'list') {
    const held = entity[spot.property];
    return isEntity(held) ? held.Id : undefined;
  }
  if (spot.at === 'first') return elementsAt(entity, spot.property)[0];
  if (spot.at === 'custom') return isEntity(entity.CustomFields) ? entity.CustomFields[spot.progId] : undefined;
  if (spot.at === 'address') {
    const part = isEntity(entity.Address) ? entity.Address[spot.part] : undefined;
    return isEntity(part) ? part[spot.leaf] : undefined;
  }
  return entity[spot.property];
}

function elementsAt(entity: Entity, property: string): unknown[] {
  const entries: unknown = entity[property];
  return Array.isArray(entries) ? entries.map((entry: unknown) => (isEntity(entry) ? entry.Value : undefined)) : [];
}

/** Another entry would take the place of the first one if that were removed. */
export function hasSuccessor(entity: Entity, { spot }: RecordField): boolean {
  if (spot.at !== 'first') return false;
  return elementsAt(entity, spot.property)
    .slice(1)
    .some((raw) => textValue(raw) !== null);
}

export function isDayField({ spot }: RecordField): boolean {
  return spot.at === 'day' || (spot.at === 'custom' && spot.type === 'date');
}

/** Read with its id by itself: in a row it shows its text. */
export function isItemField({ spot }: RecordField): boolean {
  return spot.at === 'list' || (spot.at === 'custom' && spot.type === 'list');
}

/** Day fields count only if the entity was read without a zone. */
export function valueInEntity(entity: Entity, field: RecordField): Value {
  return canonical(field, rawAt(entity, field.spot));
}

export function valuesOfEntity(entity: Entity, fields: readonly RecordField[]): Values {
  return Object.fromEntries(fields.map((field) => [field.metadata.key, valueInEntity(entity, field)]));
}

export function valuesOfRow(row: Entity, fields: readonly RecordField[]): Values {
  return Object.fromEntries(fields.map((field) => [field.metadata.key, canonical(field, row[field.column])]));
}
