/**
 * Pages of the log, in which one item holds many changes. Always true: a cursor says which item was shown last and how many
 * of its changes, so a page ends within an item where it has to, and what is logged meanwhile (newer, so further up) moves
 * nothing. No two items have one sort key, so that one place holds in all partitions. It only reads, so a crash leaves
 * nothing. Attacked by test/contract/stores-log-suite.ts.
 */
import { Buffer } from 'node:buffer';
import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import type { FieldChange } from '../../../../core/model/field-change.ts';
import type { Page, PageRequest } from '../../../../ports/page.ts';
import type { Item, Table } from '../../../../ports/table.ts';
import { addressOf } from '../table/address-of.ts';
import { type MergedPartitions, mergePartitions, sortKeyIn } from '../table/merge-partitions.ts';
import { itemsInOrder } from '../table/read-page.ts';
import { changesIn } from './change-items.ts';

/** The item at this sort key, and how many of its changes are dealt with. */
const Place = z.object({ sk: z.string(), rows: z.number().int().min(0) });
type Place = z.infer<typeof Place>;

/** A filter that lets little through ends in a short page with a cursor, not in an endless request. */
const mostRoundsPerPage = 24;

/** One page of changes, newest first. A page may be short or empty. */
export async function readRows(
  table: Table,
  { range: [oldest, newest], ...source }: MergedPartitions,
  page: PageRequest,
  wanted: (change: FieldChange) => boolean,
): Promise<Page<FieldChange>> {
  const found: FieldChange[] = [];
  let place = page.cursor === undefined ? undefined : decodePlace(page.cursor);
  if (place && (place.sk < oldest || place.sk > newest)) throw notOurs();
  const take = mergePartitions(table, { ...source, range: [oldest, place?.sk ?? newest] });
  for (let round = 0; round < mostRoundsPerPage; round += 1) {
    // One more than there is room for: the item of the cursor may have nothing left.
    const { items, ended } = await take(page.limit - found.length + 1);
    const rows = await rowsByPlace(table, items, source.index);
    for (const [sk, changes] of rows) {
      let dealtWith: number = place?.sk === sk ? place.rows : 0;
      while (dealtWith < changes.length && found.length < page.limit) {
        const change = changes[dealtWith];
        if (change && wanted(change)) found.push(change);
        dealtWith += 1;
      }
      place = { sk, rows: dealtWith };
      if (dealtWith < changes.length) return { items: found, cursor: encodePlace(place) };
    }
    if (ended) return { items: found };
    if (found.length >= page.limit) break;
  }
  return { items: found, cursor: place && encodePlace(place) };
}

/** The changes of each item of a query, by its sort key there; an item that is gone since has none. */
async function rowsByPlace(
  table: Table,
  items: readonly Item[],
  index: MergedPartitions['index'],
): Promise<[string, FieldChange[]][]> {
  const whole = index ? await itemsInOrder(table, items) : items;
  const byKey = new Map(whole.map((item) => [addressOf(item), item]));
  return items.map((key) => {
    const item = byKey.get(addressOf(key));
    return [sortKeyIn(key, index), item ? changesIn(item) : []];
  });
}

/** For the page that follows an item of a link's own log. */
export function cursorBehind(item: Item): string {
  return encodePlace({ sk: item.sk, rows: changesIn(item).length });
}

/** For the page that begins below this sort key of a link's own log. */
export function cursorBelow(sk: string): string {
  return encodePlace({ sk, rows: 0 });
}

function encodePlace(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

function decodePlace(cursor: string): Place {
  try {
    return Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw notOurs(cause);
  }
}

function notOurs(cause?: unknown): SyncError {
  return new SyncError('invalid', 'The page cursor is not one of this list.', { cause });
}
