import * as z from 'zod';

/**
 * A field value in the one canonical form that crosses the record-system port: text, list item key,
 * decimal (as text), date `YYYY-MM-DD` and instant (ISO 8601 UTC, `Z`) are strings, integer a number, null is blank.
 * An empty or all-white text is blank too: adapters deliver null for it.
 */
export const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Value = z.infer<typeof Value>;

export const Values = z.record(z.string(), Value);
export type Values = z.infer<typeof Values>;

export const fieldTypes = [
  'checkbox',
  'text',
  'password',
  'integer',
  'decimal',
  'list',
  'date',
  'datetime',
  'label',
] as const;
export type FieldType = (typeof fieldTypes)[number];

/** What a text means, where that changes when two texts are equal across the sides. */
export const textFormats = ['plain', 'phone', 'email'] as const;
export type TextFormat = (typeof textFormats)[number];

/** Exact equality, the rule within one side (an unknown field counts as blank). */
export function sameValue(one: Value | undefined, other: Value | undefined): boolean {
  return (one ?? null) === (other ?? null);
}

export function isBlank(value: Value | undefined): boolean {
  return value === undefined || value === null || value === '';
}

/** `+31 20 123` and `+31-20-123` are one number; `0031` is left alone: which country it dials from is not ours to guess. */
function phoneKey(text: string): string {
  const digits = text.replaceAll(/\D/g, '');
  return text.trimStart().startsWith('+') ? `+${digits}` : digits;
}

/** In one pass: a pattern that tells zeros from digits takes quadratic time on many zeros. */
function withoutZeros(digits: string, where: 'before' | 'after'): string {
  let from = 0;
  let to = digits.length;
  while (where === 'before' && digits[from] === '0') from += 1;
  while (where === 'after' && digits[to - 1] === '0') to -= 1;
  return digits.slice(from, to);
}

/** `1`, `1.0` and `01.00` are one decimal. Not a number: the text itself. */
function decimalKey(text: string): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text.trim());
  if (!match) return text;
  const whole = withoutZeros(match[2] ?? '', 'before') || '0';
  const digits = withoutZeros(match[3] ?? '', 'after');
  const fraction = digits === '' ? '' : `.${digits}`;
  const sign = match[1] === '-' && (whole !== '0' || fraction !== '') ? '-' : '';
  return `${sign}${whole}${fraction}`;
}

/** The form in which two values of the two sides are compared; list items must have been brought to one side's keys first. */
export function comparisonKey(type: FieldType, format: TextFormat, value: Value | undefined): Value {
  if (value === undefined || value === null) return null;
  if (type === 'decimal' || type === 'integer') return decimalKey(String(value));
  if (typeof value !== 'string') return value;
  const text = value.replaceAll('\r\n', '\n').trim();
  if (text === '') return null;
  if (type !== 'text') return text;
  if (format === 'phone') return phoneKey(text);
  return format === 'email' ? text.toLowerCase() : text;
}
