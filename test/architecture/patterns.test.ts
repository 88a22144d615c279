import { expect, test } from 'vitest';
import { answerError } from '../../functions/adapters/erp/tryton/wire/answer-error.ts';
import { httpDateMs, retryAfterMs } from '../../functions/adapters/http/retry-after.ts';
import { describeFailure } from '../../functions/adapters/telemetry/describe-failure.ts';
import { comparisonKey } from '../../functions/core/values/value.ts';
import { withoutSlashes } from '../../functions/core/values/without-slashes.ts';
import { parseApiKey } from '../../functions/features/api-keys/api-key-text.ts';
import { FailureId } from '../../functions/http/routes/failures.ts';
import { HttpAddress, Id, Instant } from '../../functions/http/schemas/common.ts';
import { decidesWithin } from './decides-within.ts';
import { sourceFiles } from './source-files.ts';

const length = 100_000;
/** A hundred thousand characters take a pattern in linear time a millisecond, one in quadratic time several seconds. */
const generousMs = 700;

/** A literal stands where a value may stand; comments are left out. */
const literal = /(?<=[(=,:[!&|?]\s*)\/(?![*/])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+)\/([dgimsuvy]*)/g;

/** Every regular expression that stands in a source file. */
function patternsIn(path: string, text: string): { where: string; pattern: RegExp }[] {
  const code = text.replaceAll(/^\s*(\/?\*|\/\/).*$/gm, '');
  return [...code.matchAll(literal)].map(([whole, source = '', flags]) => ({
    where: `${path}: ${whole}`,
    pattern: new RegExp(source, flags),
  }));
}

/** Long texts of what a pattern may run over again and again, ending in what it does not want. */
function hostileTo(source: string): string[] {
  const words = source.match(/[A-Za-z][\w ]*/g) ?? [];
  const parts = [' ', '0', '1', '.', '/', 'a', '"', "'", '<', '-', ':1', '\\', '\t', '\n', 'at :1:1', ...words];
  const starts = ['', '0', '0.', '"', "'", 'at x', '2026-01-01T', 'W/', ...words];
  return parts.flatMap((part) => {
    const run = part.repeat(Math.ceil(length / part.length));
    return starts.flatMap((start) => [`${start}${run}\u0001`, `${start}${run}`]);
  });
}

const patterns = sourceFiles('functions').flatMap(({ path, text }) => patternsIn(path, text));

/** What says how long a text may be before the pattern sees it. */
const boundedBefore = ['/database is locked|could not connect'];

test('there are patterns to judge', () => {
  expect(patterns.length).toBeGreaterThan(30);
});

test.each(patterns.filter(({ where }) => !boundedBefore.some((one) => where.includes(one))))(
  '$where takes linear time on long hostile texts',
  ({ pattern }) => {
    for (const text of hostileTo(pattern.source)) {
      const used = new RegExp(pattern.source, pattern.flags);
      expect(decidesWithin(generousMs, () => (used.global ? text.replaceAll(used, '') : used.exec(text)))).toBe(true);
    }
  },
);

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  'a decimal': (text) => comparisonKey('decimal', 'plain', text),
  'a phone number': (text) => comparisonKey('text', 'phone', text),
  'an address': (text) => HttpAddress.safeParse(`https://x.example/${text}`),
  slashes: withoutSlashes,
  'an id': (text) => Id.safeParse(text),
  'a failure id': (text) => FailureId.safeParse(text),
  'a time': (text) => Instant.safeParse(text),
  'an answer of Tryton': (text) => answerError([`connection ${text}`, ''], 'read'),
  'a call frame': (text) => describeFailure(Object.assign(new Error(''), { stack: `at x${text}` })),
  'an API key': (text) => parseApiKey(`esk_${text}`),
  'an HTTP date': (text) => httpDateMs(`Mon, ${text}`),
  'Retry-After': (text) => retryAfterMs({ 'retry-after': text }, 0),
};

test.each(Object.entries(readers))('%s is read in linear time', (_, read) => {
  for (const part of [' ', '0', '/', '.0', '+', '_', '-', 'a', '1', 'connection ', ':1:1', 'at :1']) {
    for (const end of ['', 'x', '\u0001']) {
      const text = part.repeat(Math.ceil(length / part.length)) + end;
      expect(decidesWithin(generousMs, () => read(text))).toBe(true);
    }
  }
});
