import type { FieldFault } from '../errors.ts';
import { type BySide, bySide } from '../model/by-side.ts';
import type { FieldMetadata } from '../model/field.ts';
import { otherSide, type Side } from '../model/side.ts';
import { convertTo, textKeysTo } from '../values/convert.ts';
import { decimalKey } from '../values/number-text.ts';
import { type FieldType, isBlank } from '../values/value.ts';
import type { FieldMapping } from './mapping.ts';
import { constantSource, isUndoable, type Transform, undoable } from './transform.ts';
import { onlyTarget } from './writes-side.ts';

const transformedTypes: readonly FieldType[] = ['text', 'integer', 'decimal'];

const unfit = {
  'too-long': 'Is too long for the field',
  'read-only': 'The field is read-only',
  other: 'Is no value of the type of the field',
} as const;

/** Why a field cannot hold what a mapping names for it. */
function unfitFor(field: FieldMetadata, value: string | number | boolean): string | undefined {
  if (isBlank(value)) return 'Is blank';
  const row = { erpField: field.key, crmField: constantSource, direction: 'toErp', constant: value } as const;
  const source: FieldMetadata = { ...field, key: constantSource, access: 'read-only' };
  const conversion = convertTo(
    'erp',
    { ...row, showInSearch: false, showInErpTab: false, erp: field, crm: source },
    value,
  );
  if (conversion.ok) return undefined;
  const { reason } = conversion;
  return unfit[reason === 'too-long' || reason === 'read-only' ? reason : 'other'];
}

type Table = Extract<Transform, { kind: 'replace' }>['table'];

/** A text can become one other text; to be taken back, a text can come of one other. `to`: the side that holds those. */
function tableFaults(
  table: Table,
  { to, isTwoWay, ends }: { readonly to: Side; readonly isTwoWay: boolean; readonly ends: BySide<FieldMetadata> },
  path: string,
): FieldFault[] {
  const keys = textKeysTo(to, ends);
  // Whether they can be written at all is told of the direction.
  const fields = bySide((side): FieldMetadata => ({ ...ends[side], access: 'normal' }));
  const sideOf = { from: otherSide(to), to };
  const named = (part: 'from' | 'to', message: string): FieldFault[] => {
    const texts = table.map((row) => keys[part](row[part]));
    const at = texts.findIndex((text, place) => texts.indexOf(text) < place);
    return at < 0 ? [] : [{ path: `${path}.table[${at}].${part}`, message }];
  };
  const isWritten = (part: 'from' | 'to') => part === 'to' || isTwoWay;
  const unfitTexts = table.flatMap((row, at) =>
    (['from', 'to'] as const).flatMap((part) => {
      const message = isWritten(part) ? unfitFor(fields[sideOf[part]], row[part]) : isBlank(row[part]) && 'Is blank';
      return message ? [{ path: `${path}.table[${at}].${part}`, message }] : [];
    }),
  );
  if (unfitTexts.length > 0) return unfitTexts;
  return [
    ...named('from', 'Stands in another row of the table'),
    ...(isTwoWay ? named('to', 'Comes of another row too: the field goes both ways, so each must come of one') : []),
  ];
}

/** A number keeps no text in front of it, and no zeros. */
function prefixFaults(
  text: string,
  { to, isTwoWay, ends }: { readonly to: Side; readonly isTwoWay: boolean; readonly ends: BySide<FieldMetadata> },
  path: string,
): FieldFault[] {
  const fault = (message: string) => [{ path: `${path}.text`, message }];
  if (isBlank(text)) return fault('Is blank');
  const { type } = ends[to];
  if (type !== 'integer' && type !== 'decimal') return [];
  const key = decimalKey(`${text}1`);
  if (key === undefined) return fault('No number begins with it, and the field that would be written holds numbers');
  return isTwoWay && key !== `${text}1` ? fault('A number does not keep it, so it cannot be taken back') : [];
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
  const way = { to, isTwoWay, ends };
  return [
    ...(direction === 'none' ? [{ path, message: 'Needs a direction: toCrm, toErp or both' }] : []),
    ...(ofWrongType ? [{ path, message: 'Only texts and numbers can be transformed' }] : []),
    ...(isTwoWay && !isUndoable(transform)
      ? [{ path, message: `Cannot be taken back, so the field goes one way; ${undoable.join(' and ')} can` }]
      : []),
    ...(transformTo && !isTwoWay && direction !== 'none' && transformTo !== target
      ? [{ path: `${at}.transformTo`, message: 'The field goes the other way' }]
      : []),
    ...(transform.kind === 'replace' && !ofWrongType ? tableFaults(transform.table, way, path) : []),
    ...(transform.kind === 'prefix' && !ofWrongType ? prefixFaults(transform.text, way, path) : []),
  ];
}

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
  const wanted = named.erp ? 'toErp' : 'toCrm';
  const message = unfitFor(named.erp ? ends.erp : ends.crm, constant);
  return [
    ...(direction === wanted ? [] : [{ path: `${at}.direction`, message: `A constant for this field goes ${wanted}` }]),
    ...(transform ? [{ path: `${at}.transform`, message: 'A constant is set as it is: leave the transform out' }] : []),
    ...(message ? [{ path, message }] : []),
  ];
}
