import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { namesSeen } from '../../../functions/core/model/record-names.ts';

test('a side that shows no name keeps the one that was seen before', () => {
  const before = { crm: 'Jansen', erp: 'Jansen B.V.' };
  expect(namesSeen(before, { crm: undefined, erp: '  ' })).toEqual(before);
  expect(namesSeen(before, { crm: ' Janssen ', erp: undefined })).toEqual({ ...before, crm: 'Janssen' });
});

test('without a name on either side there are none', () => {
  expect(namesSeen(undefined, { crm: undefined, erp: '' })).toBeUndefined();
});

test('a long name is cut to 200 bytes, and no character in half', () => {
  for (const name of ['ß'.repeat(300), `a${'ß'.repeat(300)}`, '🏢'.repeat(99), `ab${'🏢'.repeat(99)}`]) {
    const { crm = '' } = namesSeen(undefined, { crm: name, erp: undefined }) ?? {};
    const bytes = Buffer.byteLength(crm);
    expect(bytes).toBeGreaterThan(196);
    expect(bytes).toBeLessThanOrEqual(200);
    expect(name.startsWith(crm)).toBe(true);
    expect(crm.isWellFormed()).toBe(true);
  }
});
