import type { CrmType } from '../model/actor-type.ts';
import type { FieldMetadata } from '../model/field.ts';
import type { FieldMapping } from './mapping.ts';

/** ERP field keys that map themselves (baseline: "Automatic mapping"), each with its CRM field. */
type KeyPairs = Readonly<Record<string, string>>;

const addressParts: KeyPairs = {
  ad1: 'address1',
  ad2: 'address2',
  ad3: 'address3',
  zip: 'zip',
  city: 'city',
  county: 'county',
  state: 'state',
};

function address(prefix: string): KeyPairs {
  return Object.fromEntries(Object.entries(addressParts).map(([erp, crm]) => [`${prefix}${erp}`, `${prefix}.${crm}`]));
}

const pairsByType: Readonly<Record<CrmType, KeyPairs>> = {
  company: {
    name: 'name',
    number1: 'code',
    number2: 'number',
    department: 'department',
    phone: 'phone',
    fax: 'fax',
    email: 'email',
    url: 'url',
    vatno: 'vatNo',
    country: 'country',
    ...address('postal'),
    ...address('street'),
  },
  person: {
    firstname: 'firstName',
    middlename: 'middleName',
    lastname: 'lastName',
    title: 'title',
    number: 'number',
    phonedirect: 'directPhone',
    phoneprivate: 'privatePhone',
    phonemobile: 'mobilePhone',
    phoneother: 'otherPhone',
    email: 'email',
    position: 'position',
    birthdate: 'birthDate',
    url: 'url',
    ...address('postal'),
    postalcountry: 'country',
  },
  project: { name: 'name', text: 'description', number: 'number', url: 'url', enddate: 'endDate' },
};

/** Case and punctuation aside: `POSTAL_AD1` and `postalAd1` are one key. */
function plain(key: string): string {
  return key.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** Rows for ERP fields that are not mapped yet and whose key is one of the baseline's; direction left unset (`none`). */
export function autoMapping(
  crmType: CrmType,
  erpFields: readonly FieldMetadata[],
  crmFields: readonly FieldMetadata[],
  present: readonly FieldMapping[],
): FieldMapping[] {
  const usedErp = new Set(present.map((row) => row.erpField));
  const usedCrm = new Set(present.map((row) => row.crmField));
  const rows: FieldMapping[] = [];
  for (const { key, missing } of erpFields) {
    const crmField = pairsByType[crmType][plain(key)];
    if (missing || usedErp.has(key) || crmField === undefined || usedCrm.has(crmField)) continue;
    if (!crmFields.some((field) => field.key === crmField)) continue;
    usedCrm.add(crmField);
    rows.push({ erpField: key, crmField, direction: 'none', showInSearch: false, showInErpTab: false });
  }
  return rows;
}
