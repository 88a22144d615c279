import type { FieldMetadata } from '../model/field.ts';
import type { FieldType } from '../values/value.ts';
import type { Direction } from './mapping.ts';
import { writesSide } from './writes-side.ts';

/** Why values cannot travel one way between two fields: a closed list, each with words for people. */
const explanations = {
  'read-only': 'The field that would be written is read-only.',
  'not-a-value': 'A label or a password holds no value that can be kept in agreement.',
  'missing-in-erp': 'The ERP no longer offers this field.',
  'types-differ': 'The field that would be written cannot hold values of this type.',
  'information-lost': 'Part of the value would be lost on the way.',
  'list-not-mapped': 'One of the systems does not say which list the values are of.',
} as const;
type DirectionReason = keyof typeof explanations;

export interface RefusedDirection {
  readonly direction: Direction;
  readonly reason: DirectionReason;
  readonly explanation: string;
}

/** Source type → types that can hold its values (a value that cannot be converted is refused by itself, and listed). */
const fits: Readonly<Record<FieldType, readonly FieldType[]>> = {
  text: ['text', 'integer', 'decimal'],
  integer: ['integer', 'decimal', 'text'],
  decimal: ['decimal', 'text'],
  checkbox: ['checkbox', 'text'],
  date: ['date', 'text'],
  datetime: ['datetime', 'text'],
  list: ['list'],
  password: [],
  label: [],
};

/** Source type → types that can hold only a part of it. */
const loses: Readonly<Partial<Record<FieldType, readonly FieldType[]>>> = {
  decimal: ['integer'],
  datetime: ['date'],
};

function hasNoValue(field: FieldMetadata): boolean {
  return field.type === 'label' || field.type === 'password';
}

/** What keeps values of `source` out of `target`; nothing = they can travel. */
function obstacle(source: FieldMetadata, target: FieldMetadata): DirectionReason | undefined {
  if (source.missing || target.missing) return 'missing-in-erp';
  if (hasNoValue(source) || hasNoValue(target)) return 'not-a-value';
  if (target.access === 'read-only') return 'read-only';
  if (loses[source.type]?.includes(target.type)) return 'information-lost';
  if (!fits[source.type].includes(target.type)) return 'types-differ';
  const lists = source.type === 'list' && (!source.listName || !target.listName);
  return lists ? 'list-not-mapped' : undefined;
}

/** Why this direction is not available for the pair (baseline: "Field mapping"); nothing = it is. */
export function directionObstacle(
  direction: Direction,
  erp: FieldMetadata,
  crm: FieldMetadata,
): RefusedDirection | undefined {
  const toCrm = writesSide(direction, 'crm') ? obstacle(erp, crm) : undefined;
  const toErp = writesSide(direction, 'erp') ? obstacle(crm, erp) : undefined;
  const reason = toCrm ?? toErp;
  return reason && { direction, reason, explanation: explanations[reason] };
}

/** The directions a pair can have besides `none`, and why it cannot have the others. */
export function directionsOf(
  erp: FieldMetadata,
  crm: FieldMetadata,
): { readonly possible: Direction[]; readonly refused: RefusedDirection[] } {
  const all: Direction[] = ['toCrm', 'toErp', 'both'];
  const refused = all.flatMap((direction) => directionObstacle(direction, erp, crm) ?? []);
  return { possible: all.filter((direction) => !refused.some((one) => one.direction === direction)), refused };
}
