import type { CrmType } from '../../../../core/model/actor-type.ts';
import type { FieldMetadata } from '../../../../core/model/field.ts';
import type { CustomType } from './custom-values.ts';

/** Where a field lies in the entity, and so how it is tested and replaced in a PATCH (spec 3.2 "How we use it"). */
export type Spot =
  | { readonly at: 'text'; readonly property: string }
  | { readonly at: 'day'; readonly property: string }
  | { readonly at: 'country' }
  /** A list item, in the entity by its id. */
  | { readonly at: 'list'; readonly property: string }
  /** First entry of a multi-valued property. */
  | { readonly at: 'first'; readonly property: string }
  /** One of the tenant's own: in `CustomFields`, encoded by its type. */
  | { readonly at: 'custom'; readonly progId: string; readonly type: CustomType }
  | { readonly at: 'address'; readonly part: AddressPart; readonly leaf: string };

export type AddressPart = 'Street' | 'Postal';

/** One field: its meaning, the archive column it is read from and the spot in the entity it is written to. */
export interface RecordField {
  readonly metadata: FieldMetadata;
  readonly column: string;
  readonly spot: Spot;
}

/** Everything this adapter knows of one record type. */
export interface RecordType {
  readonly type: CrmType;
  readonly label: string;
  /** Table of the database, and of the `dynamic` archive provider. */
  readonly table: string;
  /** Of that table, in logs that name it by number (`database/tables/{contact,person,project}.md`). */
  readonly tableNumber: number;
  /** Name in REST paths. */
  readonly entity: string;
  readonly provider: string;
  /** Kinds of row that the provider is asked for. */
  readonly entities: string;
  /** Property of the entity with the record's name. */
  readonly nameProperty: string;
  readonly columns: {
    readonly key: string;
    readonly updated: string;
    readonly updatedBy: string;
    /** What people call the record: searches look in it. */
    readonly name: string;
    /** Says of a row that its record is soft-deleted; a deleted project is simply gone (spec 3.2). */
    readonly deleted?: { readonly name: string; readonly kind: 'flag' | 'date' };
    /** Says of a row that its person has left. */
    readonly retired?: string;
  };
  readonly fields: readonly RecordField[];
}

/** A field in short: text without a longest length, neither mandatory nor searched, unless it says otherwise. */
type FieldRow = Pick<FieldMetadata, 'key' | 'label'> & Partial<FieldMetadata> & Pick<RecordField, 'column' | 'spot'>;

type PropertyRow = Omit<FieldRow, 'spot'> & { readonly property: string };

/** Its texts are counted as its database does: a character outside the first plane is two. */
const asDeclared = { type: 'text', maxLength: 0, lengthUnit: 'utf16', access: 'normal', searchable: false } as const;

function field({ column, spot, ...said }: FieldRow): RecordField {
  return { metadata: { ...asDeclared, ...said }, column, spot };
}

const text = ({ property, ...row }: PropertyRow) => field({ ...row, spot: { at: 'text', property } });
const first = ({ property, ...row }: PropertyRow) => field({ ...row, spot: { at: 'first', property } });

/** Longest texts are those of the vendor's database reference (`database/tables/{phone,email,url}.md`). */
const phone = (key: string, label: string, column: string, property: string) =>
  first({ key, label, maxLength: 239, column: `${column}/formattedNumber`, property, format: 'phone' });
const email = first({
  key: 'email',
  label: 'E-mail',
  maxLength: 239,
  column: 'email/emailAddress',
  property: 'Emails',
  format: 'email',
});
const url = (column: string) =>
  first({ key: 'url', label: 'Website', maxLength: 1023, column: `${column}/URLAddress`, property: 'Urls' });

const country = (column: string) =>
  field({ key: 'country', label: 'Country', type: 'list', column, spot: { at: 'country' }, listName: 'country' });

/** An item of one of the CRM's own lists (spec 3.5). */
const item = (key: string, label: string, property: string, listName: string) =>
  field({ key, label, type: 'list', column: key, spot: { at: 'list', property }, listName });

/** `database/tables/address.md`: one row per address, and one `Street` or `Postal` that is written whole. */
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
    field({
      key: `${prefix}.${key}`,
      label: `${label} ${words}`,
      maxLength,
      column: `${column}/${columnLeaf}`,
      spot: { at: 'address', part, leaf },
      group: prefix,
    }),
  );

const searched = { searchable: true } as const;
const mandatory = { ...searched, access: 'mandatory' } as const;
/** Three columns of one row, but one name: a mixture of two edits would be nobody's. */
const name = { group: 'name' } as const;

/**
 * Columns are those of the vendor's archive reference (`api/archive-providers/reference/{simplecontact,person,
 * findproject}.md`). `Number1` is the Code and `Number2` the Number of a company. Of items of lists a row shows the text, but
 * of countries: their ids are read by themselves (`read/item-rows.ts`).
 */
const company: RecordType = {
  type: 'company',
  label: 'Company',
  table: 'contact',
  tableNumber: 5,
  entity: 'Contact',
  provider: 'SimpleContact',
  entities: 'contact',
  nameProperty: 'Name',
  columns: {
    key: 'contactId',
    updated: 'updatedDate',
    updatedBy: 'updatedBy',
    name: 'name',
    deleted: { name: 'contactDeleted', kind: 'flag' },
  },
  fields: [
    text({ key: 'name', label: 'Company name', maxLength: 219, column: 'name', property: 'Name', ...mandatory }),
    text({ key: 'department', label: 'Department', maxLength: 219, column: 'department', property: 'Department' }),
    text({ key: 'code', label: 'Code', maxLength: 49, column: 'code', property: 'Number1' }),
    text({ key: 'number', label: 'Number', maxLength: 49, column: 'number', property: 'Number2' }),
    text({ key: 'vatNo', label: 'VAT No.', maxLength: 49, column: 'orgnr', property: 'OrgNr' }),
    phone('phone', 'Phone', 'contactPhone', 'Phones'),
    phone('fax', 'Fax', 'contactFax', 'Faxes'),
    email,
    url('url'),
    country('countryId'),
    item('category', 'Category', 'Category', 'category'),
    item('business', 'Business', 'Business', 'business'),
    ...address('postal', 'Postal', 'postAddress', 'Postal'),
    ...address('street', 'Street', 'streetAddress', 'Street'),
  ],
};

/** A person's one address is in `Address.Street`; the baseline product calls it postal (spec 3.3). */
const person: RecordType = {
  type: 'person',
  label: 'Contact person',
  table: 'person',
  tableNumber: 6,
  entity: 'Person',
  provider: 'Person',
  entities: 'person,retiredPerson',
  nameProperty: 'FullName',
  columns: {
    key: 'personId',
    updated: 'personUpdatedDate',
    updatedBy: 'personUpdatedBy',
    name: 'fullName',
    deleted: { name: 'personDeletedDate', kind: 'date' },
    retired: 'retired',
  },
  fields: [
    text({
      key: 'firstName',
      label: 'First name',
      maxLength: 99,
      column: 'firstName',
      property: 'Firstname',
      ...searched,
      ...name,
    }),
    text({
      key: 'middleName',
      label: 'Middle name',
      maxLength: 99,
      column: 'middleName',
      property: 'MiddleName',
      ...name,
    }),
    text({
      key: 'lastName',
      label: 'Last name',
      maxLength: 99,
      column: 'lastName',
      property: 'Lastname',
      ...searched,
      ...name,
    }),
    text({ key: 'title', label: 'Title', maxLength: 239, column: 'title', property: 'Title' }),
    text({ key: 'number', label: 'Number', maxLength: 49, column: 'personNumber', property: 'PersonNumber' }),
    phone('directPhone', 'Direct phone', 'personDirectPhone', 'OfficePhones'),
    phone('mobilePhone', 'Mobile phone', 'personMobilePhone', 'MobilePhones'),
    phone('privatePhone', 'Private phone', 'personPrivate', 'PrivatePhones'),
    phone('otherPhone', 'Other phone', 'personPager', 'OtherPhones'),
    email,
    url('personUrl'),
    country('personCountryId'),
    item('position', 'Position', 'Position', 'perspos'),
    ...address('postal', 'Address:', 'personAddress', 'Street'),
  ],
};

const project: RecordType = {
  type: 'project',
  label: 'Project',
  table: 'project',
  tableNumber: 9,
  entity: 'Project',
  provider: 'FindProject',
  entities: 'project',
  nameProperty: 'Name',
  columns: { key: 'projectId', updated: 'updatedDate', updatedBy: 'updatedBy', name: 'name' },
  fields: [
    text({ key: 'name', label: 'Project name', maxLength: 219, column: 'name', property: 'Name', ...mandatory }),
    text({ key: 'number', label: 'Number', maxLength: 49, column: 'number', property: 'ProjectNumber' }),
    text({ key: 'description', label: 'Description', maxLength: 2047, column: 'description', property: 'Description' }),
    url('projectUrl'),
    item('type', 'Project type', 'ProjectType', 'projecttype'),
    item('status', 'Project status', 'ProjectStatus', 'projectstatus'),
    field({
      key: 'endDate',
      label: 'End date',
      type: 'date',
      column: 'endDate',
      spot: { at: 'day', property: 'EndDate' },
    }),
  ],
};

export const recordTypes: Readonly<Record<CrmType, RecordType>> = { company, person, project };
