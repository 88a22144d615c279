import { Buffer } from 'node:buffer';
import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import type { Page, PageRequest } from '../../../../ports/page.ts';
import type { Item, QueryRequest, Table } from '../../../../ports/table.ts';
import { addressOf } from './address-of.ts';

/** Where a walk over several partitions stands: the partition, and the table's own position in it. */
const Position = z.object({ partition: z.number().int().min(0), start: z.string().optional() });
type Position = z.infer<typeof Position>;

/** A filter that lets little through ends in a short page with a cursor, not in an endless request. */
const mostQueriesPerPage = 24;

export interface Walk<T> {
  readonly table: Table;
  /** Walked in this order. */
  readonly partitions: readonly string[];
  readonly query?: Pick<QueryRequest, 'prefix' | 'between' | 'index' | 'descending'>;
  readonly page: PageRequest;
  /** Of an index: `read` gets what that yields. */
  readonly keysOnly?: true;
  /** What an item is to the caller; nothing = left out. */
  readonly read: (item: Item) => T | undefined;
}

/** One page of things; from an index, the items themselves are read from the table. A page may be short or empty. */
export async function readPage<T>(walk: Walk<T>): Promise<Page<T>> {
  const { table, partitions, page } = walk;
  const found: T[] = [];
  let position: Position | undefined = page.cursor === undefined ? { partition: 0 } : decodePosition(page.cursor);
  for (let queries = 0; position && queries < mostQueriesPerPage && found.length < page.limit; queries += 1) {
    const pk: string | undefined = partitions[position.partition];
    if (pk === undefined) return { items: found };
    const { items, next } = await table.query({
      ...walk.query,
      pk,
      limit: page.limit - found.length,
      start: position.start,
    });
    const whole = walk.query?.index && !walk.keysOnly ? await itemsInOrder(table, items) : items;
    for (const item of whole) {
      const value = walk.read(item);
      if (value !== undefined) found.push(value);
    }
    position = positionAfter(position, next, partitions.length);
  }
  return { items: found, cursor: position && encodePosition(position) };
}

/** Everything in a partition, for those that are small by nature. */
export async function readWhole(table: Table, request: Omit<QueryRequest, 'limit' | 'start'>): Promise<Item[]> {
  const all = await readKeys(table, request);
  return request.index ? itemsInOrder(table, all) : all;
}

/**
 * The same, as the query yields it: of an index the keys. That may have an item twice for a moment after its sort key there
 * changed: the first counts.
 */
export async function readKeys(table: Table, request: Omit<QueryRequest, 'limit' | 'start'>): Promise<Item[]> {
  const all = new Map<string, Item>();
  let start: string | undefined;
  do {
    const page = await table.query({ ...request, start });
    for (const item of page.items) {
      const address = addressOf(item);
      if (!all.has(address)) all.set(address, item);
    }
    start = page.next;
  } while (start !== undefined);
  return [...all.values()];
}

/** The items that an index named, in its order; those that are gone are left out. */
export async function itemsInOrder(table: Table, keys: readonly Item[]): Promise<Item[]> {
  const items = await table.getMany(keys.map(({ pk, sk }) => ({ pk, sk })));
  const byKey = new Map(items.map((item) => [addressOf(item), item]));
  return keys.flatMap((key) => byKey.get(addressOf(key)) ?? []);
}

function positionAfter(position: Position, next: string | undefined, partitions: number): Position | undefined {
  if (next !== undefined) return { partition: position.partition, start: next };
  return position.partition + 1 < partitions ? { partition: position.partition + 1 } : undefined;
}

function encodePosition(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

function decodePosition(cursor: string): Position {
  try {
    return Position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw new SyncError('invalid', 'The page cursor is not one of ours.', { cause });
  }
}
