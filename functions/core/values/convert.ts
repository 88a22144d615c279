import { crmItemOf, erpItemOf } from '../mapping/list-items.ts';
import type { MappedField } from '../mapping/mapping.ts';
import type { Transform } from '../mapping/transform.ts';
import { onlyTarget } from '../mapping/writes-side.ts';
import type { BySide } from '../model/by-side.ts';
import type { FieldMetadata } from '../model/field.ts';
import type { ParkedField } from '../model/link.ts';
import { otherSide, type Side } from '../model/side.ts';
import { isDay, isInstant } from './calendar.ts';
import { decimalText, wholeNumber } from './number-text.ts';
import { isOversize, lengthOf } from './size.ts';
import { type TextKeys, transformed } from './transformed.ts';
import { comparisonKey, type FieldType, isBlank, type Value } from './value.ts';
import { yesOrNo } from './yes-no.ts';

export type Conversion =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: ParkedField['reason'] };

const accepted = (value: Value): Conversion => ({ ok: true, value });
const refused = (reason: ParkedField['reason']): Conversion => ({ ok: false, reason });

function acceptedIf(value: Value | undefined): Conversion {
  return value === undefined ? refused('not-convertible') : accepted(value);
}

/** What the pairs make of an item of the other side; nothing where it is not mapped. */
export function counterpartOf({ listPairs }: MappedField, side: Side, item: string): string | undefined {
  return side === 'crm' ? crmItemOf(listPairs, item) : erpItemOf(listPairs, item);
}

function toText(value: string | number | boolean): string {
  return String(value);
}

function toType(target: FieldMetadata, value: string | number | boolean): Conversion {
  switch (target.type) {
    case 'text':
      return accepted(toText(value));
    case 'integer':
      return acceptedIf(wholeNumber(toText(value)));
    case 'decimal':
      return acceptedIf(decimalText(toText(value)));
    case 'checkbox':
      return acceptedIf(yesOrNo(value));
    case 'date':
      return isDay(toText(value)) ? accepted(value) : refused('not-convertible');
    case 'datetime':
      return isInstant(toText(value)) ? accepted(value) : refused('not-convertible');
    default:
      return refused('not-convertible');
  }
}

function isTooLong({ type, maxLength, lengthUnit }: FieldMetadata, value: Value): boolean {
  if (typeof value !== 'string') return false;
  return type === 'text' && maxLength > 0 && lengthOf(value, lengthUnit) > maxLength;
}

/** The side that holds what the row's transform makes. */
function transformedSide({ direction, transformTo }: MappedField): Side {
  return onlyTarget(direction) ?? transformTo ?? 'crm';
}

function textKey({ type, format = 'plain' }: FieldMetadata): (text: string) => Value {
  return (text) => comparisonKey(type, format, text);
}

/** What texts on their way to `side` are compared by. */
export function textKeysTo(side: Side, ends: BySide<FieldMetadata>): TextKeys {
  return { from: textKey(ends[otherSide(side)]), to: textKey(ends[side]) };
}

function transformedTo(side: Side, mapped: MappedField, transform: Transform, text: string): Conversion {
  const isTwoWay = mapped.direction === 'both';
  const way = { isUndoing: side !== transformedSide(mapped), isTwoWay, keys: textKeysTo(side, mapped) };
  const made = transformed(transform, text, way);
  if (made === undefined) return refused('not-transformable');
  return isOversize(made) ? refused('too-long') : toType(mapped[side], made);
}

function converted(side: Side, mapped: MappedField, value: string | number | boolean): Conversion {
  const target = mapped[side];
  const source = mapped[otherSide(side)];
  if (mapped.constant !== undefined && target.type === 'list') return accepted(toText(value));
  if (mapped.transform) return transformedTo(side, mapped, mapped.transform, toText(value));
  if (target.type !== 'list' && source.type !== 'list') return toType(target, value);
  if (target.type !== 'list' || source.type !== 'list') return refused('not-convertible');
  const item = counterpartOf(mapped, side, toText(value));
  return item === undefined ? refused('unmapped-list-item') : accepted(item);
}

/**
 * The value of the other side in the form `side` keeps it, or why it cannot be kept there. Nothing is ever cut. Too large
 * a value is refused on either side: what is replaced has to fit into the log as well.
 */
export function convertTo(side: Side, mapped: MappedField, value: Value, replaced: Value = null): Conversion {
  if (mapped[side].access === 'read-only') return refused('read-only');
  if (isOversize(value) || isOversize(replaced)) return refused('too-long');
  if (isBlank(value) || value === null) return accepted(null);
  const conversion = converted(side, mapped, value);
  return conversion.ok && isTooLong(mapped[side], conversion.value) ? refused('too-long') : conversion;
}

/** What values of two types are compared as. */
function comparedAs({ crm, erp }: MappedField): FieldType {
  const types = [crm.type, erp.type];
  if (types.includes('decimal') || types.includes('integer')) return 'decimal';
  if (types.includes('checkbox')) return 'checkbox';
  return crm.type === erp.type ? crm.type : 'text';
}

/** Whether what the transform makes of a value of the other side is what `side` holds, in the type and format of that side. */
function makes(mapped: MappedField, transform: Transform, side: Side, values: BySide<Value>): boolean {
  const source = values[otherSide(side)];
  if (isBlank(source) || source === null) return isBlank(values[side]);
  const isTwoWay = mapped.direction === 'both';
  const way = { isUndoing: side !== transformedSide(mapped), isTwoWay, keys: textKeysTo(side, mapped) };
  const made = transformed(transform, toText(source), way);
  const { type, format = 'plain' } = mapped[side];
  return made !== undefined && comparisonKey(type, format, made) === comparisonKey(type, format, values[side]);
}

/** One side holds what the transform makes of the other's value, or the other what that is undone to: of `K 1` and `1` each is. */
function agreesTransformed(mapped: MappedField, transform: Transform, values: BySide<Value>): boolean {
  const side = transformedSide(mapped);
  const isMade = makes(mapped, transform, side, values);
  return isMade || (mapped.direction === 'both' && makes(mapped, transform, otherSide(side), values));
}

/** Equality across the sides, by type: numbers by value, yes and no by word, phones as dialled, mail in lower case, list items through the pairs. */
export function agrees(mapped: MappedField, crm: Value, erp: Value): boolean {
  if (mapped.transform) return agreesTransformed(mapped, mapped.transform, { crm, erp });
  const byPairs = mapped.crm.type === 'list' && mapped.erp.type === 'list' && mapped.constant === undefined;
  if (crm === erp && !byPairs) return true;
  if (isBlank(crm) && isBlank(erp)) return true;
  if (byPairs) return typeof erp === 'string' && crm !== null && crmItemOf(mapped.listPairs, erp) === crm;
  const format = mapped.crm.format ?? mapped.erp.format ?? 'plain';
  const type = comparedAs(mapped);
  return comparisonKey(type, format, crm) === comparisonKey(type, format, erp);
}

/** Equality of two values of one side that may differ in form only: used where a server may have re-formatted ours. */
export function sameContent(mapped: MappedField, side: Side, one: Value, other: Value): boolean {
  const { type, format } = mapped[side];
  return comparisonKey(type, format ?? 'plain', one) === comparisonKey(type, format ?? 'plain', other);
}
