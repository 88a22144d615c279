import { expect, test } from 'vitest';
import { type SettledSide, settleIntent } from '../../../functions/core/merge/settle.ts';
import type { Intent } from '../../../functions/core/model/link.ts';

const intent: Intent = {
  token: 't',
  runId: 'r',
  chunkId: 'c',
  expiresAtMs: 0,
  versions: { crm: 'v1', erp: 'v1' },
  readAtMs: { crm: 100_000, erp: 100_000 },
  fields: [
    {
      field: 'NAME~name',
      erpField: 'NAME',
      crmField: 'name',
      side: 'crm',
      replaces: 'old',
      sends: 'new',
      source: 'new',
      rule: 'changed-in-erp',
      conflict: false,
    },
  ],
};

function verdict(crm: SettledSide | undefined) {
  const [settled] = settleIntent({ intent, fields: {}, mapping: [], crm, erp: undefined });
  return settled && { verdict: settled.verdict, state: settled.state };
}

test('a write whose value is there is done and becomes last agreed', () => {
  expect(verdict({ values: { name: 'new' }, version: 'v2' })).toEqual({
    verdict: 'done',
    state: { agreed: { crm: 'new', erp: 'new' } },
  });
});

test('last agreed keeps each side in its own form, whichever side was written', () => {
  const phone = {
    label: '',
    type: 'text',
    format: 'phone',
    maxLength: 0,
    access: 'normal',
    searchable: false,
  } as const;
  const mapped = {
    erpField: 'NAME',
    crmField: 'name',
    direction: 'both',
    showInSearch: false,
    showInErpTab: false,
    crm: { ...phone, key: 'name' },
    erp: { ...phone, key: 'NAME' },
  } as const;
  const plain = { ...phone, format: 'plain' } as const;
  const other = {
    ...mapped,
    erpField: 'FAX',
    crmField: 'fax',
    crm: { ...plain, key: 'fax' },
    erp: { ...plain, key: 'FAX' },
  } as const;
  const settledOn = (side: 'crm' | 'erp') => {
    const [field] = intent.fields;
    const fields = field ? [{ ...field, side, sends: '+31 20 1', source: '+31-20-1' }] : [];
    const found = { values: { name: '+31201', NAME: '+31201' }, version: 'v2' };
    const input = { intent: { ...intent, fields }, fields: {}, mapping: [other, mapped], crm: found, erp: found };
    return settleIntent(input)[0]?.state;
  };
  expect(settledOn('crm')).toEqual({ agreed: { crm: '+31201', erp: '+31-20-1' } });
  expect(settledOn('erp')).toEqual({ agreed: { crm: '+31-20-1', erp: '+31201' } });
});

test('a write is not done only where nobody can have written since', () => {
  expect(verdict({ values: { name: 'old' }, version: 'v1' })?.verdict).toBe('not-done');
  expect(verdict({ values: { name: 'old' }, version: 'v2' })).toEqual({
    verdict: 'overtaken',
    state: { overtaken: 'unproven' },
  });
});

test('a coarse version proves nothing while its stamp is young', () => {
  const side = { values: { name: 'old' }, version: 'v1', blurMs: 10_000 };
  expect(verdict({ ...side, changedAtMs: 90_000 })?.verdict).toBe('overtaken');
  expect(verdict({ ...side, changedAtMs: 89_000 })?.verdict).toBe('not-done');
  expect(verdict({ ...side, changedAtMs: 91_000 })?.verdict).toBe('overtaken');
  expect(verdict(side)?.verdict).toBe('overtaken');
});

test("somebody else's value is an overtaking that moved", () => {
  expect(verdict({ values: { name: 'theirs' }, version: 'v2' })).toEqual({
    verdict: 'overtaken',
    state: { overtaken: 'moved' },
  });
});

test('an overtaken field keeps what was last agreed, and says what was found on its own side', () => {
  const [field] = intent.fields;
  const fields = field ? [{ ...field, side: 'erp' as const }] : [];
  const before = { agreed: { crm: 'old', erp: 'old' } };
  const side = { values: { name: 'new', NAME: 'theirs' }, version: 'v2' };
  const input = { intent: { ...intent, fields }, fields: { 'NAME~name': before }, mapping: [], crm: side, erp: side };
  expect(settleIntent(input)[0]).toMatchObject({ found: 'theirs', state: { ...before, overtaken: 'moved' } });
});

test('a write to a record that is gone has no verdict', () => {
  expect(verdict(undefined)).toBeUndefined();
});
