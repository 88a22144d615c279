import { expect, test } from 'vitest';
import { seenAfter, wasSeen } from '../../../functions/core/merge/seen.ts';
import type { SideAnswer } from '../../../functions/core/merge/side-answer.ts';
import type { Values } from '../../../functions/core/values/value.ts';

const covered = ['name', 'city'];
const read = { version: 'v1', values: { name: 'A', city: 'U' } };

/** What a look that sent these values remembers of the CRM's record. */
function after(sent: Values, answer: SideAnswer) {
  return seenAfter({ read, sent, answer, covered });
}

/** Whether a record that is listed later needs no look, after such a look. */
function needsNoLook(seen: ReturnType<typeof after>, version: string, values: Values, of = covered) {
  return wasSeen(seen, { version, values }, of);
}

test('a record that was only read is seen as it was read', () => {
  const seen = after({}, { outcome: 'none' });
  expect(needsNoLook(seen, 'v1', read.values)).toBe(true);
  expect(needsNoLook(seen, 'v2', read.values)).toBe(false);
  expect(needsNoLook(seen, 'v1', { name: 'B', city: 'U' })).toBe(false);
  expect(needsNoLook(seen, 'v1', { name: 'U', city: 'A' })).toBe(false);
});

test('only covered fields count, in whatever order, and an unknown one as blank', () => {
  const seen = after({}, { outcome: 'none' });
  expect(needsNoLook(seen, 'v1', { ...read.values, fax: '1' })).toBe(true);
  expect(needsNoLook(seen, 'v1', read.values, ['city', 'name'])).toBe(true);
  expect(needsNoLook(seen, 'v1', read.values, ['name'])).toBe(false);
  const blank = seenAfter({ read, sent: {}, answer: { outcome: 'none' }, covered: ['name', 'fax'] });
  expect(needsNoLook(blank, 'v1', { name: 'A', fax: null }, ['name', 'fax'])).toBe(true);
  expect(needsNoLook(blank, 'v1', { name: 'A', fax: '1' }, ['name', 'fax'])).toBe(false);
});

test('a record whose standing changed is looked at, and so is one whose values did where it stands as before', () => {
  const archived = { ...read, standing: { archived: true } };
  const seen = seenAfter({ read: archived, sent: {}, answer: { outcome: 'none' }, covered });
  const wasSeenAs = (now: typeof read) => wasSeen(seen, now, covered);
  expect(wasSeenAs(archived)).toBe(true);
  expect(wasSeenAs(read)).toBe(false);
  expect(wasSeenAs({ ...archived, values: { name: 'B', city: 'U' } })).toBe(false);
});

test('a record that no look has dealt with was not seen', () => {
  expect(needsNoLook(undefined, 'v1', read.values)).toBe(false);
});

test('what an earlier version has seen is seen by this one', () => {
  const values = { name: 'A "B"', city: 'Ä\n\u2028', zip: 3500, vat: true };
  const fields = ['zip', 'name', 'city', 'vat', 'fax'];
  expect(wasSeen({ version: 'v1', values: 'tCEkdrUlxWifIL9h1Vu2Ds' }, { version: 'v1', values }, fields)).toBe(true);
  const archived = { version: 'v1', values, standing: { mergedInto: 'k2', archived: true, by: undefined } };
  expect(wasSeen({ version: 'v1', values: 'uzNi7DFcGxE5GDtE7cRDao' }, archived, fields)).toBe(true);
});

test('a record that was written is seen as our write left it', () => {
  const seen = after({ name: 'B' }, { outcome: 'ok', version: 'v2', stored: { name: 'B.' } });
  expect(needsNoLook(seen, 'v2', { name: 'B.', city: 'U' })).toBe(true);
  expect(needsNoLook(seen, 'v1', { name: 'B.', city: 'U' })).toBe(false);
  expect(needsNoLook(seen, 'v2', { name: 'B', city: 'U' })).toBe(false);
});

test('a record is not seen where the answer does not prove what our write left', () => {
  const stored = { name: 'B', city: 'U' };
  expect(after({ name: 'B' }, { outcome: 'ok', version: 'v2', stored })).toBeDefined();
  expect(after({ name: 'B' }, { outcome: 'ok', stored })).toBeUndefined();
  expect(after({ name: 'B' }, { outcome: 'ok', version: 'v2' })).toBeUndefined();
  expect(after({ name: 'B' }, { outcome: 'ok', version: 'v2', stored: { city: 'U' } })).toBeUndefined();
  expect(after({ name: 'B', city: 'V' }, { outcome: 'ok', version: 'v2', stored: { name: 'B' } })).toBeUndefined();
});

test("a record is not seen where our write met somebody's edit of a covered field", () => {
  const wrote = (stored: Values) => after({ name: 'B' }, { outcome: 'ok', version: 'v2', stored });
  expect(wrote({ name: 'B', city: 'theirs' })).toBeUndefined();
  expect(wrote({ name: 'B', city: 'U', fax: 'theirs' })).toBeDefined();
});

test('a write that was stale, refused or lost leaves its record unseen', () => {
  const outcomes: SideAnswer[] = [
    { outcome: 'stale' },
    { outcome: 'missing' },
    { outcome: 'rejected' },
    { outcome: 'unknown' },
  ];
  for (const answer of outcomes) expect(after({ name: 'B' }, answer)).toBeUndefined();
});
