/**
 * A page of an index whose things are spread over partitions, in as few calls as one after the other is not: the first
 * partition, the others at once where it does not fill the page, the items in one batch. Always true: partitions follow one
 * another and within one sort keys do, which no two things share; a cursor names the last thing that was dealt with. It only
 * reads, so a crash leaves nothing. Attacked by test/contract/stores-links-suite.ts.
 */
import { Buffer } from 'node:buffer';
import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import type { Page, PageRequest } from '../../../../ports/page.ts';
import type { Item, QueryRequest, Table } from '../../../../ports/table.ts';
import { sortKeyIn } from './merge-partitions.ts';
import { itemsInOrder } from './read-page.ts';

/** The partition, and the sort key of the last thing of it that was dealt with. */
const Place = z.strictObject({ partition: z.number().int().min(0), after: z.string().optional() });
type Place = z.infer<typeof Place>;

/** A filter that lets little through ends in a short page with a cursor, not in an endless request. */
const mostRoundsPerPage = 6;

/** Sort before and after every character that a key part can hold. */
const beforeAll = ' ';
const afterAll = '\u007f';

export interface SpreadList<T> {
  readonly table: Table;
  readonly partitions: readonly string[];
  readonly index: NonNullable<QueryRequest['index']>;
  /** Of the sort key. */
  readonly prefix: string;
  readonly page: PageRequest;
  /** What an item is to the caller; nothing = left out. */
  readonly read: (item: Item) => T | undefined;
}

interface Found {
  readonly key: Item;
  readonly place: Place;
}

/** Keys from the place on, at most so many, and whether there are more. */
async function keysFrom<T>(
  { table, partitions, index, prefix }: SpreadList<T>,
  from: Place,
  count: number,
): Promise<{ readonly found: readonly Found[]; readonly more: boolean }> {
  const keysOf = async (partition: number, after?: string) => {
    const pk = partitions[partition];
    if (pk === undefined) return { found: [], more: false };
    // One more than is wanted tells whether there are more; the one of the place itself comes again.
    const limit = count + 1 + (after === undefined ? 0 : 1);
    const between = [after ?? (prefix || beforeAll), `${prefix}${afterAll}`] as const;
    const { items, next } = await table.query({ pk, index, limit, between });
    const found = items.flatMap((key): Found[] => {
      const sk = sortKeyIn(key, index);
      return sk === after ? [] : [{ key, place: { partition, after: sk } }];
    });
    return { found, more: next !== undefined };
  };
  const first = await keysOf(from.partition, from.after);
  if (first.more || first.found.length > count) {
    return { found: first.found.slice(0, count), more: true };
  }
  const others = Array.from({ length: partitions.length - from.partition - 1 }, (_, at) => from.partition + 1 + at);
  const all: Found[] = [...first.found];
  for (const { found, more } of await Promise.all(others.map((partition) => keysOf(partition)))) {
    all.push(...found);
    if (more || all.length > count) return { found: all.slice(0, count), more: true };
  }
  return { found: all, more: false };
}

/** One page; it may be short or empty. */
export async function readSideBySide<T>(list: SpreadList<T>): Promise<Page<T>> {
  const { table, page, read } = list;
  const items: T[] = [];
  let place: Place = page.cursor === undefined ? { partition: 0 } : placeIn(page.cursor);
  for (let rounds = 0; rounds < mostRoundsPerPage; rounds += 1) {
    const { found, more } = await keysFrom(list, place, page.limit - items.length);
    const whole = await itemsInOrder(
      table,
      found.map(({ key }) => key),
    );
    items.push(...whole.map(read).filter((one) => one !== undefined));
    if (!more) return { items };
    place = found.at(-1)?.place ?? place;
    if (items.length >= page.limit) break;
  }
  return { items, cursor: Buffer.from(JSON.stringify(place)).toString('base64url') };
}

function placeIn(cursor: string): Place {
  try {
    return Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw new SyncError('invalid', 'The page cursor is not one of this list.', { cause });
  }
}
