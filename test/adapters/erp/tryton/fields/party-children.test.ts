import { expect, test } from 'vitest';
import { composeChildren } from '../../../../../functions/adapters/erp/tryton/fields/party-children.ts';
import type { ContactRow } from '../../../../../functions/adapters/erp/tryton/fields/party-row.ts';

const contact = (id: number, type: string, value: string, active = true): ContactRow => ({
  ...{ id, type, value, active, sequence: null, _write: true, _timestamp: '1' },
  ...{ last_modified_at: '', write_uid: 1, create_uid: 1 },
});
const blank = (rows: ContactRow[], type = 'phone') =>
  composeChildren(rows, 'value', [{ field: 'PHONE', type, value: null }]);

test('the first of several entries is not blanked: the next one would take its place', () => {
  const rows = [contact(1, 'phone', '+31 30 231 4455'), contact(2, 'phone', '+31 30 231 4456')];
  expect(() => blank(rows)).toThrow(
    expect.objectContaining({ kind: 'rejected', faults: [expect.objectContaining({ path: 'PHONE' })] }),
  );
});

test('an entry that stands alone is blanked, beside inactive ones and those of other kinds', () => {
  const rows = [contact(1, 'phone', '+31 30 231 4455'), contact(2, 'phone', 'old', false), contact(3, 'fax', 'a')];
  expect(blank(rows)).toEqual({ operations: [['delete', [1]]], removedIds: [1] });
});
