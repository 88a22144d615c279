/**
 * Values made by a mapping row's transform, and the way back. Always true: what is undone comes to the value that it was
 * made of, by the types of both fields and in whatever form the systems store it, and where it would not it is refused; a
 * value of which nothing would be left is refused, never a blank. Pure. Attacked by test/core/values/transformed.test.ts.
 */
import type { Transform } from '../mapping/transform.ts';
import type { Value } from './value.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function first(text: string, characters: number): string {
  if (text.length <= characters) return text;
  let end = 0;
  let left = characters;
  for (const { segment } of graphemes.segment(text)) {
    if (left === 0) break;
    left -= 1;
    end += segment.length;
  }
  return text.slice(0, end);
}

type Table = Extract<Transform, { kind: 'replace' }>['table'];

/** What a text is compared by, as a value of the field that it comes from and of the one that it goes to. */
export interface TextKeys {
  readonly from: (text: string) => Value;
  readonly to: (text: string) => Value;
}

interface Way {
  readonly isUndoing: boolean;
  readonly isTwoWay: boolean;
  readonly keys: TextKeys;
}

/** `from` → `to` of that row; a text that no row names stays, but not where it would look like the result of one. */
function replaced(table: Table, text: string, { isUndoing, isTwoWay, keys }: Way): string | undefined {
  const [source, target] = isUndoing ? (['to', 'from'] as const) : (['from', 'to'] as const);
  const [given, result] = [keys.from(text), keys.to(text)];
  const row = table.find((one) => keys.from(one[source]) === given);
  if (row) return row[target];
  return isTwoWay && table.some((one) => keys.to(one[target]) === result) ? undefined : text;
}

function applied(transform: Transform, text: string, way: Way): string | undefined {
  switch (transform.kind) {
    case 'trim':
      return text.trim();
    case 'upper':
      return text.toUpperCase();
    case 'lower':
      return text.toLowerCase();
    case 'digits':
      return text.replaceAll(/\D/g, '');
    case 'first':
      return first(text, transform.characters);
    case 'prefix':
      return transform.text + text;
    case 'replace':
      return replaced(transform.table, text, way);
  }
}

/** Systems store letters composed, and no space in front. */
function asStored(text: string): string {
  return text.normalize('NFC').trimStart();
}

function withoutPrefix(prefix: string, text: string): string | undefined {
  const [stored, start] = [asStored(text), asStored(prefix)];
  return stored.startsWith(start) ? stored.slice(start.length) : undefined;
}

function undone(transform: Transform, text: string, way: Way): string | undefined {
  switch (transform.kind) {
    case 'prefix':
      return withoutPrefix(transform.text, text);
    case 'replace':
      return replaced(transform.table, text, way);
    default:
      return undefined;
  }
}

/**
 * The text as it goes on, or nothing where it cannot. `isTwoWay`: it must be possible to take it back, or it is not made.
 */
export function transformed(transform: Transform, text: string, way: Way): string | undefined {
  const made = way.isUndoing ? undone(transform, text, way) : applied(transform, text, way);
  return made === undefined || made.trim() === '' ? undefined : made;
}
