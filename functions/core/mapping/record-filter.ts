/**
 * Which ERP records of an actor type are synchronised: those that meet every restriction, as they are read. Always true: a
 * record is inside only if all of its filter's fields are there to tell so; a link outside writes nowhere and keeps what
 * was last agreed. Pure. Attacked by test/core/mapping/record-filter.test.ts, test/features/mappings/record-filter.test.ts
 * and test/property/filter.test.ts.
 */
import * as z from 'zod';
import type { FieldFault } from '../errors.ts';
import type { FieldMetadata } from '../model/field.ts';
import { decimalText } from '../values/number-text.ts';
import { comparisonKey, type FieldType, isBlank, type Value, type Values } from '../values/value.ts';

/** The operators of the baseline's advanced search, by what they compare. */
const operatorsOf = {
  text: ['=', 'isnot', 'begins', 'contains', 'ends', 'notbegins', 'notcontains', 'notends', 'between'],
  number: ['=', '!=', '>', '<', '>=', '<=', 'between'],
  yesOrNo: ['='],
  list: ['oneof', 'notoneof'],
  time: ['=', 'before', 'after', 'beforeOrEqual', 'afterOrEqual', 'between'],
} as const;
type Compared = keyof typeof operatorsOf;
type Operator = (typeof operatorsOf)[Compared][number];

const comparedAs: Readonly<Record<FieldType, Compared | undefined>> = {
  text: 'text',
  integer: 'number',
  decimal: 'number',
  checkbox: 'yesOrNo',
  list: 'list',
  date: 'time',
  datetime: 'time',
  password: undefined,
  label: undefined,
};

const allOperators = [...new Set<Operator>(Object.values(operatorsOf).flat())];

/** One condition on a field of the ERP; several values for `oneof`, `notoneof` and `between` (both ends belong to it). */
export const Restriction = z
  .strictObject({
    field: z
      .string()
      .min(1)
      .max(100)
      .meta({ description: 'Key of the field in the ERP.', examples: ['BLOCKED'] }),
    operator: z.enum(allOperators).describe('Which of them a field takes follows from its type.'),
    values: z
      .array(z.union([z.string().max(200), z.number(), z.boolean()]))
      .min(1)
      .max(100)
      .meta({
        description: 'One; two for `between`, which includes both; any number for `oneof` and `notoneof`.',
        examples: [[false]],
      }),
  })
  .meta({ id: 'Restriction', description: 'A condition on a field of the ERP.' });
export type Restriction = z.infer<typeof Restriction>;

export const RecordFilter = z
  .array(Restriction)
  .max(10)
  .describe('Which ERP records are synchronised: those that meet all of it; absent: all.');
export type RecordFilter = z.infer<typeof RecordFilter>;

/** The field's values in a form that `<` orders; nothing where it is no value of the kind. */
function comparable(compared: Compared, type: FieldType, value: Value): string | number | undefined {
  if (isBlank(value) || value === null) return undefined;
  if (compared === 'number') {
    const text = decimalText(String(value));
    return text === undefined ? undefined : Number(text);
  }
  if (type === 'datetime') {
    const ms = Date.parse(String(value));
    return Number.isNaN(ms) ? undefined : ms;
  }
  const key = comparisonKey(type, 'plain', value);
  return compared === 'text' ? String(key).toLowerCase() : String(key);
}

type Test = (value: string | number, given: readonly (string | number)[]) => boolean;

const [first, last] = [<T>(list: readonly T[]) => list[0] as T, <T>(list: readonly T[]) => list.at(-1) as T];

const tests: Readonly<Record<Operator, Test>> = {
  '=': (value, given) => value === first(given),
  isnot: (value, given) => value !== first(given),
  '!=': (value, given) => value !== first(given),
  begins: (value, given) => String(value).startsWith(String(first(given))),
  notbegins: (value, given) => !String(value).startsWith(String(first(given))),
  contains: (value, given) => String(value).includes(String(first(given))),
  notcontains: (value, given) => !String(value).includes(String(first(given))),
  ends: (value, given) => String(value).endsWith(String(first(given))),
  notends: (value, given) => !String(value).endsWith(String(first(given))),
  '>': (value, given) => value > first(given),
  '<': (value, given) => value < first(given),
  '>=': (value, given) => value >= first(given),
  '<=': (value, given) => value <= first(given),
  after: (value, given) => value > first(given),
  before: (value, given) => value < first(given),
  afterOrEqual: (value, given) => value >= first(given),
  beforeOrEqual: (value, given) => value <= first(given),
  between: (value, given) => value >= first(given) && value <= last(given),
  oneof: (value, given) => given.includes(value),
  notoneof: (value, given) => !given.includes(value),
};

/** A blank is no value that anything could be said of, but that it is another one. */
const metByBlanks: readonly Operator[] = ['isnot', '!=', 'notbegins', 'notcontains', 'notends', 'notoneof'];

function meets({ operator, values }: Restriction, { type }: FieldMetadata, value: Value): boolean {
  const compared = comparedAs[type];
  if (!compared) return false;
  if (compared === 'yesOrNo') return comparisonKey(type, 'plain', value ?? false) === first(values);
  const own = comparable(compared, type, value);
  const given = values.flatMap((one) => comparable(compared, type, one) ?? []);
  // A condition that names nothing which could be compared, as the field has another type by now, is met by none.
  if (given.length < values.length) return false;
  return own === undefined ? metByBlanks.includes(operator) : tests[operator](own, given);
}

/** An actor type's filter, and what the ERP says of its fields. */
interface Filtered {
  readonly filter?: RecordFilter | undefined;
  readonly erpFields: readonly FieldMetadata[];
}

function offered({ erpFields }: Filtered, key: string): FieldMetadata | undefined {
  return erpFields.find((field) => field.key === key && !field.missing);
}

/** Fields that have to be read for the filter; none that the ERP offers no longer. */
export function filterFields(type: Filtered): string[] {
  return (type.filter ?? []).flatMap(({ field }) => offered(type, field)?.key ?? []);
}

/** Whether a record with these values is synchronised; one whose filter asks for a field that is gone is not. */
export function isInsideFilter(type: Filtered, values: Values): boolean {
  return (type.filter ?? []).every((restriction) => {
    const field = offered(type, restriction.field);
    return field !== undefined && meets(restriction, field, values[field.key] ?? null);
  });
}

function valueFault(compared: Compared, type: FieldType, value: Restriction['values'][number]): string | undefined {
  if (compared === 'yesOrNo') return typeof value === 'boolean' ? undefined : 'Must be true or false';
  if (compared === 'number') return comparable(compared, type, value) === undefined ? 'Must be a number' : undefined;
  if (typeof value !== 'string') return 'Must be a text';
  if (compared !== 'time')
    return isBlank(value) ? 'Is blank: a blank is no value that a field is compared with' : undefined;
  const form = type === 'date' ? z.iso.date() : z.iso.datetime({ offset: true });
  const words =
    type === 'date' ? 'Must be a day, as 2026-11-27' : 'Must be a time with its offset, as 2026-11-27T08:00:00Z';
  return form.safeParse(value).success ? undefined : words;
}

function numberOfValues(operator: Operator): readonly [number, number] {
  if (operator === 'between') return [2, 2];
  return operator === 'oneof' || operator === 'notoneof' ? [1, 100] : [1, 1];
}

function restrictionFaults(type: Filtered, { field: key, operator, values }: Restriction, path: string): FieldFault[] {
  const known = type.erpFields.find((field) => field.key === key);
  if (!known) return [{ path: `${path}.field`, message: 'The ERP has no such field' }];
  if (known.missing) {
    return [{ path: `${path}.field`, message: 'The ERP no longer offers this field: leave the condition out' }];
  }
  const compared = comparedAs[known.type];
  if (!compared) return [{ path: `${path}.field`, message: 'A field of this type cannot be compared' }];
  const operators: readonly string[] = operatorsOf[compared];
  if (!operators.includes(operator)) {
    return [{ path: `${path}.operator`, message: `For this field it must be one of ${operators.join(', ')}` }];
  }
  const [least, most] = numberOfValues(operator);
  const few = values.length < least || values.length > most;
  const faults = values.flatMap((value, at) => {
    const message = valueFault(compared, known.type, value);
    return message ? [{ path: `${path}.values[${at}]`, message }] : [];
  });
  return few
    ? [
        {
          path: `${path}.values`,
          message: least === most ? `Takes ${least} of them` : `Takes ${least} to ${most} of them`,
        },
      ]
    : faults;
}

/** Every fault of a record filter. */
export function filterFaults(type: Filtered, filter: RecordFilter | undefined): FieldFault[] {
  return (filter ?? []).flatMap((restriction, at) => restrictionFaults(type, restriction, `filter[${at}]`));
}
