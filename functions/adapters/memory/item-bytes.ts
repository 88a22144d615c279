import { Buffer } from 'node:buffer';
import type { Attribute, Item } from '../../ports/table.ts';
import { isList, isSet } from './memory-writes.ts';

/**
 * An item's size as DynamoDB counts it: names and values, in bytes.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Item): number {
  return mapBytes(item);
}

function mapBytes(map: { readonly [name: string]: Attribute | undefined }): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(map)) {
    if (value !== undefined) bytes += Buffer.byteLength(name) + valueBytes(value);
  }
  return bytes;
}

function valueBytes(value: Attribute): number {
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(significantDigits(value) / 2) + 1;
  if (isSet(value)) return sum([...value].map((member) => Buffer.byteLength(member)));
  const parts = isList(value) ? sum(value.map(valueBytes)) : mapBytes(value);
  return 3 + parts + Object.keys(value).length;
}

function significantDigits(value: number): number {
  const [digits = ''] = Math.abs(value).toExponential().split('e');
  return value === 0 ? 0 : digits.replace('.', '').length;
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all + size, 0);
}
