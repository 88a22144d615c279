/** Public reports of addresses that come out double. */
import { expect, test } from 'vitest';
import { composeAddresses } from '../../functions/adapters/erp/tryton/fields/party-addresses.ts';
import type { AddressRow } from '../../functions/adapters/erp/tryton/fields/party-row.ts';

const shared: AddressRow = {
  ...{
    id: 1,
    _write: true,
    _timestamp: '1',
    last_modified_at: '',
    write_uid: 1,
    create_uid: 1,
    active: true,
    sequence: null,
  },
  ...{ street: 'Plein 1', postal_code: '6711', city: 'Ede', country: 3, invoice: true, delivery: true },
};
const compose = (addresses: AddressRow[], changes: Record<string, string>) =>
  composeAddresses({
    addresses,
    uses: { invoice: true, delivery: true },
    changes,
    mapped: ['POSTALCITY', 'STREETCITY'],
  });

test('one address for billing and delivery that moves as a whole is changed in place', () => {
  expect(compose([shared], { POSTALCITY: 'Best', STREETCITY: 'Best' })).toEqual([['write', [1], { city: 'Best' }]]);
});

test('an address that is there is changed, and no second one is made beside it', () => {
  const billing = { ...shared, delivery: false };
  const delivery = { ...shared, id: 2, invoice: false };
  expect(compose([billing, delivery], { STREETCITY: 'Best' })).toEqual([['write', [2], { city: 'Best' }]]);
});
