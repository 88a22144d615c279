import { expect, test } from 'vitest';
import { composeAddresses } from '../../../../../functions/adapters/erp/tryton/fields/party-addresses.ts';
import type { AddressRow } from '../../../../../functions/adapters/erp/tryton/fields/party-row.ts';
import { chooseAddresses } from '../../../../../functions/adapters/erp/tryton/write/address-choice.ts';
import type { Values } from '../../../../../functions/core/values/value.ts';

const address = (id: number, fields: Partial<AddressRow> = {}): AddressRow => ({
  ...{
    id,
    _write: true,
    _timestamp: '1',
    last_modified_at: '',
    write_uid: 1,
    create_uid: 1,
    active: true,
    sequence: null,
  },
  ...{ street: null, postal_code: null, city: null, country: null, ...fields },
});
const both = { invoice: true, delivery: true };
const compose = (addresses: AddressRow[], changes: Values, uses = both, mapped: string[] = Object.keys(changes)) =>
  composeAddresses({ addresses, uses, changes, mapped });

test('rows without a sequence come first, then by it, then by id; inactive ones are left out', () => {
  const rows = [address(1, { sequence: 2 }), address(2), address(3, { sequence: 1 }), address(4, { active: false })];
  const chosen = (uses: typeof both, ...marked: AddressRow[]) => chooseAddresses([...rows, ...marked], uses);
  expect(chosen(both)).toMatchObject({ POSTAL: undefined, STREET: { id: 2 }, country: { id: 2 } });
  expect(chosen(both, address(9, { invoice: true, sequence: 5 }))).toMatchObject({
    POSTAL: { id: 9 },
    country: { id: 9 },
  });
  expect(chosen(both, address(9, { delivery: true }))).toMatchObject({ POSTAL: undefined, STREET: { id: 9 } });
  expect(chosen({ invoice: false, delivery: false })).toMatchObject({ POSTAL: { id: 2 }, STREET: { id: 2 } });
});

test('a new postal address comes last and takes over the country', () => {
  const rows = [address(1, { country: 3, sequence: 4, city: 'Ede' })];
  expect(compose(rows, { POSTALCITY: 'Best' })).toEqual([
    ['create', [{ city: 'Best', sequence: 5, invoice: true, country: 3 }]],
  ]);
  expect(compose(rows, { POSTALCITY: null })).toEqual([]);
});

test('where uses are not told apart there is one address, and the street address is not written', () => {
  const rows = [address(1, { city: 'Ede' })];
  const none = { invoice: false, delivery: false };
  expect(compose(rows, { POSTALCITY: 'Best' }, none)).toEqual([['write', [1], { city: 'Best' }]]);
  expect(() => compose(rows, { STREETCITY: 'Best' }, none)).toThrow(expect.objectContaining({ kind: 'rejected' }));
});

test('one row for both uses is changed in place where only one use is mapped', () => {
  const rows = [address(1, { city: 'Ede', invoice: true, delivery: true })];
  expect(compose(rows, { STREETCITY: 'Best' })).toEqual([['write', [1], { city: 'Best' }]]);
});

test('one row for both uses parts into two, unless another delivery address would be taken for the new one', () => {
  const one = address(1, { street: 'Plein 1\nA', city: 'Ede', country: 3, invoice: true, delivery: true });
  const mapped = ['POSTALCITY', 'STREETCITY'];
  expect(compose([one], { STREETCITY: 'Best', COUNTRY: '4' }, both, mapped)).toEqual([
    ['write', [1], { delivery: false, country: 4 }],
    [
      'create',
      [
        {
          ...{ street: 'Plein 1\nA', postal_code: null, city: 'Best', country: 4 },
          ...{ delivery: true, invoice: false, sequence: null },
        },
      ],
    ],
  ]);
  const withAnother = [one, address(2, { delivery: true })];
  for (const [rows, uses] of [
    [withAnother, both],
    [[one], { invoice: true, delivery: false }],
  ] as const) {
    expect(() => compose([...rows], { STREETCITY: 'Best' }, uses, mapped)).toThrow(
      expect.objectContaining({ kind: 'rejected', faults: [expect.objectContaining({ path: 'STREETCITY' })] }),
    );
  }
});

test('a country that is no key of the list is refused', () => {
  expect(() => compose([address(1)], { COUNTRY: 'NL' })).toThrow(expect.objectContaining({ kind: 'rejected' }));
});

test('an address that serves both uses is one row, new or found', () => {
  const place = (use: string) => ({ [`${use}AD1`]: 'Kade 7', [`${use}ZIP`]: '1012 LG', [`${use}CITY`]: 'Ede' });
  const changes = { ...place('POSTAL'), ...place('STREET') };
  const made = { street: 'Kade 7', postal_code: '1012 LG', city: 'Ede' };
  expect(compose([], changes)).toEqual([
    ['create', [{ ...made, sequence: null, invoice: true, country: null, delivery: true }]],
  ]);
  expect(compose([], { ...changes, COUNTRY: '3' }, { invoice: true, delivery: false })).toEqual([
    ['create', [{ ...made, sequence: null, invoice: true, country: 3 }]],
  ]);
  expect(compose([address(1, { ...made })], place('POSTAL'))).toEqual([['write', [1], { invoice: true }]]);
  expect(compose([address(1, { ...made, city: 'Best' })], place('POSTAL'))).toHaveLength(1);
  expect(compose([], { ...changes, STREETAD1: 'Kade 8' })).toEqual([
    ['create', [expect.objectContaining({ street: 'Kade 7' }), expect.objectContaining({ street: 'Kade 8' })]],
  ]);
});
