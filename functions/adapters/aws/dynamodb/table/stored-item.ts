import type * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import { mostJsonBytes } from '../../../../core/values/most-json-bytes.ts';
import type { Attribute, Item, Key } from '../../../../ports/table.ts';
import type { IndexKeys } from './keys.ts';
import { tooLarge } from './too-large.ts';

/**
 * Always true: an item is read as the type and the schema version that it says it is, through that type's schema, or not
 * at all; and none is stored that is too large to be read and written with others. Attacked by
 * test/adapters/aws/dynamodb/table/stored-item.test.ts.
 */

/**
 * DynamoDB's own limit is 400 KB; larger than this is a design fault or a flood, and is refused in words (bytes). What
 * grows with a link's fields, or with what is found of them, may have nearly all of it.
 */
const largestItemBytes = 100_000;
export const largestGrowingItemBytes = 380_000;
const schemaVersion = 1;

interface StoredParts {
  readonly type: string;
  readonly key: Key;
  readonly index?: IndexKeys | undefined;
  /** TTL: when DynamoDB may clean it up. Nothing is decided by it. */
  readonly expiresAtMs?: number | undefined;
  readonly largestBytes?: number;
}

/** The item of a domain object: keys, type tag, schema version, then its properties as they are. */
export function storedItem(parts: StoredParts, value: object): Item {
  const { expiresAtMs, largestBytes = largestItemBytes } = parts;
  const expires = expiresAtMs === undefined ? undefined : Math.ceil(expiresAtMs / 1000);
  const item: Item = {
    ...attributesOf({ ...value, expires }),
    ...parts.index,
    ...parts.key,
    type: parts.type,
    v: schemaVersion,
  };
  if (mostJsonBytes(item) <= largestBytes) return item;
  const bytes = Buffer.byteLength(JSON.stringify(item, setAsList));
  if (bytes > largestBytes) throw tooLarge(parts.type, bytes, largestBytes);
  return item;
}

/** Reads an item back through the schema of its type. `shape` undoes what the stored form does differently. */
export function readItem<T>(
  type: string,
  schema: z.ZodType<T>,
  item: Item,
  shape: (item: Item) => unknown = (same) => same,
): T {
  const parsed = item.type === type && item.v === schemaVersion ? schema.safeParse(shape(item)) : undefined;
  if (parsed?.success) return parsed.data;
  throw new SyncError('defect', `Stored item ${item.pk} ${item.sk} is not a readable ${type}.`, {
    cause: parsed?.error,
  });
}

/**
 * Reads an item by its type and version tag alone, for what the engine reads many of and nobody else writes: the shape is
 * what this service stored, and is not checked again.
 */
export function trustedItem<T>(type: string, item: Item, shape: (item: Item) => T): T {
  if (item.type === type && item.v === schemaVersion) return shape(item);
  throw new SyncError('defect', `Stored item ${item.pk} ${item.sk} is not a readable ${type}.`);
}

/** Any plain object as attributes; undefined parts are left out. */
export function attributesOf(value: object): Record<string, Attribute> {
  const parts = value as Readonly<Record<string, unknown>>;
  const attributes: Record<string, Attribute> = {};
  for (const name of Object.keys(parts)) {
    const part = parts[name];
    if (part !== undefined) attributes[name] = attributeOf(part);
  }
  return attributes;
}

function attributeOf(value: unknown): Attribute {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  if (value instanceof Set) return new Set([...value].map(String));
  if (Array.isArray(value)) return value.map(attributeOf);
  if (typeof value === 'object') return attributesOf(value);
  throw new SyncError('defect', `A ${typeof value} cannot be stored.`);
}

export function textIn(item: Item, name: string): string | undefined {
  const value = item[name];
  return typeof value === 'string' ? value : undefined;
}

export function numberIn(item: Item, name: string): number {
  const value = item[name];
  return typeof value === 'number' ? value : 0;
}

export function membersIn(item: Item, name: string): ReadonlySet<string> {
  const value = item[name];
  return value instanceof Set ? value : new Set();
}

function setAsList(_name: string, value: unknown): unknown {
  return value instanceof Set ? [...value] : value;
}
