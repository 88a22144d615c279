import { expect, test } from 'vitest';
import type { FieldState, Link } from '../../../functions/core/model/link.ts';
import { type FoundTrouble, type LinkStand, standAfter } from '../../../functions/core/model/link-stand.ts';
import { agreed, linkWith } from '../merge/two-field-look.ts';

const [day1, day2] = ['2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'];
const parked: FieldState = {
  ...agreed('A'),
  parked: { side: 'erp', fingerprint: 'f', reason: 'too-long' },
};
const states = { 'A~a': parked, 'B~b': parked };

function trouble(field: string, over: Partial<FoundTrouble> = {}): FoundTrouble {
  return { field, kind: 'rejected', reason: 'too-long', anew: false, ...over };
}

interface Look {
  readonly before?: Link;
  readonly after?: Partial<Link>;
  readonly troubles?: readonly FoundTrouble[];
  readonly ends?: boolean;
  readonly at?: string;
}

function looked(stand: LinkStand, { before = stand.link, after, troubles = [], ends = true, at = day2 }: Look) {
  return standAfter(stand, { found: 'look', before, after: { ...before, ...after }, troubles, ends, at, runId: 'r2' });
}

const well: LinkStand = { link: linkWith({ fieldStates: states }), failure: undefined };
const both = looked(well, { troubles: [trouble('A~a', { explanation: 'No' }), trouble('B~b')], at: day1 });

test('a link has one failure, with the fields that are left alone', () => {
  expect(both.link.openFailures).toEqual(['l']);
  expect(both.failure).toMatchObject({
    id: 'l',
    linkId: 'l',
    kind: 'rejected',
    reason: 'fields-left-alone',
    attempts: 1,
    firstAt: day1,
    fields: [
      { field: 'A~a', reason: 'too-long', explanation: 'No', firstAt: day1 },
      { field: 'B~b', firstAt: day1 },
    ],
  });
});

test('a failure that nothing new is known of stays as it was; what a look does not name is well once it ends', () => {
  const troubles = [trouble('A~a'), trouble('B~b')];
  expect(looked(both, { troubles })).toEqual(both);
  const one = looked(both, { troubles: [trouble('B~b')] });
  expect(one.failure).toMatchObject({ firstAt: day1, fields: [{ field: 'B~b' }] });
  expect(looked(one, {})).toMatchObject({ link: { openFailures: [] }, failure: undefined });
});

test('a failure began with the first trouble that is left of it', () => {
  const day3 = '2026-11-25T00:00:00.000Z';
  const first = looked(well, { troubles: [trouble('A~a')], at: day1 });
  const then = looked(first, { troubles: [trouble('A~a'), trouble('B~b', { anew: true })], at: day2 });
  expect(then.failure).toMatchObject({ firstAt: day1, fields: [{ firstAt: day1 }, { firstAt: day2 }] });
  const left = looked(then, { troubles: [trouble('B~b')], at: day3 });
  expect(left.failure).toMatchObject({ firstAt: day2, fields: [{ field: 'B~b', firstAt: day2 }] });
});

test('a field refused anew began when it began, and its attempts add up', () => {
  const again = looked(both, { troubles: [trouble('A~a', { anew: true, explanation: 'Never' }), trouble('B~b')] });
  expect(again.failure).toMatchObject({ attempts: 2, firstAt: day1, lastAt: day2 });
  expect(again.failure?.fields[0]).toMatchObject({ explanation: 'Never', firstAt: day1 });
});

const failed = standAfter(both, { found: 'trouble', kind: 'transient', reason: 'transient', attempts: 6, at: day2 });

test('the trouble of a whole link keeps its fields, its beginning and its attempts', () => {
  expect(failed.failure).toMatchObject({ id: 'l', reason: 'transient', attempts: 7, firstAt: day1, lastAt: day2 });
  expect(failed.failure?.fields).toHaveLength(2);
});

test('a failure does not vanish while it is tried again: only a look that ends closes it', () => {
  const waiting = looked(failed, { troubles: [], ends: false });
  expect(waiting.failure).toEqual(failed.failure);
  expect(looked(failed, { troubles: [trouble('A~a')] }).failure).toMatchObject({
    reason: 'fields-left-alone',
    firstAt: day1,
    fields: [{ field: 'A~a' }],
  });
  expect(looked(failed, {}).failure).toBeUndefined();
});

test('a look that ends leaves a failure open whose cause it was kept from trying, and no other', () => {
  const end = { found: 'look', troubles: [], ends: true, leavesOpen: 'forbidden', at: day2 } as const;
  const [before, after] = [failed.link, failed.link];
  expect(standAfter(failed, { ...end, before, after }).failure).toBeUndefined();
  const kept = standAfter(both, { found: 'trouble', kind: 'forbidden', reason: 'forbidden', at: day2 });
  expect(standAfter(kept, { ...end, before, after }).failure).toEqual({ ...kept.failure, fields: [] });
});

test('the failure of a broken link says why it is broken, whatever it meets later', () => {
  const becomes = { state: 'broken', stateReason: 'erp-actor-gone' } as const;
  const broken = standAfter(both, { found: 'trouble', kind: 'missing', reason: 'erp-actor-gone', becomes, at: day2 });
  expect(broken).toMatchObject({
    link: becomes,
    failure: { kind: 'missing', reason: 'erp-actor-gone', firstAt: day1 },
  });
  const later = { found: 'trouble', kind: 'transient', reason: 'transient', at: day2 } as const;
  expect(standAfter(broken, later)).toEqual(broken);
  const off = standAfter(broken, { found: 'dismiss', at: day2 });
  expect(standAfter(off, later).failure).toBeUndefined();
});

test('a retry clears the marks and leaves the failure open, but for fields that are no longer mapped', () => {
  const held: FieldState = { held: 'choice-void', unproven: { side: 'crm', rounds: 1 } };
  const turned: FieldState = { held: 'reformatted-in-turn', unproven: { side: 'crm', rounds: 2 } };
  const chosen = { side: 'crm', fingerprint: 'f' } as const;
  const link = { ...both.link, fieldStates: { ...states, 'C~c': held, 'D~d': turned }, choices: { 'C~c': chosen } };
  const troubles = [trouble('A~a'), trouble('C~c'), trouble('D~d')];
  const open = looked({ link, failure: undefined }, { troubles, at: day1 });
  const after = standAfter(open, { found: 'retry', mapped: new Set(['C~c', 'D~d']), at: day2 });
  expect(after.link.fieldStates).toMatchObject({
    'A~a': agreed('A'),
    'B~b': parked,
    'C~c': { unproven: { rounds: 1 } },
  });
  expect(after.link.fieldStates['A~a']?.parked ?? after.link.fieldStates['C~c']?.held).toBeUndefined();
  expect(after.link.fieldStates['D~d']?.unproven).toBeUndefined();
  expect(after.link.choices).toEqual({});
  expect(after.failure).toMatchObject({ firstAt: day1, fields: [{ field: 'C~c' }, { field: 'D~d' }] });
  expect(standAfter(both, { found: 'retry', mapped: new Set(), at: day2 }).failure).toBeUndefined();
  expect(standAfter(failed, { found: 'retry', mapped: new Set(), at: day2 }).failure).toMatchObject({ fields: [] });
});

test('a dismissed field is listed again only for a new reason', () => {
  const off = standAfter(both, { found: 'dismiss', at: day2 });
  expect(off).toMatchObject({ link: { openFailures: [] }, failure: undefined });
  const troubles = [trouble('A~a'), trouble('B~b')];
  expect(looked(off, { troubles }).failure).toBeUndefined();
  const anew = looked(off, { troubles: [trouble('A~a', { anew: true }), trouble('B~b')] });
  expect(anew.failure?.fields.map(({ field }) => field)).toEqual(['A~a']);
  expect(anew.link.fieldStates['A~a']?.dismissed).toBeUndefined();
});

/** The stand after an act that came between a look's read and its record. */
function withRevision(stand: LinkStand, over: Partial<Link> = {}): LinkStand {
  return { ...stand, link: { ...stand.link, ...over, revision: stand.link.revision + 1 } };
}

test('a dismiss or a retry made while a look is in hand stands', () => {
  const look = { before: both.link, troubles: [trouble('A~a'), trouble('B~b')] };
  const off = withRevision(standAfter(both, { found: 'dismiss', at: day2 }));
  expect(looked(off, look)).toMatchObject({ link: { openFailures: [] }, failure: undefined });
  const retry = { found: 'retry', mapped: new Set(Object.keys(states)), at: day2 } as const;
  const retried = withRevision(standAfter(both, retry));
  const after = { fieldStates: { ...states, 'B~b': agreed('C') } };
  expect(looked(retried, { ...look, after }).link.fieldStates).toEqual({ 'A~a': agreed('A'), 'B~b': agreed('C') });
});

test('a choice made or taken back while a look is in hand stands, and what the look agreed goes', () => {
  const chosen = { side: 'crm', fingerprint: 'f' } as const;
  const before = linkWith({ choices: { 'A~a': chosen, 'B~b': chosen } });
  const current = withRevision({ link: before, failure: undefined }, { choices: { 'A~a': chosen, 'C~c': chosen } });
  const { link } = looked(current, { before, after: { choices: { 'B~b': chosen } } });
  expect(link.choices).toEqual({ 'C~c': chosen });
});

test('no failure opens on a link that was disconnected meanwhile, and it stays so', () => {
  const gone = withRevision(well, { state: 'disconnected', openFailures: [] });
  const after = looked(gone, {
    before: well.link,
    after: { state: 'active' },
    troubles: [trouble('A~a', { anew: true })],
  });
  expect(after).toMatchObject({ link: { state: 'disconnected', openFailures: [] }, failure: undefined });
  expect(
    standAfter(gone, { found: 'trouble', kind: 'transient', reason: 'transient', at: day2 }).failure,
  ).toBeUndefined();
});

test('a state that somebody set meanwhile stands with its reason, else the look sets both', () => {
  const before = linkWith({ state: 'paused', stateReason: 'dropped' });
  const broken = {
    link: linkWith({ state: 'broken', stateReason: 'crm-record-gone', revision: 2 }),
    failure: undefined,
  };
  const after = { state: 'active', stateReason: undefined } as const;
  expect(looked(broken, { before, after }).link).toMatchObject({ state: 'broken', stateReason: 'crm-record-gone' });
  const same = { link: { ...before, revision: 2 }, failure: undefined };
  expect(looked(same, { before, after }).link).toMatchObject({ state: 'active' });
  expect(looked(same, { before, after }).link.stateReason).toBeUndefined();
});

test('the failure of a link with very many fields is storable, whatever the vendor says', () => {
  const words = '€'.repeat(5_000);
  const fields = Array.from({ length: 80 }, (_, n) => `F${n}~f${n}`);
  const troubles = fields.map((field) => trouble(field, { explanation: words, forms: { crm: words, erp: null } }));
  const { failure } = looked(well, { troubles });
  expect(Buffer.byteLength(JSON.stringify(failure))).toBeLessThan(300_000);
  expect(failure?.fields[0]).toMatchObject({ explanation: '€'.repeat(333), forms: { erp: null } });
  expect(looked(well, { troubles: troubles.slice(0, 1) }).failure?.fields[0]?.explanation).toBe('€'.repeat(1_333));
});

test('what another connection has made of the link meanwhile stands: shared, and to be resynchronised', () => {
  const resyncsFromCrm = { noBlanks: false, fields: ['a'], at: day1 };
  const { link } = well;
  const now = { ...link, revision: link.revision + 1, shared: true, resyncsFromCrm };
  expect(looked({ link: now, failure: undefined }, { before: link }).link).toMatchObject({
    shared: true,
    resyncsFromCrm,
  });
  const met = looked(
    { link: now, failure: undefined },
    { before: { ...now, revision: 0 }, after: { resyncsFromCrm: undefined } },
  );
  expect(met.link.resyncsFromCrm).toBeUndefined();
});
