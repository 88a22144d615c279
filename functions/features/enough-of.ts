import type { Page, PageRequest } from '../ports/page.ts';

/**
 * What is wanted of a list, page by page, until there is enough: the last page is taken whole, so that `cursor` goes on
 * behind it whatever becomes of what was found. Absent: the list is through.
 */
export async function enoughOf<T, Wanted>(
  read: (page: PageRequest) => Promise<Page<T>>,
  wantedOf: (items: readonly T[]) => readonly Wanted[] | Promise<readonly Wanted[]>,
  { enough, limit, from }: { readonly enough: number; readonly limit: number; readonly from: string | undefined },
): Promise<{ readonly found: Wanted[]; readonly cursor: string | undefined }> {
  const found: Wanted[] = [];
  let cursor = from;
  do {
    const page = await read({ limit, cursor });
    found.push(...(await wantedOf(page.items)));
    cursor = page.cursor;
  } while (cursor !== undefined && found.length < enough);
  return { found, cursor };
}
