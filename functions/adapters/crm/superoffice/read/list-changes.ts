import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import type { ChangePage, ListChangesRequest } from '../../../../ports/record-system.ts';
import { filterInstant } from '../fields/instants.ts';
import { parseJson } from '../session/api-error.ts';
import { readArchive } from './archive.ts';
import { fieldsOf, recordTypeOfTable } from './find-record-type.ts';
import { type Reading, readRecords } from './read-records.ts';

/**
 * The change cursor. One pass lists, by primary key, every record stamped at or after `sinceMs`. A record changed behind
 * the pass's back is stamped after the pass began, so the next pass starts at that moment less the overlap, by the
 * server's clock, also when nothing came. Nothing is skipped as long as a save becomes visible within the overlap of its
 * stamp. Attacked by the contract suite (edits between pages, equal stamps, late commits).
 *
 * The list is the `dynamic` archive provider on the table's own `updated`, a UTC datetime, which takes `afterTime`
 * (includes the given second); the `updatedDate` columns are dates (spec 3.6).
 */
const Cursor = z.object({
  sinceMs: z.number(),
  /** Set within a pass: the key to go on after, and when the pass began. */
  pass: z.object({ lastId: z.number(), startMs: z.number() }).optional(),
});
type Cursor = z.infer<typeof Cursor>;

const changePageSize = 200;
export const overlapMs = 60_000;

export function cursorFrom(serverMs: number): string {
  return JSON.stringify({ sinceMs: serverMs - overlapMs } satisfies Cursor);
}

function readCursor(text: string): Cursor {
  const cursor = Cursor.safeParse(parseJson(text));
  if (!cursor.success) throw new SyncError('misconfigured', "The CRM's change cursor cannot be read.");
  return cursor.data;
}

export async function listChanges(reading: Reading, request: ListChangesRequest): Promise<ChangePage> {
  const recordType = recordTypeOfTable(request.table);
  const fields = fieldsOf(recordType, request.fieldsByType[recordType.type] ?? []);
  const { sinceMs, pass } = readCursor(request.cursor);
  const { table } = recordType;
  const id = `${table}.${table}_id`;
  const stamp = `${table}.updated`;
  const behind = pass ? ` and ${id} gt ${pass.lastId}` : '';
  const page = await readArchive(reading.session, reading.runtime, {
    provider: 'dynamic',
    select: [id, stamp],
    filter: `${stamp} afterTime '${filterInstant(sinceMs)}'${behind}`,
    orderBy: id,
    top: changePageSize,
  });
  const ids = page.rows.map((row) => Number(row[id]));
  if (ids.some((one) => !Number.isSafeInteger(one))) {
    throw new SyncError('transient', `The CRM's list of changed ${table} rows cannot be read.`);
  }
  const { records } = await readRecords(reading, recordType, ids.map(String), fields);
  const startMs = pass?.startMs ?? page.readAtMs;
  const complete = page.rows.length < changePageSize;
  return {
    records,
    cursor: complete
      ? cursorFrom(startMs)
      : JSON.stringify({ sinceMs, pass: { lastId: Math.max(...ids), startMs } } satisfies Cursor),
    complete,
  };
}
