import { sameValue, type Value, type Values } from '../../../../core/values/value.ts';
import type { Standing } from '../../../../ports/record-system.ts';
import {
  type Composition,
  canonicalText,
  type Operation,
  type RecordTable,
  type RowRight,
  refuse,
} from '../read/record.ts';
import { answerAs } from '../wire/answer-as.ts';
import { addressValue, chooseAddresses, countryValue } from '../write/address-choice.ts';
import type { PartySource } from './field-spec.ts';
import { composeAddresses } from './party-addresses.ts';
import { composeChildren, contactValue, vatType, vatValue, type WantedChild } from './party-children.ts';
import { partyFieldByKey } from './party-fields.ts';
import { categoryValue, columnsOf, composeCategory, itemId, itemValue } from './party-items.ts';
import { type AddressUses, PartyRow, partyReadFields, stampOf } from './party-row.ts';
import { composeName, namePart } from './write-name.ts';

export const partyModel = 'party.party';

/** What this Tryton and this connection make of a party: the uses that are told apart, and the names of categories that make roles. */
interface PartyForm {
  readonly uses: AddressUses;
  readonly roles: readonly string[];
}

/** How a party is read: with the fields that the connection reads. */
interface Reading extends PartyForm {
  readonly mapped: readonly string[];
}

const modelOf = {
  addresses: 'party.address',
  contact_mechanisms: 'party.contact_mechanism',
  identifiers: 'party.identifier',
} as const;
const childModels = ['addresses', 'contact_mechanisms', 'identifiers'] as const;
/** The tables of a party's rows. */
export const rowModels: readonly string[] = Object.values(modelOf);

function valueAt(party: PartyRow, source: PartySource, { uses, mapped, roles }: Reading): Value {
  switch (source.at) {
    case 'name':
      return canonicalText(party.name);
    case 'code':
      return canonicalText(party.code);
    case 'firstName':
    case 'middleName':
    case 'lastName':
      return namePart(party.name, source.at, mapped);
    case 'vatNumber':
      return vatValue(party['identifiers.']);
    case 'contact':
      return contactValue(party['contact_mechanisms.'], source.type);
    case 'item':
      return itemValue(party[source.name]);
    case 'category':
      return categoryValue(party, roles);
    case 'country':
      return countryValue(chooseAddresses(party['addresses.'], uses));
    case 'address':
      return addressValue(chooseAddresses(party['addresses.'], uses)[source.use], source.part);
  }
}

function fieldValue(party: PartyRow, field: string, reading: Reading): Value {
  const spec = partyFieldByKey.get(field);
  return spec === undefined ? null : valueAt(party, spec.source, reading);
}

function rowRightsOf(model: string, operations: readonly Operation[]): RowRight[] {
  return operations.flatMap(([right]) => (right === 'write' ? [] : [{ model, right }]));
}

function compose(party: PartyRow, changes: Values, reading: Reading): Composition {
  const { uses, mapped, roles } = reading;
  const changed = Object.entries(changes).filter(
    ([field, value]) => !sameValue(value, fieldValue(party, field, reading)),
  );
  const contacts: WantedChild[] = [];
  const identifiers: WantedChild[] = [];
  const items: Record<string, unknown> = {};
  for (const [field, value] of changed) {
    const spec = partyFieldByKey.get(field);
    if (spec === undefined || spec.source.at === 'code') refuse(field, 'Tryton does not let this field be changed.');
    if (spec.source.at === 'contact') contacts.push({ field, type: spec.source.type, value });
    if (spec.source.at === 'item') items[spec.source.name] = itemId(field, value);
    if (spec.source.at === 'category') items.categories = composeCategory(party, { field, value, roles });
    if (spec.source.at === 'vatNumber') identifiers.push({ field, type: vatType, value });
  }
  const name = composeName(party.name, changes, mapped);
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
      ...items,
      ...Object.fromEntries(filled.map((child) => [child, nested[child]])),
    },
    removed: [
      ...contact.removedIds.map((id) => `party.contact_mechanism,${id}`),
      ...identifier.removedIds.map((id) => `party.identifier,${id}`),
    ],
    rowRights: filled.flatMap((child) => rowRightsOf(modelOf[child], nested[child])),
  };
}

/** A party that was merged is archived too, and empty: its rows went along. */
function standingOf({ active, replaced_by: into }: PartyRow): Standing | undefined {
  if (into !== null) return { kind: 'merged', into: String(into) };
  return active ? undefined : { kind: 'archived' };
}

/** Parties with their addresses, contact mechanisms and identifiers: always all of them, so that the version is one. `fields`: what is asked for of what they point to. */
export function partyTable({ uses, roles }: PartyForm, fields: readonly string[]): RecordTable {
  const asked = fields.flatMap((field) => partyFieldByKey.get(field) ?? []);
  return {
    model: partyModel,
    readFields: partyReadFields(uses, columnsOf(asked)),
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
        name: party.name ?? undefined,
        standing: standingOf(party),
        value: (field, mapped) => fieldValue(party, field, { uses, roles, mapped }),
        compose: (changes, mapped) => compose(party, changes, { uses, roles, mapped }),
      };
    },
  };
}
