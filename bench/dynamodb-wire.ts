import type { Attribute, Item } from '../functions/ports/table.ts';

/** A value as DynamoDB's protocol writes it, one of these. */
interface WireValue {
  readonly S?: string;
  readonly N?: string;
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
  readonly SS?: readonly string[];
  readonly L?: readonly WireValue[];
  readonly M?: WireItem;
}

export type WireItem = Readonly<Record<string, WireValue>>;

export function fromWire(value: WireValue): Attribute {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.SS) return new Set(value.SS);
  if (value.L) return value.L.map(fromWire);
  if (value.M) return attributesFromWire(value.M);
  return null;
}

function attributesFromWire(wire: WireItem): Record<string, Attribute> {
  return Object.fromEntries(Object.entries(wire).map(([name, value]) => [name, fromWire(value)]));
}

export function itemFromWire(wire: WireItem): Item {
  return { ...attributesFromWire(wire), pk: wire.pk?.S ?? '', sk: wire.sk?.S ?? '' };
}

export function toWire(attributes: { readonly [name: string]: Attribute | undefined }): WireItem {
  const wire: Record<string, WireValue> = {};
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) wire[name] = valueToWire(value);
  return wire;
}

function valueToWire(value: Attribute): WireValue {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value instanceof Set) return { SS: [...value] };
  if (Array.isArray(value)) return { L: value.map(valueToWire) };
  return { M: toWire(value as { readonly [name: string]: Attribute }) };
}
