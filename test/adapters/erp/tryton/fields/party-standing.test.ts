import { expect, test } from 'vitest';
import { partyTable } from '../../../../../functions/adapters/erp/tryton/fields/party-table.ts';

const standing = (row: object) =>
  partyTable({ uses: { invoice: true, delivery: true }, roles: [] }, []).parse({
    ...{ id: 7, _write: 1, _timestamp: '1', last_modified_at: '2026-11-23T11:00:00.000Z', write_uid: 1, create_uid: 1 },
    ...{ name: 'A', code: '7', 'addresses.': [], 'contact_mechanisms.': [], 'identifiers.': [], replaced_by: null },
    ...row,
  }).standing;

test('an inactive party is archived, one that was replaced is merged into the other', () => {
  expect(standing({ active: 1 })).toBeUndefined();
  expect(standing({ active: 0 })).toEqual({ kind: 'archived' });
  expect(standing({ active: false, replaced_by: 12 })).toEqual({ kind: 'merged', into: '12' });
});
