import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import type { ChangePage, ListChangesRequest, RecordState } from '../../../../ports/record-system.ts';
import { filterInstant, versionOf } from '../fields/instants.ts';
import type { RecordField, RecordType } from '../fields/record-types.ts';
import { parseJson } from '../session/api-error.ts';
import { type ArchivePage, type ArchiveQuery, Clocks, hasRowsBehind, readArchive } from './archive.ts';
import { fieldsOf } from './find-record-type.ts';
import { mergedSince } from './merges.ts';
import { listedRecords } from './read-records.ts';
import type { Reading } from './record-rows.ts';

/**
 * The change cursor. One pass lists, by primary key, every record stamped at or after `sinceMs`. A record changed behind
 * the pass's back is stamped after the pass began, so the next pass starts at that moment less the overlap, by the
 * server's clock, also when nothing came. Nothing is skipped as long as a save becomes visible within the overlap of its
 * stamp. Where the server's clock went on by less than ours it was put right: then all of that starts earlier by the
 * difference. Attacked by the contract suite (edits between pages, equal stamps, late commits, capped pages) and
 * `test/adapters/crm/superoffice/read/list-changes.test.ts`.
 *
 * The list is the `dynamic` archive provider on the table's own `updated`, a UTC datetime, which takes `afterTime`
 * (includes the given second); the `updatedDate` columns are dates (spec 3.6).
 */
const Cursor = z.object({
  sinceMs: z.number(),
  /** At the read that `sinceMs`, or the pass, was made from. */
  clocks: Clocks.optional(),
  /** Set within a pass: the key to go on after, and when the pass began. */
  pass: z.object({ lastId: z.number(), startMs: z.number() }).optional(),
});
type Cursor = z.infer<typeof Cursor>;

const changePageSize = 200;
export const overlapMs = 60_000;
/** `Date` has whole seconds, and answers travel. */
const clockToleranceMs = 2_000;
const dayMs = 86_400_000;

export function cursorFrom(serverMs: number, clocks: Clocks): string {
  return JSON.stringify({ sinceMs: serverMs - overlapMs, clocks } satisfies Cursor);
}

function readCursor(text: string): Cursor {
  const cursor = Cursor.safeParse(parseJson(text));
  if (!cursor.success) {
    const words = "The CRM's change cursor cannot be read.";
    throw new SyncError('misconfigured', words, { listTrouble: 'cursor-not-accepted' });
  }
  return cursor.data;
}

function behindMs(clocks: Clocks, now: Clocks): number {
  return now.ourMs - clocks.ourMs - (now.serverMs - clocks.serverMs);
}

/** How much less the server's clock went on than ours; 0 where the difference is none to speak of. */
function putBackMs(clocks: Clocks | undefined, now: Clocks): number {
  if (!clocks) return 0;
  const backMs = behindMs(clocks, now);
  if (backMs > dayMs) {
    throw new SyncError('transient', "The CRM's clock went back by more than a day.", {
      listTrouble: 'clock-stepped-back',
      explanation:
        'The clock of the CRM went back by more than 24 hours, so that nobody can tell what was changed since. Put it right; if it is right now, retry this failure: the list goes on from now, and all links are compared.',
    });
  }
  return backMs > clockToleranceMs ? backMs : 0;
}

function earlier({ sinceMs, clocks, pass }: Cursor, byMs: number): Cursor {
  return {
    sinceMs: sinceMs - byMs,
    clocks: clocks && { ...clocks, serverMs: clocks.serverMs - byMs },
    pass: pass && { ...pass, startMs: pass.startMs - byMs },
  };
}

const idColumn = ({ table }: RecordType) => `${table}.${table}_id`;
const stampColumn = ({ table }: RecordType) => `${table}.updated`;

function changesOf(recordType: RecordType, sinceMs: number, lastId: number | undefined): ArchiveQuery {
  const id = idColumn(recordType);
  const stamp = stampColumn(recordType);
  const behind = lastId === undefined ? '' : ` and ${id} gt ${lastId}`;
  return {
    provider: 'dynamic',
    select: [id, stamp],
    filter: `${stamp} afterTime '${filterInstant(sinceMs)}'${behind}`,
    orderBy: id,
    top: changePageSize,
  };
}

/** The page behind the cursor, and the cursor as it must be for the server's clock. */
async function readPage(
  { session, runtime }: Reading,
  recordType: RecordType,
  given: Cursor,
): Promise<{ readonly page: ArchivePage; readonly cursor: Cursor }> {
  const read = (cursor: Cursor) =>
    readArchive(session, runtime, changesOf(recordType, cursor.sinceMs, cursor.pass?.lastId));
  const first = await read(given);
  // Ahead by more than could be taken back: from one odd answer no list would go on.
  const isLeap = given.clocks !== undefined && behindMs(given.clocks, first.clocks) < -dayMs;
  const page = isLeap ? await read(given) : first;
  const byMs = putBackMs(given.clocks, page.clocks);
  if (byMs === 0) return { page, cursor: given };
  const cursor = earlier(given, byMs);
  return { page: await read(cursor), cursor };
}

/**
 * The records of a page. One that cannot be read is listed with its stamp and without its values: whoever looks at it
 * learns why, and no change is dropped for it.
 */
async function changedRecords(
  reading: Reading,
  recordType: RecordType,
  { rows }: ArchivePage,
  fields: readonly RecordField[],
): Promise<RecordState[]> {
  const stamps = new Map(rows.map((row) => [String(row[idColumn(recordType)]), row[stampColumn(recordType)]]));
  const { records, failed } = await listedRecords(reading, recordType, [...stamps.keys()], fields);
  const values = Object.fromEntries(fields.map((field) => [field.metadata.key, null]));
  return [...records, ...failed.map(({ key }) => ({ key, version: versionOf(stamps.get(key)), values }))];
}

export async function listChanges(
  reading: Reading,
  recordType: RecordType,
  request: ListChangesRequest,
): Promise<ChangePage> {
  const { session, runtime } = reading;
  const fields = fieldsOf(recordType, request.fieldsByType[recordType.type] ?? []);
  const { page, cursor } = await readPage(reading, recordType, readCursor(request.cursor));
  const { sinceMs, pass } = cursor;
  const startMs = pass?.startMs ?? page.readAtMs;
  const clocks = pass ? cursor.clocks : page.clocks;

  const ids = page.rows.map((row) => Number(row[idColumn(recordType)]));
  if (ids.some((one) => !Number.isSafeInteger(one))) {
    throw new SyncError('transient', `The CRM's list of changed ${recordType.table} rows cannot be read.`);
  }
  const records = await changedRecords(reading, recordType, page, fields);
  const lastId = Math.max(...ids);
  if (await hasRowsBehind(session, runtime, page, changePageSize, changesOf(recordType, sinceMs, lastId))) {
    return {
      records,
      cursor: JSON.stringify({ sinceMs, clocks, pass: { lastId, startMs } } satisfies Cursor),
      complete: false,
    };
  }
  const isIdle = ids.length === 0 && !pass;
  // A merge changes the record that stays: where nothing changed there is none to look for.
  const merged = isIdle ? [] : await mergedSince(session, runtime, recordType, fields, sinceMs);
  // The log tells of moves too: those records are still there.
  const stillThere = await listedRecords(
    reading,
    recordType,
    merged.map(({ key }) => key),
    [],
  );
  const there = new Set(stillThere.records.map(({ key }) => key));
  return {
    records: [...records, ...merged.filter(({ key }) => !there.has(key))],
    cursor: cursorFrom(startMs, clocks ?? page.clocks),
    complete: true,
  };
}
