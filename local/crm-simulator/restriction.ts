import { badRequest } from './api-error.ts';
import { type DateStyle, parseInstant } from './date-text.ts';
import { offsetMinutes } from './zones.ts';

/** What a column can be filtered by (the vendor's "restriction type"); `none` columns refuse every filter. */
export type Restriction = 'int' | 'string' | 'list' | 'bool' | 'date' | 'datetime' | 'associate' | 'none';

/** A column's raw value: instants are ms, lists their item's id. */
export type RawValue = string | number | boolean | null;

/**
 * The operators of spec 3.6, less those nobody here uses. `le` and `ge` are listed on two vendor pages, yet marked
 * "fails" in a vendor sample: refused. `afterTime` is documented for datetime columns only.
 */
const operators: Readonly<Record<Restriction, readonly string[]>> = {
  int: ['=', 'eq', 'ne', 'lt', 'gt', 'between', 'in'],
  string: ['=', 'eq', 'is', 'isnot', 'begins', 'notbegins', 'contains', 'notcontains', 'between', 'in'],
  list: ['=', 'eq', 'equals', 'oneof', 'notoneof', 'in'],
  bool: ['=', 'eq', 'set'],
  date: ['before', 'after', 'date', 'between', 'beforeorequal'],
  datetime: ['before', 'after', 'between', 'beforetime', 'aftertime', 'datetime'],
  associate: ['=', 'eq', 'associateisoneof'],
  none: [],
};

/** A test of one raw value; throws for an operator or operand that the column's kind does not take. */
export function restriction(
  kind: Restriction,
  operator: string,
  operands: string[],
  style: DateStyle,
): (value: RawValue) => boolean {
  const wanted = operator.toLowerCase();
  if (!operators[kind].includes(wanted))
    throw badRequest(`Operator '${operator}' cannot be used on a column of type ${kind}.`);
  const first = operands[0];
  if (first === undefined) throw badRequest(`Operator '${operator}' needs a value.`);
  if (kind === 'string') return textTest(wanted, operands);
  if (kind === 'bool') return boolTest(first);
  if (kind === 'date' || kind === 'datetime') return dateTest(wanted, operands, style);
  return numberTest(wanted, operands);
}

function numberTest(operator: string, operands: string[]): (value: RawValue) => boolean {
  const numbers = operands.map((text) => {
    if (!/^-?\d+$/.test(text.trim())) throw badRequest(`'${text}' is not a number.`);
    return Number(text);
  });
  const [first = 0, second = first] = numbers;
  return (raw) => {
    const value = Number(raw);
    if (operator === 'in' || operator.endsWith('oneof')) return numbers.includes(value) !== operator.startsWith('not');
    if (operator === 'ne') return value !== first;
    if (operator === 'lt') return value < first;
    if (operator === 'gt') return value > first;
    if (operator === 'between') return value >= first && value <= second;
    return value === first;
  };
}

/** Text is compared without regard to case, as the CRM's database does. */
function textTest(operator: string, operands: string[]): (value: RawValue) => boolean {
  const texts = operands.map((text) => text.toLowerCase());
  const [first = '', second = first] = texts;
  return (raw) => {
    const value = `${raw ?? ''}`.toLowerCase();
    if (operator === 'in') return texts.includes(value);
    if (operator === 'between') return value >= first && value <= second;
    if (operator === 'isnot') return value !== first;
    if (operator.endsWith('begins')) return value.startsWith(first) !== operator.startsWith('not');
    if (operator.endsWith('contains')) return value.includes(first) !== operator.startsWith('not');
    return value === first;
  };
}

function boolTest(operand: string): (value: RawValue) => boolean {
  const wanted = ['true', '1'].includes(operand.toLowerCase());
  if (!wanted && !['false', '0'].includes(operand.toLowerCase()))
    throw badRequest(`'${operand}' is not true or false.`);
  return (value) => value === wanted;
}

const secondMs = 1000;
const dayMs = 86_400_000;

/** `afterTime` includes the given second; `after` and its kin look at the date part only (spec 3.6). */
function dateTest(operator: string, operands: string[], style: DateStyle): (value: RawValue) => boolean {
  const unitMs = operator.endsWith('time') ? secondMs : dayMs;
  const unit = (ms: number) => Math.floor((ms + offsetMinutes(style.zone, ms) * 60_000) / unitMs);
  const [first = 0, second = first] = operands.map((text) => {
    const ms = parseInstant(text, style);
    if (ms === undefined) throw badRequest(`'${text}' is not a date.`);
    return unit(ms);
  });
  return (raw) => {
    if (typeof raw !== 'number') return false;
    const value = unit(raw);
    if (operator === 'aftertime') return value >= first;
    if (operator === 'after') return value > first;
    if (operator === 'before' || operator === 'beforetime') return value < first;
    if (operator === 'beforeorequal') return value <= first;
    if (operator === 'between') return value >= first && value <= second;
    return value === first;
  };
}
