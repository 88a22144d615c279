import { type AddressPart, type AddressUse, addressParts, type PartyFieldSpec } from './field-spec.ts';

const party = { model: 'party.party', type: 'text' } as const;

const name: PartyFieldSpec = {
  ...party,
  key: 'NAME',
  label: 'Name',
  name: 'name',
  source: { at: 'name' },
  searchable: true,
};

/** Tryton refuses to change the code of an existing party. */
const code = (key: string): PartyFieldSpec => ({
  ...party,
  key,
  label: 'Code',
  name: 'code',
  source: { at: 'code' },
  readOnly: true,
  searchable: true,
});

function contact(key: string, label: string, type: string, format: PartyFieldSpec['format']): PartyFieldSpec {
  // The party's own fields phone, mobile … are computed from the contact mechanisms; only their labels are used.
  const stored = { model: 'party.contact_mechanism', name: 'value' };
  return {
    ...party,
    key,
    label,
    name: type,
    storedIn: stored,
    source: { at: 'contact', type },
    format,
    searchable: true,
  };
}

const item = (
  key: string,
  label: string,
  source: Extract<PartyFieldSpec['source'], { at: 'item' }>,
): PartyFieldSpec => ({
  ...party,
  key,
  label,
  name: source.name,
  type: 'list',
  source,
});

const language: PartyFieldSpec = {
  ...item('LANGUAGE', 'Language', { at: 'item', name: 'lang' }),
  listName: 'language',
};

const category: PartyFieldSpec = {
  ...party,
  key: 'CATEGORY',
  label: 'Category',
  ownLabel: true,
  description:
    'The category besides those that make it a customer, supplier or person. A party with several keeps them.',
  name: 'categories',
  type: 'list',
  listName: 'category',
  source: { at: 'category' },
};

const paymentTerm: PartyFieldSpec = {
  ...item('PAYMENTTERM', 'Customer payment term', { at: 'item', name: 'customer_payment_term' }),
  listName: 'paymentTerm',
  ofModule: true,
};

const nameOfPart: Readonly<Record<AddressPart, readonly [name: string, label: string]>> = {
  AD1: ['street', 'street, line 1'],
  AD2: ['street', 'street, line 2'],
  AD3: ['street', 'street, line 3'],
  ZIP: ['postal_code', 'postal code'],
  CITY: ['city', 'city'],
};

function address(use: AddressUse, label: string, part: AddressPart): PartyFieldSpec {
  const [fieldName, partLabel] = nameOfPart[part];
  return {
    key: `${use}${part}`,
    label: `${label}: ${partLabel}`,
    ownLabel: true,
    model: 'party.address',
    name: fieldName,
    type: 'text',
    group: use === 'POSTAL' ? 'postal-address' : 'street-address',
    source: { at: 'address', use, part },
  };
}

export const companyFields: readonly PartyFieldSpec[] = [
  name,
  code('NUMBER1'),
  {
    key: 'VATNO',
    label: 'European VAT number',
    ownLabel: true,
    model: 'party.identifier',
    name: 'code',
    type: 'text',
    source: { at: 'vatNumber' },
    searchable: true,
  },
  contact('PHONE', 'Phone', 'phone', 'phone'),
  contact('MOBILE', 'Mobile', 'mobile', 'phone'),
  contact('FAX', 'Fax', 'fax', 'phone'),
  contact('EMAIL', 'Email', 'email', 'email'),
  contact('URL', 'Website', 'website', undefined),
  {
    key: 'COUNTRY',
    label: 'Country',
    description: 'Country of the postal address; of the first address where there is none.',
    model: 'party.address',
    name: 'country',
    type: 'list',
    listName: 'country',
    source: { at: 'country' },
  },
  ...addressParts.map((part) => address('POSTAL', 'Postal address', part)),
  ...addressParts.map((part) => address('STREET', 'Street address', part)),
  category,
  paymentTerm,
  language,
];

/** One name holds all parts. */
const part = { ...name, ownLabel: true, group: 'name' } as const;

export const personFields: readonly PartyFieldSpec[] = [
  {
    ...name,
    label: 'Full name',
    ownLabel: true,
    readOnly: true,
    description: 'The name as Tryton keeps it: one text. Map its parts to write it.',
  },
  { ...part, key: 'FIRSTNAME', label: 'First name', source: { at: 'firstName' } },
  {
    ...part,
    key: 'MIDDLENAME',
    label: 'Middle name',
    source: { at: 'middleName' },
    description: 'The particles before the last name (van den). Where it is not mapped they belong to the last name.',
  },
  {
    ...part,
    key: 'LASTNAME',
    label: 'Last name',
    source: { at: 'lastName' },
    description: 'The last word of the name, with its particles (de Vries) where the middle name is not mapped.',
  },
  code('NUMBER'),
  contact('PHONE_DIRECT', 'Phone', 'phone', 'phone'),
  contact('PHONE_MOBILE', 'Mobile', 'mobile', 'phone'),
  contact('EMAIL', 'Email', 'email', 'email'),
  contact('URL', 'Website', 'website', undefined),
  language,
];

/** One key means the same in every role of a party, so that a page of changes can serve all of them. */
export const partyFieldByKey: ReadonlyMap<string, PartyFieldSpec> = new Map(
  [...personFields, ...companyFields].map((field) => [field.key, field]),
);
