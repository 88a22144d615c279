import { expect, test } from 'vitest';
import { afterTrouble, troubleKinds } from '../../../functions/core/merge/look-trouble.ts';
import { outcomeOf } from '../../../functions/core/merge/outcome.ts';
import type { SideAnswer } from '../../../functions/core/merge/side-answer.ts';
import { type Given, lookFacts } from './two-field-look.ts';

const look = (given: Given) => outcomeOf(lookFacts(given));
const both = { crm: { name: 'B', city: 'V' } };

test('a look that comes to nothing is asked again five times, and once it is an open failure not at all', () => {
  expect([1, 2, 3, 4, 5, 6, 7].map((looks) => afterTrouble(looks, false))).toEqual([
    ...Array.from({ length: 5 }, () => 'ask-again'),
    'give-up',
    'give-up',
  ]);
  expect(afterTrouble(1, true)).toBe('give-up');
});

test('a round is troubled where a side was stale, or refused several fields and named none of them', () => {
  expect(look({ ...both, answer: { outcome: 'stale' } }).trouble).toEqual({ reason: 'always-stale' });
  expect(look({ ...both, answer: { outcome: 'rejected', explanation: 'No' } }).trouble).toEqual({
    reason: 'always-refused',
    explanation: 'No',
  });
  expect(look({ ...both, answer: { outcome: 'rejected', field: 'NAME' } }).trouble).toBeUndefined();
  expect(look({ ...both, answer: { outcome: 'ok' } }).trouble).toBeUndefined();
  const silent = { outcome: 'rejected', explanation: undefined } as const;
  expect(look({ ...both, answer: silent }).trouble).toEqual({ reason: 'always-refused' });
});

test('a troubled look fails as its rounds did: stale, or rejected', () => {
  const kindAfter = (answer: SideAnswer) => {
    const { trouble } = look({ ...both, answer });
    return trouble && troubleKinds[trouble.reason];
  };
  expect(kindAfter({ outcome: 'stale' })).toBe('stale');
  expect(kindAfter({ outcome: 'rejected' })).toBe('rejected');
});
