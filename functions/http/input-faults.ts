/**
 * What a schema says of an input, in our own words: the exact place as callers write it (`pairs[0].actorType`), and what
 * would be right there. A message that a schema brings itself stays. Attacked by test/http/input-faults.test.ts.
 */
import * as z from 'zod';
import type { FieldFault } from '../core/errors.ts';

/** Names in a path may be the caller's own, of any length. */
const longestName = 100;
/** More names than that help nobody. */
const mostNamed = 40;

/** `pairs[0].actorType`; a name that could be misread is quoted: `config["a.b"]`. */
export function placeOf(path: readonly PropertyKey[]): string {
  let place = '';
  for (const part of path) {
    const name = String(part);
    const short = name.length > longestName ? `${name.slice(0, longestName)}…` : name;
    if (typeof part === 'number') place += `[${name}]`;
    else if (/^[\w$-]+$/.test(name)) place += place === '' ? short : `.${short}`;
    else place += `[${JSON.stringify(short)}]`;
  }
  return place;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

function named(names: readonly unknown[]): string {
  const listed = names.slice(0, mostNamed).map(String).join(', ');
  return names.length > mostNamed ? `${listed} …` : listed;
}

function sizeWords(origin: string, bound: 'at least' | 'at most', size: number | bigint): string {
  switch (origin) {
    case 'string':
      return `Must have ${bound} ${size} characters`;
    case 'array':
      return `Must have ${bound} ${size} items`;
    default:
      return `Must be ${bound} ${size}`;
  }
}

function namesOf(schema: unknown): string {
  const names = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return names.length === 0 ? 'There is no such property' : `There is no such property; there are ${named(names)}`;
}

/** The words for what a schema has none of its own for. */
function wordsFor(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type': {
      const kind = kinds[issue.expected] ?? 'of another form';
      return issue.input === undefined ? `Is missing: must be ${kind}` : `Must be ${kind}`;
    }
    case 'too_big':
      return sizeWords(issue.origin, 'at most', issue.maximum);
    case 'too_small':
      return sizeWords(issue.origin, 'at least', issue.minimum);
    case 'invalid_value':
      return `Must be ${issue.values.length === 1 ? '' : 'one of '}${named(issue.values)}`;
    case 'invalid_union':
      return Array.isArray(issue.options)
        ? `Must be one of ${named(issue.options)}`
        : 'Has none of the forms that are possible here';
    case 'unrecognized_keys':
      return namesOf(issue.inst);
    case 'invalid_key':
      return `The name of a property may have at most ${longestName} characters`;
    default:
      return 'Has not the form that is needed here';
  }
}

/** For `safeParse`. */
export const inOurWords = { error: wordsFor };

/** Paths as callers know them: those of the body have no prefix. An unknown property is named itself. */
export function faultsOf({ path: [part, ...rest], ...issue }: z.core.$ZodIssue): FieldFault[] {
  const path = part === 'body' || part === undefined ? rest : [part, ...rest];
  const { message } = issue;
  if (issue.code !== 'unrecognized_keys') return [{ path: placeOf(path), message }];
  return issue.keys.map((key) => ({ path: placeOf([...path, key]), message }));
}

/**
 * Own `__proto__` properties anywhere in a body, which schemas of free names (and all that copy by assignment) pass over
 * without a word.
 */
export function protoFaults(value: unknown, path: readonly PropertyKey[] = []): FieldFault[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, at) => protoFaults(item, [...path, at]));
  const own = Object.hasOwn(value, '__proto__')
    ? [{ path: placeOf([...path, '__proto__']), message: 'There is no such property' }]
    : [];
  return [...own, ...Object.entries(value).flatMap(([name, inner]) => protoFaults(inner, [...path, name]))];
}
