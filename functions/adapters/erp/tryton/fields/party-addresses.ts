import { isBlank, sameValue, type Value, type Values } from '../../../../core/values/value.ts';
import { type Operation, refuse } from '../read/record.ts';
import {
  addressValue,
  type ChosenAddresses,
  chooseAddresses,
  countryValue,
  streetFollowsPostal,
} from '../write/address-choice.ts';
import {
  type AddressFields,
  type AddressWrites,
  changeFields,
  changeParts,
  fieldsFor,
  isAllBlank,
  wantedParts,
} from '../write/address-writes.ts';
import { changeSharedAddress, type SharedChange } from '../write/shared-address.ts';
import { type AddressPart, type AddressUse, addressParts } from './field-spec.ts';
import { lastSequence } from './party-row.ts';

/** The country to write, where it is another one. */
function wantedCountry(changes: Values, chosen: ChosenAddresses): number | null | undefined {
  const value = changes.COUNTRY;
  if (value === undefined || sameValue(value, countryValue(chosen))) return undefined;
  if (value === null) return null;
  if (typeof value !== 'string' || !/^\d{1,9}$/.test(value)) refuse('COUNTRY', 'Tryton has no such country.');
  return Number(value);
}

/** Changes the row that an address field means; answers the new row where there was none. */
function writeUse(
  writes: AddressWrites,
  { chosen, use, changes }: { chosen: ChosenAddresses; use: AddressUse; changes: Values },
  marks: AddressFields,
): AddressFields | undefined {
  const row = chosen[use];
  const wanted = wantedParts(use, row, changes);
  if (row !== undefined) changeParts(writes, row, use, wanted);
  if (row !== undefined || isAllBlank(wanted)) return undefined;
  const made = { ...fieldsFor(wanted, null), ...marks };
  writes.created.push(made);
  return made;
}

/** The party lacks a postal row, and the wanted one is just what its street row holds or is to hold: not blank, and alike. */
function servesBoth(chosen: ChosenAddresses, changes: Values): boolean {
  const wanted = (use: AddressUse, part: AddressPart): Value =>
    changes[`${use}${part}`] ?? (`${use}${part}` in changes ? null : addressValue(chosen[use], part));
  return (
    chosen.POSTAL === undefined &&
    addressParts.every((part) => sameValue(wanted('POSTAL', part), wanted('STREET', part))) &&
    addressParts.some((part) => !isBlank(wanted('POSTAL', part))) &&
    (chosen.STREET === undefined ||
      (chosen.STREET === chosen.country && wantedParts('STREET', chosen.STREET, changes).size === 0))
  );
}

/** Nested writes that bring the addresses of a party to the wanted values. */
export function composeAddresses(about: SharedChange): Operation[] {
  const { addresses, uses, changes } = about;
  const chosen = chooseAddresses(addresses, uses);
  const writes: AddressWrites = { created: [], changed: new Map() };
  const sequence = lastSequence(addresses);
  // A new postal row takes over the country that another row has told so far.
  const postalMarks = { sequence, ...(uses.invoice && { invoice: true, country: chosen.country?.country ?? null }) };
  const streetMarks = { sequence, ...(uses.delivery && { delivery: true }) };
  const write = (use: AddressUse, marks: AddressFields = use === 'POSTAL' ? postalMarks : streetMarks) =>
    writeUse(writes, { chosen, use, changes }, marks);

  let postal: AddressFields | undefined;
  if (streetFollowsPostal(uses)) {
    const [part] = wantedParts('STREET', chosen.STREET, changes).keys();
    if (part !== undefined) refuse(`STREET${part}`, 'This Tryton has one address for every use.');
    postal = write('POSTAL');
  } else if (chosen.STREET !== undefined && chosen.STREET === chosen.POSTAL) {
    changeSharedAddress(writes, chosen.STREET, about);
  } else if (servesBoth(chosen, changes)) {
    // One place has one row, not two that are alike.
    if (chosen.STREET === undefined) postal = write('POSTAL', { ...postalMarks, ...streetMarks });
    else changeFields(writes, chosen.STREET, { invoice: true });
  } else {
    // Of two new rows, the one whose use has no mark is chosen for being the first.
    if (!uses.delivery) write('STREET');
    postal = write('POSTAL');
    if (uses.delivery) write('STREET');
  }

  const country = wantedCountry(changes, chosen);
  if (country !== undefined) {
    for (const made of writes.created) made.country = country;
    if (postal === undefined && chosen.country !== undefined) changeFields(writes, chosen.country, { country });
    else if (writes.created.length === 0) writes.created.push({ ...postalMarks, country });
  }
  return [
    ...[...writes.changed].map(([row, fields]): Operation => ['write', [row.id], fields]),
    ...(writes.created.length === 0 ? [] : [['create', writes.created] as const]),
  ];
}
