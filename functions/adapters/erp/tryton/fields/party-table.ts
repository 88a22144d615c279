import { sameValue, type Value, type Values } from '../../../../core/values/value.ts';
import { type Composition, canonicalText, type Operation, type RecordTable, refuse } from '../read/record.ts';
import { answerAs } from '../wire/answer-as.ts';
import { addressValue, chooseAddresses, countryValue } from '../write/address-choice.ts';
import type { PartySource } from './field-spec.ts';
import { composeAddresses } from './party-addresses.ts';
import { composeChildren, contactValue, vatType, vatValue, type WantedChild } from './party-children.ts';
import { partyFieldByKey } from './party-fields.ts';
import { type AddressUses, PartyRow, partyReadFields, stampOf } from './party-row.ts';
import { joinName, splitName } from './person-name.ts';

export const partyModel = 'party.party';
const childModels = ['addresses', 'contact_mechanisms', 'identifiers'] as const;

function valueAt(party: PartyRow, source: PartySource, uses: AddressUses): Value {
  switch (source.at) {
    case 'name':
      return canonicalText(party.name);
    case 'code':
      return canonicalText(party.code);
    case 'firstName':
    case 'lastName':
      return splitName(party.name ?? '')[source.at];
    case 'vatNumber':
      return vatValue(party['identifiers.']);
    case 'contact':
      return contactValue(party['contact_mechanisms.'], source.type);
    case 'country':
      return countryValue(chooseAddresses(party['addresses.'], uses));
    case 'address':
      return addressValue(chooseAddresses(party['addresses.'], uses)[source.use], source.part);
  }
}

function fieldValue(party: PartyRow, uses: AddressUses, field: string): Value {
  const spec = partyFieldByKey.get(field);
  return spec === undefined ? null : valueAt(party, spec.source, uses);
}

function textOrNull(value: Value | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** The new name, where the change has one. */
function composeName(party: PartyRow, changes: Values): string | null | undefined {
  if ('NAME' in changes) return textOrNull(changes.NAME);
  if (!('FIRSTNAME' in changes || 'LASTNAME' in changes)) return undefined;
  const now = splitName(party.name ?? '');
  const wanted = {
    firstName: 'FIRSTNAME' in changes ? textOrNull(changes.FIRSTNAME) : now.firstName,
    lastName: 'LASTNAME' in changes ? textOrNull(changes.LASTNAME) : now.lastName,
  };
  const name = joinName(wanted);
  if (name !== undefined) return name === '' ? null : name;
  return refuse(
    'LASTNAME' in changes ? 'LASTNAME' : 'FIRSTNAME',
    'Tryton keeps one name, and from it these two parts could not be told apart again.',
  );
}

function compose(party: PartyRow, uses: AddressUses, changes: Values, mapped: readonly string[]): Composition {
  const changed = Object.entries(changes).filter(([field, value]) => !sameValue(value, fieldValue(party, uses, field)));
  const contacts: WantedChild[] = [];
  const identifiers: WantedChild[] = [];
  for (const [field, value] of changed) {
    const spec = partyFieldByKey.get(field);
    if (spec === undefined || spec.source.at === 'code') refuse(field, 'Tryton does not let this field be changed.');
    if (spec.source.at === 'contact') contacts.push({ field, type: spec.source.type, value });
    if (spec.source.at === 'vatNumber') identifiers.push({ field, type: vatType, value });
  }
  const name = composeName(party, Object.fromEntries(changed));
  const contact = composeChildren(party['contact_mechanisms.'], 'value', contacts);
  const identifier = composeChildren(party['identifiers.'], 'code', identifiers);
  const nested: Readonly<Record<(typeof childModels)[number], Operation[]>> = {
    addresses: composeAddresses({ addresses: party['addresses.'], uses, changes, mapped }),
    contact_mechanisms: contact.operations,
    identifiers: identifier.operations,
  };
  const filled = childModels.filter((child) => nested[child].length > 0);
  return {
    values: {
      ...(name !== undefined && { name }),
      ...Object.fromEntries(filled.map((child) => [child, nested[child]])),
    },
    removed: [
      ...contact.removedIds.map((id) => `party.contact_mechanism,${id}`),
      ...identifier.removedIds.map((id) => `party.identifier,${id}`),
    ],
  };
}

/** Parties with their addresses, contact mechanisms and identifiers: always all of them, so that the version is one. */
export function partyTable(uses: AddressUses): RecordTable {
  return {
    model: partyModel,
    readFields: partyReadFields(uses),
    // Writing a child leaves its party as it was, so each level has a clause of its own. A removed child shows nowhere.
    changedSince: (instant) => [
      [
        'OR',
        [['last_modified_at', '>=', instant]],
        ...childModels.map((child) => [[`${child}.last_modified_at`, '>=', instant]]),
      ],
    ],
    parse(raw) {
      const party = answerAs(PartyRow, raw);
      return {
        id: party.id,
        rows: [
          stampOf(partyModel, party),
          ...party['addresses.'].map((row) => stampOf('party.address', row)),
          ...party['contact_mechanisms.'].map((row) => stampOf('party.contact_mechanism', row)),
          ...party['identifiers.'].map((row) => stampOf('party.identifier', row)),
        ],
        value: (field) => fieldValue(party, uses, field),
        compose: (changes, mapped) => compose(party, uses, changes, mapped),
      };
    },
  };
}
