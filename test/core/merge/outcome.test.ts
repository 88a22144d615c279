import { expect, test } from 'vitest';
import { SyncError } from '../../../functions/core/errors.ts';
import { changesLink, countsOf, endsLook, outcomeOf, type Verdict } from '../../../functions/core/merge/outcome.ts';
import type { SideAnswer } from '../../../functions/core/merge/side-answer.ts';
import type { IntendedWrite, Link } from '../../../functions/core/model/link.ts';
import { agreed, base, cityField, type Given, lookFacts, nameField } from './two-field-look.ts';

const look = (given: Given) => outcomeOf(lookFacts(given));

test('a proven write becomes last agreed as it was stored, and the record as seen', () => {
  const outcome = look({
    crm: { name: ' B' },
    answer: { outcome: 'ok', version: 'e2', stored: { NAME: 'B', CITY: 'U' } },
  });
  expect(outcome.after.fieldStates[nameField]).toEqual({ agreed: { crm: ' B', erp: 'B' } });
  expect(outcome.after.seen.erp?.version).toBe('e2');
  expect(outcome.verdict).toBe('done');
  expect(outcome.changes).toMatchObject([{ side: 'erp', oldValue: 'A', newValue: 'B', rule: 'changed-in-crm' }]);
});

test('a write whose answer proves nothing keeps the value sent, is not seen, and leaves the link due', () => {
  const outcome = look({ crm: { name: 'B' }, answer: { outcome: 'ok' } });
  expect(outcome.after.fieldStates[nameField]).toMatchObject({
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
  expect(outcome.after.fieldStates[cityField]).toEqual(agreed('U'));
  expect(outcome.verdict).toBe('stays-due');
});

const ours: IntendedWrite = {
  field: nameField,
  erpField: 'NAME',
  crmField: 'name',
  side: 'erp',
  replaces: 'A',
  sends: 'B',
  source: 'B',
  rule: 'changed-in-crm',
  conflict: false,
};
const intent = {
  token: 't',
  runId: 'r',
  chunkId: 'c',
  expiresAtMs: 1,
  versions: { crm: 'c1', erp: 'e1' },
  readAtMs: { crm: 0, erp: 0 },
  writes: [ours],
};

test('where one side has no answer nothing is recorded, and the intent stays for both sides', () => {
  const toCrm: IntendedWrite = { ...ours, field: cityField, erpField: 'CITY', crmField: 'city', side: 'crm' };
  const facts = lookFacts({
    link: { state: 'pending', intent: { ...intent, writes: [toCrm, ours] } },
    crm: { name: 'B' },
    erp: { CITY: 'V' },
    crmAnswer: { outcome: 'ok', version: 'c2', stored: { name: 'B', city: 'V' } },
    answer: { outcome: 'unknown' },
  });
  expect(outcomeOf(facts)).toEqual({
    after: facts.link,
    changes: [],
    troubles: [],
    counts: {},
    verdict: 'unknown',
  });
});

test('an intent is over once every write of it is answered', () => {
  const answer = { outcome: 'ok', version: 'e2', stored: { NAME: 'B' } } as const;
  expect(look({ link: { intent }, crm: { name: 'B' }, answer }).after.intent).toBeUndefined();
  expect(look({}).after.intent).toBeUndefined();
});

test('a refusal that names no field of several parks nothing yet and leaves the link to be looked at again', () => {
  const answer = { outcome: 'rejected', explanation: 'No' } as const;
  const outcome = look({ crm: { name: 'B', city: 'V' }, answer });
  expect(outcome.after.fieldStates).toEqual(base);
  expect(outcome.troubles).toEqual([]);
  expect(outcome.verdict).toBe('halve');
});

test('a refusal of one field alone parks that field with the words of the system', () => {
  const outcome = look({ crm: { name: 'B' }, answer: { outcome: 'rejected', explanation: 'No' } });
  expect(outcome.after.fieldStates[nameField]).toMatchObject({
    parked: { side: 'erp', reason: 'refused-by-system' },
  });
  expect(outcome.troubles).toMatchObject([{ field: nameField, explanation: 'No', anew: true }]);
});

test('a field that is refused anew forgets that its failure was dismissed', () => {
  const refused = look({ crm: { name: 'bad' }, answer: { outcome: 'rejected', field: 'NAME' } });
  const name = { ...refused.after.fieldStates[nameField], dismissed: true };
  const dismissed = { ...refused.after, fieldStates: { ...refused.after.fieldStates, [nameField]: name } };
  expect(look({ link: dismissed, crm: { name: 'bad' } }).after.fieldStates[nameField]?.dismissed).toBe(true);
  const anew = look({ link: dismissed, crm: { name: 'worse' }, answer: { outcome: 'rejected', field: 'NAME' } });
  expect(anew.troubles).toMatchObject([{ field: nameField, anew: true }]);
  expect(anew.after.fieldStates[nameField]?.dismissed).toBeUndefined();
});

test('a side that was stale, gone or refused a field is read and planned anew', () => {
  const verdict = (answer: SideAnswer) => look({ crm: { name: 'B' }, answer }).verdict;
  expect(verdict({ outcome: 'stale' })).toBe('again');
  expect(verdict({ outcome: 'missing' })).toBe('again');
  expect(verdict({ outcome: 'rejected', field: 'NAME' })).toBe('again');
  const answer = { outcome: 'ok', version: 'e2', stored: { NAME: 'B', CITY: 'U' } } as const;
  expect(look({ crm: { name: 'B' }, answer, partial: true }).verdict).toBe('again');
});

test('a look ends once all was done, though what was stored may still be read again', () => {
  const verdicts: Verdict[] = ['done', 'stays-due', 'again', 'halve', 'not-sent', 'unknown'];
  expect(verdicts.filter(endsLook)).toEqual(['done', 'stays-due']);
});

test('a write that was certainly not sent moves nothing and is asked again', () => {
  const error = new SyncError('transient', 'No connection.');
  const outcome = look({ link: { state: 'pending' }, crm: { name: 'B' }, answer: { outcome: 'not-sent', error } });
  expect(outcome).toMatchObject({ verdict: 'not-sent', changes: [], after: { state: 'pending', fieldStates: base } });
  expect(outcome.after.seen.erp).toBeUndefined();
});

test('a pending link is active once every write was answered, refusals and missing records included', () => {
  const stateAfter = (answer: SideAnswer, state: Link['state'] = 'pending') =>
    look({ link: { state }, crm: { name: 'B' }, answer }).after.state;
  expect(stateAfter({ outcome: 'ok' })).toBe('active');
  expect(stateAfter({ outcome: 'rejected', field: 'NAME' })).toBe('active');
  expect(stateAfter({ outcome: 'missing' })).toBe('active');
  expect(stateAfter({ outcome: 'stale' })).toBe('pending');
  expect(stateAfter({ outcome: 'unknown' })).toBe('pending');
  expect(stateAfter({ outcome: 'ok' }, 'broken')).toBe('broken');
});

test('a field of which nothing is to be remembered leaves no state', () => {
  const fieldStates = {
    'FAX~fax': {},
    'MAIL~mail': { dismissed: undefined },
    'NOTE~note': { ...agreed('N'), parked: undefined },
  };
  const outcome = look({ link: { fieldStates }, crm: { city: null }, erp: { CITY: 'V' } });
  expect(Object.keys(outcome.after.fieldStates)).toEqual(['NOTE~note', nameField]);
});

test('a choice is kept until its field is agreed', () => {
  const chosen = { side: 'crm', fingerprint: 'of other values' } as const;
  const choices = { [nameField]: chosen, [cityField]: chosen, 'FAX~fax': chosen };
  const outcome = look({ link: { fieldStates: {}, choices }, crm: { name: 'B' } });
  expect(outcome.after.choices).toEqual({ [nameField]: chosen, 'FAX~fax': chosen });
});

test('every field that is left alone is named as in trouble, and no other', () => {
  const held = { ...agreed('A'), held: 'reformatted-in-turn' } as const;
  const link = { fieldStates: { [nameField]: held, [cityField]: held } };
  expect(look({ link, crm: { name: 'B' } }).troubles).toMatchObject([{ field: nameField, anew: false }]);
});

test('the last look of a link is when it was recorded', () => {
  expect(look({}).after.lastSyncedAt).toBe('2026-11-24T00:00:00.000Z');
});

test('a look counts its link once, and its writes by side, conflicts and refusals by field', () => {
  const ok = { outcome: 'ok' } as const;
  const nothing = { changed: 0, writtenToCrm: 0, writtenToErp: 0, conflicts: 0, rejected: 0 };
  expect(look({}).counts).toEqual(nothing);
  expect(countsOf([])).toEqual(nothing);
  expect(look({ crm: { name: 'B', city: 'V' }, erp: { CITY: 'W' }, answer: ok }).counts).toEqual({
    ...nothing,
    changed: 1,
    writtenToErp: 2,
    conflicts: 1,
  });
  expect(look({ erp: { CITY: 'W' }, crmAnswer: ok }).counts).toEqual({ ...nothing, changed: 1, writtenToCrm: 1 });
  expect(look({ crm: { name: 'B' }, answer: { outcome: 'rejected' } }).counts).toEqual({ ...nothing, rejected: 1 });
});

test('a look changes its link by a row of the log or by what the link remembers, not by its time', () => {
  const facts = lookFacts({});
  const same = outcomeOf(facts);
  const settled = { ...same.after, revision: 7, lastSyncedAt: 'earlier' };
  expect(changesLink(settled, same)).toBe(false);
  expect(changesLink(facts.link, same)).toBe(true);
  const written = look({ crm: { name: 'B' }, answer: { outcome: 'ok' } });
  expect(changesLink(written.after, written)).toBe(true);
});
