import * as z from 'zod';
import { SyncError } from '../core/errors.ts';
import type { Page, PageRequest } from '../ports/page.ts';

/** Where a walk over several lists stands: the list, and the cursor within it. */
const Position = z.tuple([z.string(), z.string().nullable()]);

function positionOf(cursor: string | undefined): [string, string | null] | undefined {
  if (cursor === undefined) return undefined;
  const parsed = Position.safeParse(JSON.parse(cursor));
  if (!parsed.success) throw new SyncError('invalid', 'The cursor is not one of this list.');
  return parsed.data;
}

/** Many lists without items end in an empty page with a cursor, not in an endless request. */
const mostListsPerPage = 12;

/**
 * One page out of several lists one after the other; lists without items are passed over, a page holds items of one list
 * only. A list that is gone since ends the walk.
 */
export async function pagesOfLists<T>(
  lists: readonly string[],
  page: PageRequest,
  read: (list: string, page: PageRequest) => Promise<Page<T>>,
): Promise<Page<T>> {
  const position = positionOf(page.cursor);
  let at = position ? lists.indexOf(position[0]) : 0;
  let inner = position?.[1] ?? undefined;
  for (let reads = 0; ; reads += 1) {
    const list = lists[at];
    if (list === undefined) return { items: [] };
    if (reads === mostListsPerPage) return { items: [], cursor: JSON.stringify([list, inner ?? null]) };
    const { items, cursor } = await read(list, { limit: page.limit, cursor: inner });
    const following = lists[at + 1];
    if (cursor !== undefined) {
      if (items.length > 0) return { items, cursor: JSON.stringify([list, cursor]) };
      inner = cursor;
    } else {
      if (following === undefined) return { items };
      if (items.length > 0) return { items, cursor: JSON.stringify([following, null]) };
      at += 1;
      inner = undefined;
    }
  }
}
