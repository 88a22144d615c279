import { expect, test } from 'vitest';
import { preferredLanguage } from '../../../functions/http/chain/preferred-language.ts';

test.each([
  ['nl', 'nl'],
  ['nb-NO, en;q=0.8', 'nb-NO'],
  ['en;q=0.5, de;q=0.9, *;q=0.1', 'de'],
  ['fr; q=0.1, de ; q=0.9', 'de'],
  ['fr;q=0, it', 'it'],
  ['*', undefined],
  ['', undefined],
  ['x\u0000; drop', undefined],
  ['en;q=nonsense, sv', 'sv'],
])('of %j the best liked language is %j', (header, language) => {
  expect(preferredLanguage(header)).toBe(language);
});

test('without a header there is none', () => {
  expect(preferredLanguage(undefined)).toBeUndefined();
});
