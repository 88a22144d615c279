import type { PageRequest } from '../../ports/page.ts';
import type { PurgedPage } from '../../ports/purges.ts';

const pageSize = 100;

/** Removes page after page while `goesOn` with what is removed so far; whether the walk came to its end. */
export async function takePages(
  take: (page: PageRequest) => Promise<PurgedPage>,
  goesOn: (removed: number) => boolean = () => true,
): Promise<{ readonly removed: number; readonly isAtEnd: boolean }> {
  let removed = 0;
  let cursor: string | undefined;
  do {
    const page = await take({ limit: pageSize, cursor });
    removed += page.removed;
    cursor = page.cursor;
  } while (cursor !== undefined && goesOn(removed));
  return { removed, isAtEnd: cursor === undefined };
}
