import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mostJsonBytes } from '../../../functions/core/values/most-json-bytes.ts';

const text = fc.string({ unit: 'binary' });
const contents = fc.letrec((tie) => ({
  any: fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined), tie('list'), tie('named')),
  list: fc.array(tie('any'), { maxLength: 5 }),
  named: fc.dictionary(text, tie('any'), { maxKeys: 5 }),
}));

test('no content has more bytes as JSON than it is said to have at most', () => {
  fc.assert(
    fc.property(contents.any, (content) => {
      expect(mostJsonBytes(content)).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(content) ?? ''));
    }),
  );
});

test('a set counts as the list of its members', () => {
  expect(mostJsonBytes(new Set(['one', 'two']))).toBe(mostJsonBytes(['one', 'two']));
});
