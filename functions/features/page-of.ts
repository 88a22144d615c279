import type { Page, PageRequest } from '../ports/page.ts';

/** A page of what is in memory: the cursor is how far the list was read. */
export function pageOf<T>(all: readonly T[], { limit, cursor }: PageRequest): Page<T> {
  const from = cursor === undefined ? 0 : Number(cursor);
  const next = from + limit;
  return { items: all.slice(from, next), cursor: next < all.length ? String(next) : undefined };
}
