import { sameValue, type Value, type Values } from '../../../../core/values/value.ts';
import { type AddressPart, addressParts } from '../fields/field-spec.ts';
import { type AddressRow, type AddressUses, lastSequence } from '../fields/party-row.ts';
import { refuse } from '../read/record.ts';
import { addressValue } from './address-choice.ts';
import {
  type AddressWrites,
  changeFields,
  changeParts,
  fieldsFor,
  isAllBlank,
  type Wanted,
  wantedParts,
} from './address-writes.ts';

export interface SharedChange {
  readonly addresses: readonly AddressRow[];
  readonly uses: AddressUses;
  readonly changes: Values;
  /** Fields that the connection reads. */
  readonly mapped: readonly string[];
}

/**
 * One row is both the postal and the street address. What holds for both is changed in it. Where the two part, it stays
 * the postal address, and the street address becomes a delivery address of its own: else writing one would change the other.
 */
export function changeSharedAddress(writes: AddressWrites, row: AddressRow, about: SharedChange): void {
  const { addresses, uses, changes, mapped } = about;
  const postal = wantedParts('POSTAL', row, changes);
  const street = wantedParts('STREET', row, changes);
  const after = (wanted: Wanted, part: AddressPart): Value =>
    wanted.get(part) ?? (wanted.has(part) ? null : addressValue(row, part));
  const isKnown = (key: string) => key in changes || mapped.includes(key);
  const parting = addressParts.find(
    (part) =>
      isKnown(`POSTAL${part}`) && isKnown(`STREET${part}`) && !sameValue(after(postal, part), after(street, part)),
  );
  if (parting === undefined) {
    changeParts(writes, row, postal.size > 0 ? 'POSTAL' : 'STREET', new Map([...postal, ...street]));
    return;
  }
  const moved: Wanted = new Map(addressParts.map((part) => [part, after(street, part)]));
  const others = addresses.filter((other) => other.active && other.delivery && other !== row);
  if (!uses.delivery || others.length > 0 || isAllBlank(moved)) {
    const field = street.has(parting) ? `STREET${parting}` : `POSTAL${parting}`;
    refuse(field, 'This party has one address for both uses. Add a second one in Tryton to keep two different ones.');
  }
  changeParts(writes, row, 'POSTAL', postal);
  if (row.delivery) changeFields(writes, row, { delivery: false });
  writes.created.push({
    ...fieldsFor(moved, row.street),
    country: row.country,
    delivery: true,
    ...(uses.invoice && { invoice: false }),
    sequence: lastSequence(addresses),
  });
}
