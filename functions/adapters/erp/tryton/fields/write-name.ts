import type { Value, Values } from '../../../../core/values/value.ts';
import { refuse } from '../read/record.ts';
import { joinName, type PersonName, splitName, wordsOf } from './person-name.ts';

const partFields = { FIRSTNAME: 'firstName', MIDDLENAME: 'middleName', LASTNAME: 'lastName' } as const;
type NameField = keyof typeof partFields;

function textOrNull(value: Value | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** The part of a name that a field means, where the connection reads these fields. */
export function namePart(name: string | null, part: keyof PersonName, mapped: readonly string[]): Value {
  return splitName(name ?? '', { middle: mapped.includes('MIDDLENAME') })[part];
}

/** Both have the same words in the same order. */
const isSameName = (one: string, other: string | null): boolean => one === joinWords(other);
const joinWords = (name: string | null): string => wordsOf(name).join(' ');

/**
 * The new name, where the change has another one. All mapped parts together are the name as the other side has it, even
 * if it reads back in other parts. Some of them may fall elsewhere too, among themselves: no mapped part that the change
 * does not give may read back otherwise, for it would look like an edit here. A middle name that is not mapped, or reads
 * back as part of the first name, could be left out by a shorter name: then none is written.
 */
export function composeName(now: string | null, changes: Values, mapped: readonly string[]): string | null | undefined {
  if ('NAME' in changes) return textOrNull(changes.NAME);
  const fields = Object.keys(partFields).filter((key): key is NameField => key in partFields);
  const given = fields.filter((field) => field in changes);
  const [first] = given;
  if (first === undefined) return undefined;
  const middle = mapped.includes('MIDDLENAME') || 'MIDDLENAME' in changes;
  const parts = splitName(now ?? '', { middle });
  const wanted = {
    ...parts,
    ...Object.fromEntries(given.map((field) => [partFields[field], textOrNull(changes[field])])),
  };
  const name = joinName(wanted);
  if (isSameName(name, now)) return undefined;
  const changed = given.find((field) => !isSameName(joinWords(wanted[partFields[field]]), parts[partFields[field]]));
  const kept = fields.filter((field) => mapped.includes(field) && !(field in changes));
  const isWhole = kept.length === 0;
  const losesFirst = !isWhole && wordsOf(wanted.firstName).length < wordsOf(parts.firstName).length;
  const isShorter = wordsOf(name).length < wordsOf(now).length;
  const back = splitName(name, { middle });
  const strays = given.some((field) => !isSameName(joinWords(wanted[partFields[field]]), back[partFields[field]]));
  const dropsOfFirst = strays && wordsOf(parts.firstName).some((word) => !wordsOf(name).includes(word));
  if ((!middle && isShorter) || (losesFirst && (isShorter || dropsOfFirst))) {
    refuse(
      changed ?? first,
      `It would leave out words of the name "${now}". ${middle ? 'Change' : 'Map all three parts of a name, or change'} it in Tryton.`,
    );
  }
  const moves = kept.some((field) => !isSameName(joinWords(parts[partFields[field]]), back[partFields[field]]));
  if (moves) {
    refuse(changed ?? first, 'Tryton keeps one name, and from it these parts could not be told apart again.');
  }
  return name === '' ? null : name;
}
