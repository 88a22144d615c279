import { expect, test } from 'vitest';
import { ConflictPolicy, decidePolicy, type PolicyQuestion } from '../../../functions/core/merge/policy.ts';

const at = (changedAtMs: number, lastWriterIsUs = false) => ({ changedAtMs, lastWriterIsUs, sure: true });

function decided(question: Partial<PolicyQuestion> = {}) {
  return decidePolicy({
    policy: { kind: 'latest-wins', fallback: 'crm' },
    times: { crm: at(100_000), erp: at(200_000) },
    resolutionMs: { crm: 1_000, erp: 1_000 },
    onlyClashes: { crm: true, erp: true },
    hasBase: true,
    ...question,
  });
}

const fallback = { winner: 'crm', policy: 'latest-wins-fallback-crm' };

test('a side that always wins does so whatever the times say', () => {
  expect(decided({ policy: { kind: 'crm-wins' } })).toEqual({ winner: 'crm', policy: 'crm-wins' });
  expect(decided({ policy: { kind: 'erp-wins' }, times: { crm: undefined, erp: undefined } })).toEqual({
    winner: 'erp',
    policy: 'erp-wins',
  });
});

test('the later edit wins', () => {
  expect(decided()).toEqual({ winner: 'erp', policy: 'latest-wins' });
  expect(decided({ times: { crm: at(200_000), erp: at(100_000) } })).toEqual({ winner: 'crm', policy: 'latest-wins' });
});

test('where nobody can tell whose time it is it counts, and the log says so', () => {
  const unsure = { ...at(200_000), sure: false };
  const answer = { winner: 'erp', policy: 'latest-wins-unsure' };
  expect(decided({ times: { crm: at(100_000), erp: unsure } })).toEqual(answer);
  expect(decided({ times: { crm: { ...at(100_000), sure: false }, erp: at(200_000) } })).toEqual(answer);
  expect(decided({ times: { crm: at(199_000), erp: unsure } })).toEqual(fallback);
});

test('a time does not count where the last writer was ourselves, on either side', () => {
  expect(decided({ times: { crm: at(100_000, true), erp: at(200_000) } })).toEqual(fallback);
  expect(decided({ times: { crm: at(100_000), erp: at(200_000, true) } })).toEqual(fallback);
});

test('a time does not count where another field of that side changed too', () => {
  expect(decided({ onlyClashes: { crm: false, erp: true } })).toEqual(fallback);
  expect(decided({ onlyClashes: { crm: true, erp: false } })).toEqual(fallback);
});

test('without both times, or without a base, the fallback decides', () => {
  expect(decided({ times: { crm: undefined, erp: at(200_000) } })).toEqual(fallback);
  expect(decided({ times: { crm: at(100_000), erp: undefined } })).toEqual(fallback);
  expect(decided({ hasBase: false })).toEqual(fallback);
});

test('times closer than the coarser resolution plus two seconds cannot tell', () => {
  const apart = (ms: number, resolutionMs: PolicyQuestion['resolutionMs']) => {
    const answer = decided({ times: { crm: at(100_000), erp: at(100_000 + ms) }, resolutionMs });
    return answer === 'ask' ? answer : answer.policy;
  };
  expect(apart(7_000, { crm: 5_000, erp: 1_000 })).toBe(fallback.policy);
  expect(apart(7_001, { crm: 5_000, erp: 1_000 })).toBe('latest-wins');
  expect(apart(7_000, { crm: 1_000, erp: 5_000 })).toBe(fallback.policy);
  expect(apart(2_001, { crm: 0, erp: 0 })).toBe('latest-wins');
});

test('a policy is one of three, and the latest wins only with a fallback', () => {
  const accepted = (given: unknown) => ConflictPolicy.safeParse(given).success;
  expect([{ kind: 'crm-wins' }, { kind: 'erp-wins' }].map(accepted)).toEqual([true, true]);
  const latest = ['crm', 'erp', '', undefined].map((fallback) => accepted({ kind: 'latest-wins', fallback }));
  expect(latest).toEqual([true, true, false, false]);
  expect([{ kind: '' }, { kind: 'latest-wins' }].map(accepted)).toEqual([false, false]);
});
