import { decimalKey, wholeNumber } from '../../../../core/values/number-text.ts';
import type { FieldType, Value } from '../../../../core/values/value.ts';
import { yesOrNo } from '../../../../core/values/yes-no.ts';
import { dayOf } from './instants.ts';

/** Types of custom fields that have one form to read and one to write. */
export type CustomType = Extract<FieldType, 'text' | 'integer' | 'decimal' | 'checkbox' | 'date' | 'list'>;

const encoded = /^\[([A-Z]+):([^\]]*)\]$/;
const dayText = /^(\d{2})\/(\d{2})\/(\d{4})(?=$| )/;

/** What an encoded value holds, or the value of a row as it stands (spec 3.3, `CustomFields`). */
function plain(raw: unknown): unknown {
  if (typeof raw !== 'string') return raw;
  return encoded.exec(raw)?.[2] ?? raw;
}

function dayIn(text: string): Value | undefined {
  const [, month, day, year] = dayText.exec(text) ?? [];
  if (year === '0001' || text.startsWith('0001-')) return null;
  return year === undefined ? (dayOf(text) ?? undefined) : `${year}-${month}-${day}`;
}

/**
 * Of a type that is neither text nor list; an entity encodes it, a row of an archive does not. What is in no form that we know stays as
 * it is, for no system takes that: it is never taken for a blank.
 */
export function customValue(type: Exclude<CustomType, 'text' | 'list'>, raw: unknown): Value {
  const text = String(plain(raw) ?? '').trim();
  if (text === '') return null;
  const read = {
    date: dayIn,
    checkbox: yesOrNo,
    integer: wholeNumber,
    decimal: decimalKey,
  }[type](text);
  return read === undefined ? text : read;
}

/**
 * As an entity takes it. Which forms of a day a tenant takes is unverified: it gets its own back, if it shows one. A number
 * and a yes or no have no blank in this CRM; 0 is no item of a list.
 */
export function encodedCustom(type: CustomType, value: Value, raw: unknown): string {
  if (type === 'text') return String(value ?? '');
  if (type === 'integer' || type === 'list') return `[I:${value ?? 0}]`;
  if (type === 'decimal') return `[F:${value ?? 0}]`;
  if (type === 'checkbox') return `[I:${value === true ? 1 : 0}]`;
  if (value === null) return '';
  const [, tag = 'DT', text = ''] = (typeof raw === 'string' ? encoded.exec(raw) : undefined) ?? [];
  const time = /^\S+ (00:00:00(?:\.0+)?)$/.exec(text)?.[1] ?? '00:00:00';
  const [year, month, day] = String(value).split('-');
  return `[${tag}:${month}/${day}/${year} ${time}]`;
}
