import type { Value } from '../../../../core/values/value.ts';
import type { AddressPart } from '../fields/field-spec.ts';
import { type AddressRow, type AddressUses, inOrder } from '../fields/party-row.ts';
import { streetLine } from '../fields/street-lines.ts';
import { canonicalText } from '../read/record.ts';

/** The rows that the address fields of a party mean at this moment. */
export interface ChosenAddresses {
  readonly POSTAL: AddressRow | undefined;
  readonly STREET: AddressRow | undefined;
  readonly country: AddressRow | undefined;
}

/**
 * Postal: the first invoice address. Street: the first delivery address, else the first. Where this Tryton does not tell
 * the use apart, the first address serves it.
 */
export function chooseAddresses(addresses: readonly AddressRow[], uses: AddressUses): ChosenAddresses {
  const active = inOrder(addresses);
  const postal = uses.invoice ? active.find((row) => row.invoice) : active[0];
  const street = (uses.delivery ? active.find((row) => row.delivery) : undefined) ?? active[0];
  return { POSTAL: postal, STREET: street, country: postal ?? active[0] };
}

/** Without either use there is only one address, and two groups of fields could not be written apart. */
export function streetFollowsPostal(uses: AddressUses): boolean {
  return !uses.invoice && !uses.delivery;
}

/** Lines of the street that parts stand for, counted from 1. */
export const lineOf: Readonly<Partial<Record<AddressPart, number>>> = { AD1: 1, AD2: 2, AD3: 3 };

export function addressValue(row: AddressRow | undefined, part: AddressPart): Value {
  if (row === undefined) return null;
  const line = lineOf[part];
  if (line !== undefined) return streetLine(row.street, line);
  return canonicalText(part === 'ZIP' ? row.postal_code : row.city);
}

export function countryValue(chosen: ChosenAddresses): Value {
  const country = chosen.country?.country ?? null;
  return country === null ? null : String(country);
}
