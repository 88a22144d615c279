import { isBlank, sameValue, type Value, type Values } from '../../../../core/values/value.ts';
import { type AddressPart, type AddressUse, addressParts } from '../fields/field-spec.ts';
import { type AddressRow, isStructured } from '../fields/party-row.ts';
import { hasLineBreak, withStreetLines } from '../fields/street-lines.ts';
import { refuse } from '../read/record.ts';
import { addressValue, lineOf } from './address-choice.ts';

export type Wanted = ReadonlyMap<AddressPart, Value>;
export type AddressFields = Record<string, unknown>;

/** What is to happen to the address rows of one party. */
export interface AddressWrites {
  readonly created: AddressFields[];
  readonly changed: Map<AddressRow, AddressFields>;
}

/** The parts of one address that are to get another value. */
export function wantedParts(use: AddressUse, row: AddressRow | undefined, changes: Values): Wanted {
  const wanted = new Map<AddressPart, Value>();
  for (const part of addressParts) {
    const value = changes[`${use}${part}`];
    if (value === undefined || sameValue(value, addressValue(row, part))) continue;
    if (hasLineBreak(value)) refuse(`${use}${part}`, 'A part of an address cannot hold a line break.');
    wanted.set(part, value);
  }
  return wanted;
}

export function isAllBlank(wanted: Wanted): boolean {
  return [...wanted.values()].every(isBlank);
}

/** Tryton's fields for the wanted parts; further lines are kept from `street`. */
export function fieldsFor(wanted: Wanted, street: string | null): AddressFields {
  const lines = new Map<number, Value>();
  const fields: AddressFields = {};
  for (const [part, value] of wanted) {
    const line = lineOf[part];
    if (line !== undefined) lines.set(line, value);
    else fields[part === 'ZIP' ? 'postal_code' : 'city'] = value;
  }
  return lines.size === 0 ? fields : { ...fields, street: withStreetLines(street, lines) };
}

export function changeFields(writes: AddressWrites, row: AddressRow, fields: AddressFields): void {
  writes.changed.set(row, { ...writes.changed.get(row), ...fields });
}

export function changeParts(writes: AddressWrites, row: AddressRow, use: AddressUse, wanted: Wanted): void {
  const line = [...wanted.keys()].find((part) => lineOf[part] !== undefined);
  if (line !== undefined && isStructured(row)) {
    refuse(`${use}${line}`, 'Tryton keeps the street of this address in parts (name, number …); change it there.');
  }
  if (wanted.size > 0) changeFields(writes, row, fieldsFor(wanted, row.street));
}
