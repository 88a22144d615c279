/**
 * Always true: no answer outgrows what Lambda can send (6 MB). A page that is too large is read again with fewer items, so
 * that its cursor is the list's own; what is no page is refused with what would fit. Attacked by test/http/page-size.test.ts.
 */
import { SyncError } from '../core/errors.ts';
import type { Page, PageRequest } from '../ports/page.ts';

const mostPageBytes = 2_000_000;
const mostAnswerBytes = 5_000_000;

/** How many of the first items have no more than so many bytes together as JSON. */
function fitting(items: readonly unknown[], mostBytes: number): number {
  let bytes = 0;
  for (const [at, item] of items.entries()) {
    bytes += Buffer.byteLength(JSON.stringify(item) ?? '') + 1;
    if (bytes > mostBytes) return at;
  }
  return items.length;
}

/** A page of at most so many items as were asked for, and of at most 2 MB unless a single item has more. */
export async function fittingPage<T>(
  asked: PageRequest,
  read: (page: PageRequest) => Promise<Page<T>>,
): Promise<Page<T>> {
  let { limit } = asked;
  for (;;) {
    const page = await read({ ...asked, limit });
    const fits = fitting(page.items, mostPageBytes);
    if (fits === page.items.length || limit === 1 || page.items.length > limit) return page;
    limit = Math.max(1, fits);
  }
}

/** The text of an answer; SyncError `too-large` if it would not come through. */
export function answerText(body: unknown): string {
  const text = JSON.stringify(body);
  const bytes = Buffer.byteLength(text);
  if (bytes <= mostAnswerBytes) return text;
  throw new SyncError(
    'too-large',
    `The answer would have ${bytes} bytes, ${mostAnswerBytes} fit. ${hint(body, bytes)}`,
  );
}

/** About the largest list in the answer, which is what makes it long. */
function hint(body: unknown, bytes: number): string {
  // A text would be taken apart into its characters.
  const lists = Object.entries(typeof body === 'string' ? {} : (body ?? {})).filter(
    (part): part is [string, unknown[]] => Array.isArray(part[1]),
  );
  const bytesOf = (items: unknown[]) => Buffer.byteLength(JSON.stringify(items));
  const [name, items] = lists.toSorted(([, one], [, other]) => bytesOf(other) - bytesOf(one))[0] ?? [];
  if (name === undefined || items === undefined) return 'Ask for less.';
  const rest = bytes - bytesOf(items);
  return `Of its ${items.length} ${name} the first ${fitting(items, mostAnswerBytes - rest)} would fit: ask for fewer.`;
}
