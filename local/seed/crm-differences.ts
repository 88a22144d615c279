// How the CRM of the demo deliberately differs from the base records, which are what the ERP holds.
// All other companies, and all persons and projects, are equal on both sides.
import type { Address, Company } from './companies.ts';

export type ComparedField = 'name' | 'vat' | 'phone' | 'email' | 'url' | 'visitingStreet';

export interface Difference {
  /** `ref` of the company. */
  ref: string;
  field: ComparedField;
  /** What the CRM holds; '' is blank. */
  crm: string;
}

const phone = (ref: string, crm: string): Difference => ({ ref, field: 'phone', crm });

/** The same number in other spacing and punctuation: no difference in value, nothing to write. */
export const phonesWrittenDifferently: readonly Difference[] = [
  phone('c005', '+31204242397'),
  phone('c007', '+31 (20) 668 75 12'),
  phone('c009', '+32 50 272 026'),
  phone('c016', '+49-69-6995484'),
  phone('c020', '+31 58-3124733'),
  phone('c029', '+49 (511) 626 80 95'),
  phone('c035', '+45 9353 5724'),
  phone('c047', '+47 637 72 113'),
  phone('c055', '+46 40-644 12 72'),
  phone('c081', '+33.3.59.55.40.51'),
];

/** The ERP holds a value, the CRM is blank. */
export const blankInCrm: readonly Difference[] = [
  { ref: 'c010', field: 'phone', crm: '' },
  { ref: 'c017', field: 'email', crm: '' },
  { ref: 'c023', field: 'url', crm: '' },
  { ref: 'c033', field: 'vat', crm: '' },
  { ref: 'c049', field: 'phone', crm: '' },
  { ref: 'c061', field: 'url', crm: '' },
  { ref: 'c089', field: 'email', crm: '' },
  { ref: 'c121', field: 'vat', crm: '' },
];

/** The CRM holds a value, the ERP is blank. */
export const blankInErp: readonly Difference[] = [
  { ref: 'c012', field: 'url', crm: 'https://www.neumann-grosshandel.example' },
  { ref: 'c026', field: 'email', crm: 'mail@pedersen-hansen.example' },
  { ref: 'c039', field: 'phone', crm: '+47 22 41 60 18' },
  { ref: 'c053', field: 'url', crm: 'https://www.pedersen-el-teknik.example' },
  { ref: 'c067', field: 'email', crm: 'info@van-leeuwen-verhoeven.example' },
  { ref: 'c080', field: 'phone', crm: '+31 30 231 7740' },
  { ref: 'c094', field: 'url', crm: 'https://www.laine-nieminen.example' },
  { ref: 'c108', field: 'email', crm: 'sales@bakker-de-groot.example' },
];

/** Both sides hold a value, and not the same one. */
export const conflicts: readonly Difference[] = [
  { ref: 'c018', field: 'phone', crm: '+49 341 9297200' },
  { ref: 'c052', field: 'email', crm: 'orders@lundgren-kontor.example' },
  { ref: 'c071', field: 'visitingStreet', crm: 'Energieweg 14' },
  { ref: 'c103', field: 'name', crm: 'Lambert Bouwmaterialen & Zonen BVBA' },
  { ref: 'c141', field: 'url', crm: 'https://www.kuipersschilders.example' },
];

/** The CRM holds a value that the ERP refuses: a VAT number with two digits swapped. */
export const refusedByErp: readonly Difference[] = [{ ref: 'c003', field: 'vat', crm: 'DE136659976' }];

/** Parties of the ERP that the CRM does not have, so nobody links them. */
export const onlyInErp: readonly string[] = ['c001', 'c031', 'c045', 'c077', 'c093', 'c101'];

interface Reached extends Address {
  readonly country: string;
  readonly phone: string;
}

const prospect = (ref: string, name: string, { country, phone: phoneNumber, ...visiting }: Reached) => {
  const domain = `${ref}.prospects.example`;
  const urls = { email: `info@${domain}`, url: `https://${domain}` };
  return {
    ref,
    name,
    code: '',
    kind: 'customer',
    country,
    vat: '',
    phone: phoneNumber,
    ...urls,
    postal: visiting,
    visiting,
  } as const;
};

/** Companies of the CRM that the ERP does not have, so nobody links them. */
export const onlyInCrm: readonly Company[] = [
  prospect('x01', 'Bakkerij De Korenbloem', {
    country: 'NL',
    phone: '+31 24 360 1188',
    street: 'Molenstraat 41',
    zip: '6511 HA',
    city: 'Nijmegen',
  }),
  prospect('x02', 'Zeilmakerij Noordzee', {
    country: 'NL',
    phone: '+31 223 61 90 07',
    street: 'Binnenhaven 8',
    zip: '1781 BK',
    city: 'Den Helder',
  }),
  prospect('x03', 'Brouwerij Het Anker', {
    country: 'BE',
    phone: '+32 15 28 71 40',
    street: 'Guido Gezellelaan 12',
    zip: '2800',
    city: 'Mechelen',
  }),
  prospect('x04', 'Alpenblick Hotel GmbH', {
    country: 'AT',
    phone: '+43 512 587301',
    street: 'Maria-Theresien-Straße 7',
    zip: '6020',
    city: 'Innsbruck',
  }),
  prospect('x05', 'Fjordlys Reklame AS', {
    country: 'NO',
    phone: '+47 51 84 22 10',
    street: 'Kirkegata 19',
    zip: '4006',
    city: 'Stavanger',
  }),
  prospect('x06', 'Moorland Coffee Roasters Ltd', {
    country: 'GB',
    phone: '+44 113 496 0715',
    street: '3 Mill Lane',
    zip: 'LS1 4AP',
    city: 'Leeds',
  }),
];
