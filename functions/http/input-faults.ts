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
    case 'invalid_value': {
      const right = `be ${issue.values.length === 1 ? '' : 'one of '}${named(issue.values)}`;
      return issue.input === undefined ? `Is missing: must ${right}` : `Must ${right}`;
    }
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

/** Looks at a value and all its parts. The place is one list that changes on the way: a body may have half a million parts. */
function faultsWithin(
  whole: unknown,
  from: readonly PropertyKey[],
  faultOf: (part: unknown, path: readonly PropertyKey[]) => FieldFault | undefined,
): FieldFault[] {
  const faults: FieldFault[] = [];
  const path = [...from];
  const into = (name: PropertyKey, part: unknown): void => {
    path.push(name);
    look(part);
    path.pop();
  };
  const look = (part: unknown): void => {
    const fault = faultOf(part, path);
    if (fault) faults.push(fault);
    if (Array.isArray(part)) for (let at = 0; at < part.length; at += 1) into(at, part[at]);
    else if (typeof part === 'object' && part !== null)
      for (const [name, inner] of Object.entries(part)) into(name, inner);
  };
  look(whole);
  return faults;
}

/**
 * Own `__proto__` properties anywhere in a body, which schemas of free names (and all that copy by assignment) pass over
 * without a word.
 */
export function protoFaults(body: unknown): FieldFault[] {
  return faultsWithin(body, [], (part, path) => {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, '__proto__')) return undefined;
    return { path: placeOf([...path, '__proto__']), message: 'There is no such property' };
  });
}

/** Texts that no system can store, or look for, as they were sent: a database refuses a NUL, and no encoding has half a character. */
export function textFaults(input: unknown, from: readonly PropertyKey[]): FieldFault[] {
  return faultsWithin(input, from, (part, path) => {
    if (typeof part !== 'string' || (part.isWellFormed() && !part.includes('\0'))) return undefined;
    return { path: placeOf(path), message: 'Must have no NUL and no half of a character (U+D800 to U+DFFF)' };
  });
}
