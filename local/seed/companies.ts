import { readRows } from './read-rows.ts';

export interface Address {
  street: string;
  zip: string;
  city: string;
}

type CompanyKind = 'customer' | 'supplier' | 'both';

/** A company that the ERP and the CRM of the demo both know; a blank field is ''. */
export interface Company {
  /** Stable id of the record in the seed data. */
  ref: string;
  name: string;
  code: string;
  kind: CompanyKind;
  /** ISO 3166-1 alpha-2, of both addresses. */
  country: string;
  /** With country prefix and valid check digits; companies outside the European Union have none. */
  vat: string;
  phone: string;
  email: string;
  url: string;
  postal: Address;
  visiting: Address;
}

const COLUMNS = [
  ...(['ref', 'name', 'code', 'kind', 'country', 'vat', 'phone', 'email', 'url'] as const),
  ...(['postalStreet', 'postalZip', 'postalCity', 'visitingStreet', 'visitingZip', 'visitingCity'] as const),
] as const;

export const companies: readonly Company[] = readRows('companies.csv', COLUMNS).map(
  ({ postalStreet, postalZip, postalCity, visitingStreet, visitingZip, visitingCity, kind, ...rest }) => ({
    ...rest,
    kind: asKind(kind),
    postal: { street: postalStreet, zip: postalZip, city: postalCity },
    visiting: { street: visitingStreet, zip: visitingZip, city: visitingCity },
  }),
);

function asKind(text: string): CompanyKind {
  if (text === 'customer' || text === 'supplier' || text === 'both') return text;
  throw new Error(`companies.csv knows no kind ${text}`);
}
