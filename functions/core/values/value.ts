import * as z from 'zod';
import { isInstant } from './calendar.ts';
import { decimalKey } from './number-text.ts';
import { phoneKey } from './phone-key.ts';
import { yesOrNo } from './yes-no.ts';

/**
 * A field value in the one canonical form that crosses the record-system port: text, list item key,
 * decimal (as text), date `YYYY-MM-DD` and instant (ISO 8601 UTC, `Z`) are strings, integer a number, null is blank.
 * An empty or all-white text is blank too: adapters deliver null for it.
 */
export const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]).meta({
  id: 'Value',
  description:
    'A value of a field; null is blank. Decimals, dates (`2026-11-27`), times (`2026-11-27T08:15:30Z`) and keys of list items are texts, whole numbers are numbers.',
  examples: ['+31 20 1234567'],
});
export type Value = z.infer<typeof Value>;

export const Values = z
  .record(z.string(), Value)
  .meta({ description: 'Values by field key.', examples: [{ NAME: 'Jansen BV' }] });
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
  return typeof value === 'string' ? value.trim() === '' : value === undefined || value === null;
}

/** `…:00Z` and `…:00.000Z` are one instant; not an instant: nothing. */
function instantKey(text: string): string | undefined {
  return isInstant(text) ? new Date(text).toISOString() : undefined;
}

/** The form in which two values of the two sides are compared; list items must have been brought to one side's keys first. */
export function comparisonKey(type: FieldType, format: TextFormat, value: Value | undefined): Value {
  if (value === undefined || value === null) return null;
  if (type === 'decimal' || type === 'integer') return decimalKey(String(value)) ?? value;
  if (type === 'checkbox') return yesOrNo(value) ?? value;
  // A constant may be given as a number or a yes or no, and is written as a text.
  const text = String(value).normalize('NFC').replaceAll('\r\n', '\n').trim();
  if (text === '') return null;
  if (type === 'datetime') return instantKey(text) ?? text;
  if (type !== 'text') return text;
  if (format === 'phone') return phoneKey(text) ?? text;
  return format === 'email' ? text.toLowerCase() : text;
}
