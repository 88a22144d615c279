import { expect, test } from 'vitest';
import { changeOfSettled, type SettledSide, settleIntent } from '../../../functions/core/merge/settle.ts';
import type { IntendedWrite, Intent, Link } from '../../../functions/core/model/link.ts';

const intent: Intent = {
  token: 't',
  runId: 'r',
  chunkId: 'c',
  expiresAtMs: 0,
  versions: { crm: 'v1', erp: 'v1' },
  readAtMs: { crm: 100_000, erp: 100_000 },
  writes: [
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
  const [settled] = settleIntent({ intent, fieldStates: {}, mapping: [], now: { crm, erp: undefined } });
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
    const [field] = intent.writes;
    const writes = field ? [{ ...field, side, sends: '+31 20 1', source: '+31-20-1' }] : [];
    const found = { values: { name: '+31201', NAME: '+31201' }, version: 'v2' };
    const input = {
      intent: { ...intent, writes },
      fieldStates: {},
      mapping: [other, mapped],
      now: { crm: found, erp: found },
    };
    return settleIntent(input)[0]?.state;
  };
  expect(settledOn('crm')).toEqual({ agreed: { crm: '+31201', erp: '+31-20-1' } });
  expect(settledOn('erp')).toEqual({ agreed: { crm: '+31-20-1', erp: '+31201' } });
});

test('a write is not done only where nobody can have written since', () => {
  expect(verdict({ values: { name: 'old' }, version: 'v1' })?.verdict).toBe('not-done');
  expect(verdict({ values: { name: 'old' }, version: 'v2' })).toEqual({
    verdict: 'overtaken',
    state: { overtaken: 'unclear' },
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
  const [write] = intent.writes;
  const writes = write ? [{ ...write, side: 'erp' as const }] : [];
  const before = { agreed: { crm: 'old', erp: 'old' } };
  const side = { values: { name: 'new', NAME: 'theirs' }, version: 'v2' };
  const input = {
    intent: { ...intent, writes },
    fieldStates: { 'NAME~name': before },
    mapping: [],
    now: { crm: side, erp: side },
  };
  expect(settleIntent(input)[0]).toMatchObject({ found: 'theirs', state: { ...before, overtaken: 'moved' } });
});

test('a write to a record that is gone may have been made: it is logged with what it would have replaced', () => {
  expect(verdict(undefined)).toEqual({ verdict: 'overtaken', state: { overtaken: 'unclear' } });
  const [settled] = settleIntent({ intent, fieldStates: {}, mapping: [], now: { crm: undefined, erp: undefined } });
  if (!settled) throw new Error('every write is settled');
  const change = changeOfSettled({ link, runId: 'r', at: '2026-11-23T00:00:00.000Z', newId: () => 'id' }, settled);
  expect(change).toMatchObject({ side: 'crm', oldValue: 'old', newValue: 'new', outcome: 'overtaken' });
});

test('what moved before its record was gone has moved all the same', () => {
  const moved = { agreed: { crm: 'old', erp: 'old' }, overtaken: 'moved' } as const;
  const gone = { crm: undefined, erp: undefined };
  const [settled] = settleIntent({ intent, fieldStates: { 'NAME~name': moved }, mapping: [], now: gone });
  expect(settled?.state).toEqual(moved);
});

const link: Link = {
  tenantId: 't',
  id: 'l',
  connectionId: 'c',
  ends: {
    crm: { type: 'company', table: 'contact', key: '1' },
    erp: { type: 'customer', table: 'party', key: 'e' },
  },
  state: 'active',
  revision: 1,
  fieldStates: {},
  choices: {},
  seen: {},
  openFailures: [],
  createdAt: '2026-11-23T00:00:00.000Z',
  createdBy: 'test',
};

/** A write to the ERP of what the CRM holds in its own form, settled on what the ERP holds now. */
function settledInErp(now: SettledSide, write: Partial<IntendedWrite> = {}) {
  const writes: IntendedWrite[] = [
    {
      field: 'NAME~name',
      erpField: 'NAME',
      crmField: 'name',
      side: 'erp',
      replaces: 'old',
      sends: 'new in the ERP',
      source: 'new in the CRM',
      rule: 'changed-in-crm',
      conflict: false,
      ...write,
    },
  ];
  const input = { intent: { ...intent, writes }, fieldStates: {}, mapping: [], now: { crm: undefined, erp: now } };
  const [settled] = settleIntent(input);
  if (!settled) throw new Error('a record that is there settles its writes');
  const change = changeOfSettled({ link, runId: 'r', at: '2026-11-23T00:00:00.000Z', newId: () => 'id' }, settled);
  return { ...settled, change };
}

test('a write found done is agreed in the form of each side, and logged as settled', () => {
  const { state, change } = settledInErp({ values: { NAME: 'new in the ERP' }, version: 'v2' });
  expect(state).toEqual({ agreed: { crm: 'new in the CRM', erp: 'new in the ERP' } });
  expect(change).toMatchObject({
    id: 'id',
    side: 'erp',
    oldValue: 'old',
    newValue: 'new in the ERP',
    outcome: 'settled',
  });
  expect(change?.conflict).toBeUndefined();
});

test('a settled write of a conflict is logged with the value that lost and the one that won', () => {
  const { change } = settledInErp(
    { values: { NAME: 'theirs' }, version: 'v2' },
    { conflict: true, base: { crm: 'base', erp: 'base' } },
  );
  expect(change).toMatchObject({ newValue: 'theirs', outcome: 'overtaken' });
  expect(change?.conflict).toEqual({
    winner: 'crm',
    policy: 'settled',
    base: { crm: 'base', erp: 'base' },
    crm: 'new in the CRM',
    erp: 'old',
  });
});

test('a write that was not made is not logged', () => {
  expect(settledInErp({ values: { NAME: 'old' }, version: 'v1' }).change).toBeUndefined();
});

test('the first write of an entered value agrees nothing: its other side is still to be written', () => {
  const [write] = intent.writes;
  if (!write) throw new Error('the intent has a write');
  const writes = [{ ...write, rule: 'resolving' }];
  const now = { crm: { values: { name: 'new' }, version: 'v2' }, erp: undefined };
  const [settled] = settleIntent({ intent: { ...intent, writes }, fieldStates: {}, mapping: [], now });
  expect(settled).toMatchObject({ verdict: 'done', state: { agreed: undefined } });
});
