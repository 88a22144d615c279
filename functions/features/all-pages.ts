import type { Page, PageRequest } from '../ports/page.ts';

const mostItemsPerPage = 200;

/** The pages of a list, one after the other. */
export async function* allPages<T>(read: (page: PageRequest) => Promise<Page<T>>): AsyncGenerator<Page<T>> {
  let cursor: string | undefined;
  do {
    const page = await read({ limit: mostItemsPerPage, cursor });
    yield page;
    cursor = page.cursor;
  } while (cursor !== undefined);
}
