import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf } from '../../../functions/core/values/bytes-of.ts';
import { fingerprint } from '../../../functions/core/values/fingerprint.ts';
import { sameContent } from '../../../functions/core/values/same-content.ts';

test('the length of a text is that of its UTF-8, halves of pairs too', () => {
  const text = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: 'grapheme' })), (some) => {
      expect(bytesOf(some)).toBe(Buffer.byteLength(some));
    }),
    { numRuns: 500 },
  );
});

test('contents are the same if their fingerprints are', () => {
  const content = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, undefined, 'a', '', 0, 1, true),
      fc.array(tie('any'), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'constructor', '__proto__'), tie('any'), {
        maxKeys: 2,
        noNullPrototype: true,
      }),
    ),
  })).any;
  fc.assert(
    fc.property(content, content, (one, other) => {
      expect(sameContent(one, other)).toBe(fingerprint(one) === fingerprint(other));
      expect(sameContent(one, structuredClone(one))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
