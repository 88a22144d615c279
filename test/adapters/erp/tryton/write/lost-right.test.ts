import { expect, test } from 'vitest';
import type { ModelAccess } from '../../../../../functions/adapters/erp/tryton/wire/models.ts';
import { lostRight } from '../../../../../functions/adapters/erp/tryton/write/lost-right.ts';
import { allAllowed, type RecordAccess } from '../../../../../functions/ports/record-system.ts';

const write = (field: string) => ({ key: '1', version: '', values: { [field]: 'a' }, replaces: {} });

function asking(access: Partial<RecordAccess> | Error, rows: Partial<ModelAccess> = {}) {
  let asked = 0;
  const lost = lostRight({
    type: 'customer',
    async access() {
      asked += 1;
      if (access instanceof Error) throw access;
      return { ...allAllowed, ...access };
    },
    async rowAccess() {
      return { 'party.address': { read: true, write: true, create: true, delete: true, ...rows } };
    },
  });
  return { lost, asked: () => asked };
}

test('a lost right on a table is one reason for all writes of the type, asked for once', async () => {
  const { lost, asked } = asking({ write: false });
  const misconfigured = { kind: 'misconfigured', recordType: 'customer' };
  expect(await Promise.all(['NAME', 'PHONE'].map((field) => lost(write(field), [])))).toMatchObject([
    misconfigured,
    misconfigured,
  ]);
  expect(asked()).toBe(1);
});

test('a lost right on some fields concerns the writes that have one of them', async () => {
  const { lost } = asking({ unwritable: ['PHONE'] });
  expect(await lost(write('NAME'), [])).toBeUndefined();
  expect(await lost(write('PHONE'), [])).toMatchObject({
    kind: 'misconfigured',
    explanation: expect.stringContaining('PHONE'),
  });
});

test('a right that cannot be asked for is not lost', async () => {
  expect(await asking(new Error('down')).lost(write('NAME'), [])).toBeUndefined();
});

test('a lost right to make or remove rows concerns the writes that do so', async () => {
  for (const right of ['create', 'delete'] as const) {
    const { lost } = asking({}, { [right]: false });
    expect(await lost(write('CITY'), [])).toBeUndefined();
    expect(
      await lost(write('CITY'), [{ model: 'party.address', right: right === 'create' ? 'delete' : 'create' }]),
    ).toBeUndefined();
    expect(await lost(write('CITY'), [{ model: 'party.address', right }])).toMatchObject({
      kind: 'misconfigured',
      recordType: 'customer',
      explanation: expect.stringContaining(`${right} rows of party.address`),
    });
  }
});
