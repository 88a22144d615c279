import type { FieldFault } from '../errors.ts';
import type { BySide } from '../model/by-side.ts';
import type { FieldMetadata } from '../model/field.ts';
import { otherSide } from '../model/side.ts';
import { convertTo } from '../values/convert.ts';
import type { FieldType } from '../values/value.ts';
import type { FieldMapping } from './mapping.ts';
import { constantSource, isUndoable, type Transform, undoable } from './transform.ts';
import { onlyTarget } from './writes-side.ts';

const transformedTypes: readonly FieldType[] = ['text', 'integer', 'decimal'];

function firstTwice(texts: readonly string[]): number {
  return texts.findIndex((text, at) => texts.indexOf(text) < at);
}

/** A text can become one other text; to be taken back, a text can come of one other. */
function tableFaults(
  table: Extract<Transform, { kind: 'replace' }>['table'],
  isTwoWay: boolean,
  path: string,
): FieldFault[] {
  const named = (part: 'from' | 'to', message: string): FieldFault[] => {
    const at = firstTwice(table.map((row) => row[part]));
    return at < 0 ? [] : [{ path: `${path}.table[${at}].${part}`, message }];
  };
  return [
    ...named('from', 'Stands in another row of the table'),
    ...(isTwoWay ? named('to', 'Comes of another row too: the field goes both ways, so each must come of one') : []),
  ];
}

/** What is wrong with a row's transform. */
export function transformFaults(row: FieldMapping, ends: BySide<FieldMetadata>, at: string): FieldFault[] {
  const { transform, transformTo, direction } = row;
  const path = `${at}.transform`;
  if (!transform) {
    return transformTo ? [{ path: `${at}.transformTo`, message: 'There is no transform' }] : [];
  }
  const target = onlyTarget(direction);
  const isTwoWay = direction === 'both';
  const to = target ?? transformTo ?? 'crm';
  const types = [ends[to].type, ends[otherSide(to)].type];
  const ofWrongType = types.some((type) => !transformedTypes.includes(type));
  const table = transform.kind === 'replace' ? tableFaults(transform.table, isTwoWay, path) : [];
  return [
    ...(direction === 'none' ? [{ path, message: 'Needs a direction: toCrm, toErp or both' }] : []),
    ...(ofWrongType ? [{ path, message: 'Only texts and numbers can be transformed' }] : []),
    ...(isTwoWay && !isUndoable(transform)
      ? [{ path, message: `Cannot be taken back, so the field goes one way; ${undoable.join(' and ')} can` }]
      : []),
    ...(transformTo && !isTwoWay && direction !== 'none' && transformTo !== target
      ? [{ path: `${at}.transformTo`, message: 'The field goes the other way' }]
      : []),
    ...table,
  ];
}

const unfit = {
  'too-long': 'Is too long for the field',
  'read-only': 'The field is read-only',
  other: 'Is no value of the type of the field',
} as const;

/** What is wrong with a row that sets a field to a constant, or that names a field on one side only. */
export function constantFaults(row: FieldMapping, ends: BySide<FieldMetadata>, at: string): FieldFault[] {
  const { constant, direction, transform } = row;
  const path = `${at}.constant`;
  const named = { erp: row.erpField !== constantSource, crm: row.crmField !== constantSource };
  if (constant === undefined) {
    const sideOf = named.erp ? 'crmField' : 'erpField';
    return named.erp && named.crm
      ? []
      : [{ path: `${at}.${sideOf}`, message: 'Name a field, or give the constant that the other one is set to' }];
  }
  if (named.erp === named.crm) {
    return [{ path, message: 'A constant is given in place of the field of one side: leave that one out' }];
  }
  const side = named.erp ? 'erp' : 'crm';
  const wanted = named.erp ? 'toErp' : 'toCrm';
  const conversion = convertTo(side, { ...row, erp: ends.erp, crm: ends.crm, transform: undefined }, constant);
  const reason = conversion.ok ? undefined : conversion.reason;
  const isKnown = reason === 'too-long' || reason === 'read-only';
  return [
    ...(direction === wanted ? [] : [{ path: `${at}.direction`, message: `A constant for this field goes ${wanted}` }]),
    ...(transform ? [{ path: `${at}.transform`, message: 'A constant is set as it is: leave the transform out' }] : []),
    ...(reason ? [{ path, message: unfit[isKnown ? reason : 'other'] }] : []),
  ];
}
