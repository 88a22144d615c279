import { expect, test } from 'vitest';
import { swapsIn } from '../../../functions/core/merge/swaps-in.ts';
import { type Field, planned } from './several-field-plan.ts';

function swapped(fields: Readonly<Record<string, Field>>): string[] {
  return swapsIn(planned(fields)).map(({ mapped }) => mapped.crmField);
}

/** Changed in the ERP only. */
function changed(base: string, erp: string | null): Field {
  return { base, crm: base, erp };
}

test("fields that got one another's values are swapped, those beside them are not", () => {
  const fields = { name: changed('Acme', 'Main Street 1'), street: changed('Main Street 1', 'Acme') };
  expect(swapped({ ...fields, city: changed('Delft', 'Gouda') })).toEqual(['name', 'street']);
});

test('columns that moved on by one are swapped, though the first is blank and the last is lost', () => {
  const shifted = {
    name: changed('Acme', null),
    street: changed('Main Street 1', 'Acme'),
    city: changed('Delft', 'Main Street 1'),
  };
  expect(swapped(shifted)).toEqual(['street', 'city']);
});

test('a value that is copied into other fields is no swap, nor an old address that is kept as a second one', () => {
  const copied = { one: changed('Acme', 'Acme'), two: changed('Delft', 'Acme'), three: changed('Gouda', 'Acme') };
  expect(swapped(copied)).toEqual([]);
  const moved = {
    street: changed('Main Street 1', 'Kade 2'),
    city: changed('Delft', 'Gouda'),
    oldStreet: changed('Square 3', 'Main Street 1'),
    oldCity: changed('Breda', 'Delft'),
  };
  expect(swapped(moved)).toEqual([]);
});

test('initials and codes are the same by chance', () => {
  expect(swapped({ one: changed('A', 'B'), two: changed('B', 'A') })).toEqual([]);
});

test('what both sides have exchanged by now is written nowhere, and is no swap', () => {
  const both = (base: string, now: string): Field => ({ base, crm: now, erp: now });
  expect(swapped({ name: both('Acme', 'Delft'), city: both('Delft', 'Acme') })).toEqual([]);
});
