import { stringify } from 'csv-stringify/sync';
import Negotiator from 'negotiator';
import * as z from 'zod';
import type { PageForm } from './http-answer.ts';

const csvType = 'text/csv';

const CsvPage = z.object({ items: z.array(z.record(z.string(), z.unknown())), nextCursor: z.string().optional() });

/** Whether a caller would rather have a table for people than JSON, which is what `*`/`*` gets. */
export function prefersCsv(accept: string): boolean {
  return new Negotiator({ headers: { accept } }).mediaType(['application/json', csvType]) === csvType;
}

/**
 * A page of a list as a table for spreadsheets: a column for each of the dotted paths, blank where there is nothing, in
 * UTF-8 with the mark that spreadsheets know it by. A cell that would be taken for a formula has an apostrophe before it.
 * The next page, which has the names of the columns again, is named in `Link`. `asked`: path and query of this page.
 */
export function csvAnswer(
  page: unknown,
  columns: readonly string[],
  asked: { readonly path: string; readonly query: Readonly<Record<string, string>> },
): ReturnType<PageForm> {
  const { items, nextCursor } = CsvPage.parse(page);
  const body = stringify(items, {
    ...{ columns: [...columns], header: true, bom: true, record_delimiter: 'windows', escape_formulas: true },
    cast: { boolean: String },
  });
  const headers = { 'content-type': `${csvType}; charset=utf-8` };
  if (nextCursor === undefined) return { headers, body };
  const query = new URLSearchParams({ ...asked.query, cursor: nextCursor });
  return { headers: { ...headers, link: `<${asked.path}?${query}>; rel="next"` }, body };
}
