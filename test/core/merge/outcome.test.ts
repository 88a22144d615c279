import { expect, test } from 'vitest';
import { SyncError } from '../../../functions/core/errors.ts';
import type { MappedField } from '../../../functions/core/mapping/mapping.ts';
import { outcomeOf } from '../../../functions/core/merge/outcome.ts';
import { planLink } from '../../../functions/core/merge/plan.ts';
import type { SideAnswer } from '../../../functions/core/merge/side-answer.ts';
import { linkFailureId } from '../../../functions/core/model/failure.ts';
import type { FieldState, IntendedWrite, Link } from '../../../functions/core/model/link.ts';
import type { Values } from '../../../functions/core/values/value.ts';

const text = (key: string) =>
  ({ key, label: key, type: 'text', maxLength: 0, access: 'normal', searchable: false }) as const;
const mapping: MappedField[] = ['name', 'city'].map((name) => ({
  erpField: name.toUpperCase(),
  crmField: name,
  direction: 'both',
  showInSearch: false,
  showInErpTab: false,
  erp: text(name.toUpperCase()),
  crm: text(name),
}));

const agreed = (value: string): FieldState => ({ agreed: { crm: value, erp: value } });
const base = { 'NAME~name': agreed('A'), 'CITY~city': agreed('U') };

function linkWith(more: Partial<Link> = {}): Link {
  return {
    tenantId: 't',
    id: 'l',
    connectionId: 'c',
    ends: {
      crm: { type: 'company', table: 'contact', key: '1' },
      erp: { type: 'customer', table: 'party', key: 'e' },
    },
    state: 'active',
    revision: 1,
    fieldStates: base,
    choices: {},
    seen: {},
    openFailures: [],
    createdAt: '2026-11-23T00:00:00.000Z',
    createdBy: 'test',
    ...more,
  };
}

interface Given {
  readonly link?: Partial<Link>;
  readonly crm?: Values;
  readonly erp?: Values;
  readonly answer?: SideAnswer;
  readonly crmAnswer?: SideAnswer;
  readonly partial?: boolean;
}

/** A look that writes to the ERP what the CRM holds. */
function look(given: Given) {
  const link = linkWith(given.link);
  const crm = { name: 'A', city: 'U', ...given.crm };
  const erp = { NAME: 'A', CITY: 'U', ...given.erp };
  const plan = planLink({
    fieldStates: link.fieldStates,
    choices: {},
    crm: { values: crm },
    erp: { values: erp },
    mapping,
    policy: { kind: 'crm-wins' },
    timeResolutionMs: { crm: 0, erp: 0 },
  });
  const ids = [1, 2, 3, 4].values();
  return outcomeOf({
    link,
    plan,
    read: { crm: { version: 'c1', values: crm }, erp: { version: 'e1', values: erp } },
    answers: { crm: given.crmAnswer ?? { outcome: 'none' }, erp: given.answer ?? { outcome: 'none' } },
    covered: { crm: ['name', 'city'], erp: ['NAME', 'CITY'] },
    runId: 'r',
    at: '2026-11-23T00:00:00.000Z',
    newId: () => `id${ids.next().value}`,
    partial: given.partial,
  });
}

test('a proven write becomes last agreed as it was stored, and the record as seen', () => {
  const outcome = look({
    crm: { name: 'B' },
    answer: { outcome: 'ok', version: 'e2', stored: { NAME: 'B.', CITY: 'U' } },
  });
  expect(outcome.after.fieldStates['NAME~name']).toEqual({ agreed: { crm: 'B', erp: 'B.' } });
  expect(outcome.after.seen.erp?.version).toBe('e2');
  expect(outcome.verdict).toBe('done');
  expect(outcome.changes).toMatchObject([{ side: 'erp', oldValue: 'A', newValue: 'B.', rule: 'changed-in-crm' }]);
});

test('a write whose answer proves nothing keeps the value sent, is not seen, and leaves the link due', () => {
  const outcome = look({ crm: { name: 'B' }, answer: { outcome: 'ok' } });
  expect(outcome.after.fieldStates['NAME~name']).toMatchObject({
    agreed: { crm: 'B', erp: 'B' },
    unproven: { rounds: 1 },
  });
  expect(outcome.after.seen.erp).toBeUndefined();
  expect(outcome.verdict).toBe('stays-due');
});

test("somebody's edit of another field, seen in the answer to our write, leaves the link due", () => {
  const answer = { outcome: 'ok', version: 'e2', stored: { NAME: 'B', CITY: 'theirs' } } as const;
  const outcome = look({ crm: { name: 'B' }, answer });
  expect(outcome.after.seen.erp).toBeUndefined();
  expect(outcome.after.fieldStates['CITY~city']).toEqual(agreed('U'));
  expect(outcome.verdict).toBe('stays-due');
});

const name: IntendedWrite = {
  field: 'NAME~name',
  erpField: 'NAME',
  crmField: 'name',
  side: 'erp',
  rule: 'changed-in-crm',
  replaces: 'A',
  sends: 'B',
  source: 'B',
  conflict: false,
};
const intent = {
  token: 't',
  runId: 'r',
  chunkId: 'c',
  expiresAtMs: 1,
  versions: { crm: 'c1', erp: 'e1' },
  readAtMs: { crm: 0, erp: 0 },
  writes: [name],
};

test('a lost answer keeps the intent of the writes concerned and moves nothing', () => {
  const outcome = look({ link: { intent }, crm: { name: 'B' }, answer: { outcome: 'unknown' } });
  expect(outcome.verdict).toBe('unknown');
  expect(outcome.after.intent?.writes).toHaveLength(1);
  expect(outcome.after.fieldStates['NAME~name']).toEqual(agreed('A'));
  expect(outcome.changes).toEqual([]);
});

test('where one side answers and the other does not, only the unanswered write stays in the intent', () => {
  const city = { field: 'CITY~city', erpField: 'CITY', crmField: 'city', side: 'crm', rule: 'changed-in-erp' } as const;
  const answered = { ...city, replaces: 'U', sends: 'V', source: 'V', conflict: false };
  const outcome = look({
    link: { intent: { ...intent, writes: [name, answered] } },
    crm: { name: 'B' },
    erp: { CITY: 'V' },
    answer: { outcome: 'unknown' },
    crmAnswer: { outcome: 'ok', version: 'c2', stored: { city: 'V' } },
  });
  expect(outcome.after.intent?.writes).toEqual([name]);
  expect(outcome.after.fieldStates).toEqual({ 'NAME~name': agreed('A'), 'CITY~city': agreed('V') });
});

test('a refusal that names no field of several parks nothing yet and leaves the link to be looked at again', () => {
  const answer = { outcome: 'rejected', explanation: 'No' } as const;
  const outcome = look({ crm: { name: 'B', city: 'V' }, answer });
  expect(outcome.after.fieldStates).toEqual(base);
  expect(outcome.openFailures).toEqual([]);
  expect(outcome.verdict).toBe('halve');
});

test('a refusal of one field alone parks that field with the words of the system', () => {
  const outcome = look({ crm: { name: 'B' }, answer: { outcome: 'rejected', explanation: 'No' } });
  expect(outcome.after.fieldStates['NAME~name']).toMatchObject({
    parked: { side: 'erp', reason: 'refused-by-system' },
  });
  expect(outcome.openFailures).toMatchObject([{ id: linkFailureId('l', 'NAME~name'), explanation: 'No' }]);
});

test('a dismissed failure stays off the list until the field is refused anew', () => {
  const refused = look({ crm: { name: 'bad' }, answer: { outcome: 'rejected', field: 'NAME' } });
  expect(refused.openFailures).toHaveLength(1);
  const name = { ...refused.after.fieldStates['NAME~name'], dismissed: true };
  const dismissed = {
    ...refused.after,
    fieldStates: { ...refused.after.fieldStates, 'NAME~name': name },
    openFailures: [],
  };
  expect(look({ link: dismissed, crm: { name: 'bad' } }).openFailures).toEqual([]);
  const anew = look({ link: dismissed, crm: { name: 'worse' }, answer: { outcome: 'rejected', field: 'NAME' } });
  expect(anew.openFailures).toHaveLength(1);
  expect(anew.after.fieldStates['NAME~name']?.dismissed).toBeUndefined();
});

test('the failure of a field that is no longer mapped is closed', () => {
  const id = linkFailureId('l', 'FAX~fax');
  expect(look({ link: { openFailures: [id] } }).closeFailures).toEqual([id]);
});

test('a side that was stale, gone or refused a field is read and planned anew', () => {
  const verdict = (answer: SideAnswer) => look({ crm: { name: 'B' }, answer }).verdict;
  expect(verdict({ outcome: 'stale' })).toBe('again');
  expect(verdict({ outcome: 'missing' })).toBe('again');
  expect(verdict({ outcome: 'rejected', field: 'NAME' })).toBe('again');
  const answer = { outcome: 'ok', version: 'e2', stored: { NAME: 'B', CITY: 'U' } } as const;
  expect(look({ crm: { name: 'B' }, answer, partial: true }).verdict).toBe('again');
});

test('a write that was certainly not sent moves nothing and is asked again', () => {
  const error = new SyncError('transient', 'No connection.');
  const outcome = look({ link: { state: 'pending' }, crm: { name: 'B' }, answer: { outcome: 'not-sent', error } });
  expect(outcome).toMatchObject({ verdict: 'not-sent', changes: [], after: { state: 'pending', fieldStates: base } });
  expect(outcome.after.seen.erp).toBeUndefined();
});
