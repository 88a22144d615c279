import { expect, test } from 'vitest';
import { afterTrouble } from '../../../functions/core/merge/look-trouble.ts';
import { outcomeOf } from '../../../functions/core/merge/outcome.ts';
import { linkFailureId } from '../../../functions/core/model/failure.ts';
import { type Given, lookFacts, nameField } from './two-field-look.ts';

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
});

test('the failure of a link stays open as long as its looks come to nothing', () => {
  const [own, name] = [linkFailureId('l'), linkFailureId('l', nameField)];
  const link = { openFailures: [own, name] };
  const stale = look({ link, ...both, answer: { outcome: 'stale' } });
  expect(stale.after.openFailures).toEqual([own]);
  expect(stale.closesFailures).toEqual([name]);
  const done = look({ link });
  expect(done.after.openFailures).toEqual([]);
});
