import type { MappedField } from '../mapping/mapping.ts';
import type { FieldMetadata } from '../model/field.ts';
import type { ParkedField } from '../model/link.ts';
import { otherSide, type Side } from '../model/side.ts';
import { comparisonKey, isBlank, type Value } from './value.ts';

export type Conversion =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: ParkedField['reason'] };

const accepted = (value: Value): Conversion => ({ ok: true, value });
const refused = (reason: ParkedField['reason']): Conversion => ({ ok: false, reason });

function crmItemOf(mapped: MappedField, erpItem: string): string | undefined {
  return mapped.listPairs?.[erpItem];
}

function erpItemOf(mapped: MappedField, crmItem: string): string | undefined {
  return Object.entries(mapped.listPairs ?? {}).find(([, crm]) => crm === crmItem)?.[0];
}

function toText(value: string | number | boolean): string {
  return String(value);
}

const integerPattern = /^[+-]?\d{1,15}$/;
const decimalPattern = /^[+-]?\d+(\.\d+)?$/;

function toType(target: FieldMetadata, value: string | number | boolean): Conversion {
  switch (target.type) {
    case 'text':
      return accepted(toText(value));
    case 'integer': {
      const text = toText(value);
      return integerPattern.test(text) ? accepted(Number(text)) : refused('not-convertible');
    }
    case 'decimal':
      return decimalPattern.test(toText(value)) ? accepted(toText(value)) : refused('not-convertible');
    case 'checkbox':
      return typeof value === 'boolean' ? accepted(value) : refused('not-convertible');
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(toText(value)) ? accepted(value) : refused('not-convertible');
    case 'datetime':
      return /^\d{4}-\d{2}-\d{2}T.*Z$/.test(toText(value)) ? accepted(value) : refused('not-convertible');
    default:
      return refused('not-convertible');
  }
}

/** The value of the other side in the form `side` keeps it, or why it cannot be kept there. Nothing is ever cut. */
export function convertTo(side: Side, mapped: MappedField, value: Value): Conversion {
  const target = mapped[side];
  const source = mapped[otherSide(side)];
  if (target.access === 'read-only') return refused('read-only');
  if (isBlank(value) || value === null) return accepted(null);
  if (target.type === 'list' || source.type === 'list') {
    if (target.type !== 'list' || source.type !== 'list') return refused('not-convertible');
    const item = side === 'crm' ? crmItemOf(mapped, toText(value)) : erpItemOf(mapped, toText(value));
    return item === undefined ? refused('unmapped-list-item') : accepted(item);
  }
  const converted = toType(target, value);
  if (!converted.ok) return converted;
  const tooLong =
    typeof converted.value === 'string' &&
    target.type === 'text' &&
    target.maxLength > 0 &&
    converted.value.length > target.maxLength;
  return tooLong ? refused('too-long') : converted;
}

/** Equality across the sides, by type: phone by digits and leading +, e-mail lower-case, list items through the pairs. */
export function agrees(mapped: MappedField, crm: Value, erp: Value): boolean {
  if (isBlank(crm) && isBlank(erp)) return true;
  if (mapped.crm.type === 'list' && mapped.erp.type === 'list') {
    return typeof erp === 'string' && crm !== null && crmItemOf(mapped, erp) === crm;
  }
  const format = mapped.crm.format ?? mapped.erp.format ?? 'plain';
  const type = mapped.crm.type === mapped.erp.type ? mapped.crm.type : 'text';
  const numeric = [mapped.crm.type, mapped.erp.type].some((one) => one === 'decimal' || one === 'integer');
  const compareAs = numeric ? 'decimal' : type;
  return comparisonKey(compareAs, format, crm) === comparisonKey(compareAs, format, erp);
}

/** Equality of two values of one side that may differ in form only: used where a server may have re-formatted ours. */
export function sameContent(mapped: MappedField, side: Side, one: Value, other: Value): boolean {
  const { type, format } = mapped[side];
  return comparisonKey(type, format ?? 'plain', one) === comparisonKey(type, format ?? 'plain', other);
}
