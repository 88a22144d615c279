/**
 * Values made by a mapping row's transform, and the way back. Always true: what is undone comes to the value that it was
 * made of, and where it would not it is refused; a value of which nothing would be left is refused, never a blank. Pure.
 * Attacked by test/core/values/transformed.test.ts.
 */
import type { Transform } from '../mapping/transform.ts';

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

/** `from` → `to` of that row; a text that no row names stays, but not where it would look like the result of one. */
function replaced(table: Table, text: string, isUndoing: boolean, isTwoWay: boolean): string | undefined {
  const [source, target] = isUndoing ? (['to', 'from'] as const) : (['from', 'to'] as const);
  const row = table.find((one) => one[source] === text);
  if (row) return row[target];
  return isTwoWay && table.some((one) => one[target] === text) ? undefined : text;
}

function applied(transform: Transform, text: string, isTwoWay: boolean): string | undefined {
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
      return replaced(transform.table, text, false, isTwoWay);
  }
}

function undone(transform: Transform, text: string): string | undefined {
  switch (transform.kind) {
    case 'prefix':
      return text.startsWith(transform.text) ? text.slice(transform.text.length) : undefined;
    case 'replace':
      return replaced(transform.table, text, true, true);
    default:
      return undefined;
  }
}

/**
 * The text as it goes on, or nothing where it cannot. `isTwoWay`: it must be possible to take it back, or it is not made.
 */
export function transformed(
  transform: Transform,
  text: string,
  way: { readonly isUndoing: boolean; readonly isTwoWay: boolean },
): string | undefined {
  const made = way.isUndoing ? undone(transform, text) : applied(transform, text, way.isTwoWay);
  return made === undefined || made.trim() === '' ? undefined : made;
}
