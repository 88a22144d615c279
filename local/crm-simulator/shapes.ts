/**
 * The writable fields of the three entities, as the vendor names them (spec 3.3; names checked against the carriers of
 * the vendor's npm package). Lengths: Name, Department, OrgNr, Number1, Number2, person names and project Description
 * are the spec's; address lengths are those of its Norwegian and British fixtures; the rest is assumed.
 */
export type RecordType = 'company' | 'person' | 'project';
export const recordTypes = ['company', 'person', 'project'] as const satisfies readonly RecordType[];

export type ListName = 'category' | 'business' | 'projecttype' | 'projectstatus' | 'perspos' | 'udlist7';
export type AddressPartName = 'Street' | 'Postal';

export type Field =
  | { kind: 'text'; maxLength: number; mandatory?: true }
  | { kind: 'flag' }
  | { kind: 'date' }
  | { kind: 'elements'; holds: 'phone' | 'email' | 'url' }
  | { kind: 'list'; list: ListName }
  | { kind: 'country' }
  | { kind: 'address'; parts: readonly AddressPartName[] }
  | { kind: 'owner' }
  | { kind: 'company' };

export type Shape = {
  entity: 'Contact' | 'Person' | 'Project';
  idKey: 'ContactId' | 'PersonId' | 'ProjectId';
  fields: Readonly<Record<string, Field>>;
};

const text = (maxLength: number): Field => ({ kind: 'text', maxLength });
const phones: Field = { kind: 'elements', holds: 'phone' };
const emails: Field = { kind: 'elements', holds: 'email' };
const urls: Field = { kind: 'elements', holds: 'url' };
const flag: Field = { kind: 'flag' };

export const shapes: Readonly<Record<RecordType, Shape>> = {
  company: {
    entity: 'Contact',
    idKey: 'ContactId',
    fields: {
      Name: { kind: 'text', maxLength: 219, mandatory: true },
      Department: text(219),
      OrgNr: text(49),
      Number1: text(49),
      Number2: text(49),
      Phones: phones,
      Faxes: phones,
      Emails: emails,
      Urls: urls,
      Description: text(2047),
      Category: { kind: 'list', list: 'category' },
      Business: { kind: 'list', list: 'business' },
      Country: { kind: 'country' },
      Associate: { kind: 'owner' },
      Address: { kind: 'address', parts: ['Street', 'Postal'] },
      NoMailing: flag,
      Xstop: flag,
      DbiKey: text(255),
    },
  },
  person: {
    entity: 'Person',
    idKey: 'PersonId',
    fields: {
      Firstname: text(99),
      MiddleName: text(99),
      Lastname: text(99),
      Mrmrs: text(49),
      Title: text(219),
      PersonNumber: text(49),
      Position: { kind: 'list', list: 'perspos' },
      Contact: { kind: 'company' },
      OfficePhones: phones,
      MobilePhones: phones,
      PrivatePhones: phones,
      OtherPhones: phones,
      Faxes: phones,
      Emails: emails,
      Urls: urls,
      Country: { kind: 'country' },
      Address: { kind: 'address', parts: ['Street'] },
      UsePersonAddress: flag,
      BirthDate: { kind: 'date' },
      Retired: flag,
      NoMailing: flag,
      DbiKey: text(255),
      Associate: { kind: 'owner' },
    },
  },
  project: {
    entity: 'Project',
    idKey: 'ProjectId',
    fields: {
      Name: { kind: 'text', maxLength: 219, mandatory: true },
      ProjectNumber: text(49),
      ProjectType: { kind: 'list', list: 'projecttype' },
      ProjectStatus: { kind: 'list', list: 'projectstatus' },
      EndDate: { kind: 'date' },
      Completed: flag,
      Description: text(2047),
      Urls: urls,
      Associate: { kind: 'owner' },
    },
  },
};

export const addressFields = {
  Address1: 80,
  Address2: 80,
  Address3: 80,
  City: 30,
  County: 30,
  State: 30,
  Zipcode: 12,
} as const;
export type AddressFieldName = keyof typeof addressFields;
export const addressFieldNames = Object.keys(addressFields) as AddressFieldName[];

/** Stored as child rows of the record: whether an edit of them touches the record's `updated` is undocumented (spec 7). */
export const isChildField = (field: Field): boolean => field.kind === 'elements' || field.kind === 'address';

export function recordTypeOfEntity(entity: string): RecordType | undefined {
  return recordTypes.find((type) => shapes[type].entity.toLowerCase() === entity.toLowerCase());
}

export const isRecordType = (text: string): text is RecordType => recordTypes.some((type) => type === text);
