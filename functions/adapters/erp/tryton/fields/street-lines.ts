import type { Value } from '../../../../core/values/value.ts';

const lineBreak = /\r\n|\r|\n/;

export function streetLine(street: string | null, line: number): Value {
  const text = (street ?? '').split(lineBreak)[line - 1] ?? '';
  return text.trim() === '' ? null : text;
}

/** The street with some of its lines (counted from 1) replaced; null when nothing is left. */
export function withStreetLines(street: string | null, lines: ReadonlyMap<number, Value>): string | null {
  const parts = (street ?? '').split(lineBreak);
  for (const [line, value] of lines) {
    while (parts.length < line) parts.push('');
    parts[line - 1] = value === null ? '' : String(value);
  }
  while (parts.length > 0 && parts.at(-1)?.trim() === '') parts.pop();
  return parts.length === 0 ? null : parts.join('\n');
}

export function hasLineBreak(value: Value): boolean {
  return typeof value === 'string' && lineBreak.test(value);
}
