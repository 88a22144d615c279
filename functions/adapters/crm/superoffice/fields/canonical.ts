import type { Value, Values } from '../../../../core/values/value.ts';
import { dayOf } from './instants.ts';
import type { RecordField, Spot } from './record-types.ts';

/**
 * One canonical value for one field, whether it was read from an archive row or from the entity (contract test): phones
 * are the display text in both (`formattedNumber` and `Value`), countries their id.
 */
export type Entity = Readonly<Record<string, unknown>>;

export function isEntity(value: unknown): value is Entity {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textValue(raw: unknown): Value {
  if (typeof raw !== 'string' && typeof raw !== 'number') return null;
  const text = String(raw).replaceAll('\r\n', '\n').trim();
  return text === '' ? null : text;
}

/** Id 0 is no item. */
function listValue(raw: unknown): Value {
  const text = textValue(raw);
  return text === '0' ? null : text;
}

function canonical(spot: Spot, raw: unknown): Value {
  if (spot.at === 'day') return dayOf(raw);
  return spot.at === 'country' ? listValue(raw) : textValue(raw);
}

/** What the entity holds at a spot, as it is written there; undefined where there is no such spot. */
export function rawAt(entity: Entity, spot: Spot): unknown {
  if (spot.at === 'country') return isEntity(entity.Country) ? entity.Country.CountryId : undefined;
  if (spot.at === 'first') {
    const entries = entity[spot.property];
    const first: unknown = Array.isArray(entries) ? entries[0] : undefined;
    return isEntity(first) ? first.Value : undefined;
  }
  if (spot.at === 'address') {
    const part = isEntity(entity.Address) ? entity.Address[spot.part] : undefined;
    return isEntity(part) ? part[spot.leaf] : undefined;
  }
  return entity[spot.property];
}

export function valueInEntity(entity: Entity, field: RecordField): Value {
  return canonical(field.spot, rawAt(entity, field.spot));
}

export function valuesOfEntity(entity: Entity, fields: readonly RecordField[]): Values {
  return Object.fromEntries(fields.map((field) => [field.metadata.key, valueInEntity(entity, field)]));
}

export function valuesOfRow(row: Entity, fields: readonly RecordField[]): Values {
  return Object.fromEntries(fields.map((field) => [field.metadata.key, canonical(field.spot, row[field.column])]));
}
