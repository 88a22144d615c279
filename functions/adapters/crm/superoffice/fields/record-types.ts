import type { CrmType } from '../../../../core/model/actor-type.ts';
import type { FieldMetadata } from '../../../../core/model/field.ts';

/** Where a field lies in the entity, and so how it is tested and replaced in a PATCH (spec 3.2 "How we use it"). */
export type Place =
  | { readonly at: 'text'; readonly property: string }
  | { readonly at: 'day'; readonly property: string }
  | { readonly at: 'country' }
  /** First entry of a multi-valued property. */
  | { readonly at: 'first'; readonly property: string }
  | { readonly at: 'address'; readonly part: AddressPart; readonly leaf: string };

export type AddressPart = 'Street' | 'Postal';

/** One field: its meaning, the archive column it is read from and the place in the entity it is written to. */
export interface RecordField {
  readonly metadata: FieldMetadata;
  readonly column: string;
  readonly place: Place;
}

/** Everything this adapter knows of one record type. */
export interface RecordType {
  readonly type: CrmType;
  readonly label: string;
  /** Table of the database, and of the `dynamic` archive provider. */
  readonly table: string;
  /** Name in REST paths. */
  readonly entity: string;
  readonly provider: string;
  /** Kinds of row that the provider is asked for. */
  readonly entities: string;
  readonly columns: {
    readonly key: string;
    readonly updated: string;
    readonly updatedBy: string;
    readonly searched: string;
    /** Says of a row that its record is soft-deleted; a deleted project is simply gone (spec 3.2). */
    readonly deleted?: { readonly name: string; readonly kind: 'flag' | 'date' };
  };
  readonly fields: readonly RecordField[];
}

type Extra = Partial<Pick<FieldMetadata, 'format' | 'access' | 'searchable' | 'listName'>>;

function field(
  key: string,
  label: string,
  type: FieldMetadata['type'],
  maxLength: number,
  column: string,
  place: Place,
  extra: Extra = {},
): RecordField {
  return {
    metadata: { key, label, type, maxLength, access: 'normal', searchable: false, ...extra },
    column,
    place,
  };
}

const text = (key: string, label: string, maxLength: number, column: string, property: string, extra?: Extra) =>
  field(key, label, 'text', maxLength, column, { at: 'text', property }, extra);

/** Longest texts are those of the vendor's database reference (`database/tables/{phone,email,url}.md`). */
const phone = (key: string, label: string, column: string, property: string) =>
  field(key, label, 'text', 239, `${column}/formattedNumber`, { at: 'first', property }, { format: 'phone' });
const email = field(
  'email',
  'E-mail',
  'text',
  239,
  'email/emailAddress',
  { at: 'first', property: 'Emails' },
  { format: 'email' },
);
const url = (column: string) =>
  field('url', 'Website', 'text', 1023, `${column}/URLAddress`, { at: 'first', property: 'Urls' });

const country = (column: string) =>
  field('country', 'Country', 'list', 0, column, { at: 'country' }, { listName: 'country' });

/** `database/tables/address.md` */
const addressLeaves = [
  ['address1', 'address 1', 79, 'line1', 'Address1'],
  ['address2', 'address 2', 79, 'line2', 'Address2'],
  ['address3', 'address 3', 79, 'line3', 'Address3'],
  ['zip', 'postcode', 11, 'zip', 'Zipcode'],
  ['city', 'city', 79, 'city', 'City'],
  ['county', 'county', 29, 'county', 'County'],
  ['state', 'state', 5, 'state', 'State'],
] as const;

const address = (prefix: string, label: string, column: string, part: AddressPart): RecordField[] =>
  addressLeaves.map(([key, words, maxLength, columnLeaf, leaf]) =>
    field(`${prefix}.${key}`, `${label} ${words}`, 'text', maxLength, `${column}/${columnLeaf}`, {
      at: 'address',
      part,
      leaf,
    }),
  );

const mandatory: Extra = { access: 'mandatory', searchable: true };

/**
 * Columns are those of the vendor's archive reference (`api/archive-providers/reference/{simplecontact,person,
 * findproject}.md`). `Number1` is the Code and `Number2` the Number of a company. Lists other than countries are not
 * offered: an archive row shows an item's text, not its id.
 */
const company: RecordType = {
  type: 'company',
  label: 'Company',
  table: 'contact',
  entity: 'Contact',
  provider: 'SimpleContact',
  entities: 'contact',
  columns: {
    key: 'contactId',
    updated: 'updatedDate',
    updatedBy: 'updatedBy',
    searched: 'name',
    deleted: { name: 'contactDeleted', kind: 'flag' },
  },
  fields: [
    text('name', 'Company name', 219, 'name', 'Name', mandatory),
    text('department', 'Department', 219, 'department', 'Department'),
    text('code', 'Code', 49, 'code', 'Number1'),
    text('number', 'Number', 49, 'number', 'Number2'),
    text('vatNo', 'VAT No.', 49, 'orgnr', 'OrgNr'),
    phone('phone', 'Phone', 'contactPhone', 'Phones'),
    phone('fax', 'Fax', 'contactFax', 'Faxes'),
    email,
    url('url'),
    country('countryId'),
    ...address('postal', 'Postal', 'postAddress', 'Postal'),
    ...address('street', 'Street', 'streetAddress', 'Street'),
  ],
};

/** A person's one address is in `Address.Street`; the baseline product calls it postal (spec 3.3). */
const person: RecordType = {
  type: 'person',
  label: 'Contact person',
  table: 'person',
  entity: 'Person',
  provider: 'Person',
  entities: 'person,retiredPerson',
  columns: {
    key: 'personId',
    updated: 'personUpdatedDate',
    updatedBy: 'personUpdatedBy',
    searched: 'fullName',
    deleted: { name: 'personDeletedDate', kind: 'date' },
  },
  fields: [
    text('firstName', 'First name', 99, 'firstName', 'Firstname', { searchable: true }),
    text('middleName', 'Middle name', 99, 'middleName', 'MiddleName'),
    text('lastName', 'Last name', 99, 'lastName', 'Lastname', { searchable: true }),
    text('title', 'Title', 239, 'title', 'Title'),
    text('number', 'Number', 49, 'personNumber', 'PersonNumber'),
    phone('directPhone', 'Direct phone', 'personDirectPhone', 'OfficePhones'),
    phone('mobilePhone', 'Mobile phone', 'personMobilePhone', 'MobilePhones'),
    phone('privatePhone', 'Private phone', 'personPrivate', 'PrivatePhones'),
    phone('otherPhone', 'Other phone', 'personPager', 'OtherPhones'),
    email,
    url('personUrl'),
    country('personCountryId'),
    ...address('postal', 'Address:', 'personAddress', 'Street'),
  ],
};

const project: RecordType = {
  type: 'project',
  label: 'Project',
  table: 'project',
  entity: 'Project',
  provider: 'FindProject',
  entities: 'project',
  columns: { key: 'projectId', updated: 'updatedDate', updatedBy: 'updatedBy', searched: 'name' },
  fields: [
    text('name', 'Project name', 219, 'name', 'Name', mandatory),
    text('number', 'Number', 49, 'number', 'ProjectNumber'),
    text('description', 'Description', 2047, 'description', 'Description'),
    url('projectUrl'),
    field('endDate', 'End date', 'date', 0, 'endDate', { at: 'day', property: 'EndDate' }),
  ],
};

export const recordTypes: Readonly<Record<CrmType, RecordType>> = { company, person, project };
