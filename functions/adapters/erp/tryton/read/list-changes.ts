/**
 * Never skips a record: pages go by id, so that an edit between two of them moves nothing, and a record edited after its
 * page is in the next poll, whose start is the server's clock when the first page began, less the overlap. A cursor holds
 * our clock beside the server's: where the server's was put right, the list starts earlier by as much.
 * Test: test/adapters/erp/tryton/read/list-changes.test.ts, test/contract/record-system-suite.ts.
 */
import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import type { ChangePage, RecordState } from '../../../../ports/record-system.ts';
import type { Models } from '../wire/models.ts';
import { wireInstant } from '../wire/wire-values.ts';
import { hasMore, type ReadRecords, recordsPerRead, searchRecords, stateOf } from './read-records.ts';
import type { RecordTable } from './record.ts';

/**
 * Rows carry the time their transaction began and are seen when it commits. A call to Tryton is cut off after 60 s
 * (`[request] timeout`); the rest is for scripts and for a database whose clock differs from the server's. What takes
 * longer is found by the daily compare run.
 */
const overlapMs = 120_000;

/** A server whose clock went back by more tells nothing reliable of what was changed when. */
const longestStepBackMs = 86_400_000;

/** `Date` tells whole seconds, and calls take their time; the overlap covers that much. */
const clockToleranceMs = 10_000;

const Cursor = z.strictObject({
  /** Changes at or after this instant of the server's clock … */
  sinceMs: z.number().int(),
  /** … of records with a greater id … */
  afterId: z.number().int(),
  /** … and where the next poll starts once all pages are read. */
  nextMs: z.number().int().optional(),
  /** The server's clock and ours when the list last began. */
  serverMs: z.number().int().optional(),
  ownMs: z.number().int().optional(),
});
type Cursor = z.infer<typeof Cursor>;

function parsed(cursor: string): Cursor {
  try {
    return Cursor.parse(JSON.parse(cursor));
  } catch (cause) {
    const words = 'The cursor is not one of the Tryton connector.';
    throw new SyncError('misconfigured', words, { cause, listTrouble: 'cursor-not-accepted' });
  }
}

interface Clocks {
  readonly beganAtMs: number;
  readonly sentAtMs: number;
}

function behindMs({ serverMs, ownMs }: Cursor, { beganAtMs, sentAtMs }: Clocks): number {
  if (serverMs === undefined || ownMs === undefined) return 0;
  return sentAtMs - ownMs - (beganAtMs - serverMs);
}

/** By how much the server's clock was put back since the cursor was made, as far as ours can tell. */
function steppedBackMs(cursor: Cursor, clocks: Clocks): number {
  const backMs = behindMs(cursor, clocks);
  if (backMs <= clockToleranceMs) return 0;
  if (backMs <= longestStepBackMs) return backMs;
  throw new SyncError('transient', 'The clock of Tryton went back by more than a day.', {
    listTrouble: 'clock-stepped-back',
    explanation:
      'The clock of the Tryton server went back by more than 24 hours, so that nobody can tell what was changed since. Put it right; if it is right now, retry this failure: the list goes on from now, and all links are compared.',
  });
}

/** The cursor of now. */
export async function startCursor(models: Models, table: RecordTable): Promise<string> {
  const { beganAtMs, sentAtMs } = await searchRecords(models, table, { domain: [['id', '=', 0]] });
  const cursor: Cursor = { sinceMs: beganAtMs - overlapMs, afterId: 0, serverMs: beganAtMs, ownMs: sentAtMs };
  return JSON.stringify(cursor);
}

interface ListDeps {
  readonly models: Models;
  readonly table: RecordTable;
  readonly ownUserId: number | undefined;
}

const pageFrom = ({ models, table }: ListDeps, { sinceMs, afterId }: Pick<Cursor, 'sinceMs' | 'afterId'>) =>
  searchRecords(models, table, {
    domain: [['id', '>', afterId], ...table.changedSince(wireInstant(sinceMs))],
    limit: recordsPerRead,
  });

/** A clock that is ahead by more than could be taken back is read once more: from one odd answer no list would go on. */
async function pageAsDated(deps: ListDeps, cursor: Cursor) {
  const read = await pageFrom(deps, cursor);
  return behindMs(cursor, read) < -longestStepBackMs ? pageFrom(deps, cursor) : read;
}

/** The page, and the list it belongs to: where the list starts is settled by its first page. */
async function readPage(deps: ListDeps, cursor: Cursor) {
  const read = await pageAsDated(deps, cursor);
  if (cursor.nextMs !== undefined) return { read, list: { ...cursor, nextMs: cursor.nextMs } };
  const { beganAtMs, sentAtMs } = read;
  const backMs = steppedBackMs(cursor, read);
  const list = {
    sinceMs: cursor.sinceMs - backMs,
    nextMs: beganAtMs - overlapMs,
    serverMs: beganAtMs,
    ownMs: sentAtMs,
  };
  return { read: backMs === 0 ? read : await pageFrom(deps, { ...list, afterId: cursor.afterId }), list };
}

/** One that cannot be made out is listed without its values: whoever looks at it learns why, and no change is dropped. */
function listed(
  { records, odd }: ReadRecords,
  fields: readonly string[],
  ownUserId: number | undefined,
): RecordState[] {
  const values = Object.fromEntries(fields.map((field) => [field, null]));
  return [
    ...records.map((record) => stateOf(record, fields, ownUserId)),
    ...[...odd.keys()].map((id) => ({ key: String(id), version: 'odd', values })),
  ];
}

/** An idle poll is one call; the last page of others takes a second one, to know that it is the last. */
export async function listChanges(
  deps: ListDeps,
  request: { fields: readonly string[]; cursor: string },
): Promise<ChangePage> {
  const { models, table, ownUserId } = deps;
  const { read, list } = await readPage(deps, parsed(request.cursor));
  const { sinceMs, nextMs, serverMs, ownMs } = list;
  const rest = table.changedSince(wireInstant(sinceMs));
  const more = await hasMore(models, table, { page: read, limit: recordsPerRead, rest });
  const cursor: Cursor = more
    ? { ...list, afterId: read.lastId ?? 0 }
    : { sinceMs: nextMs, afterId: 0, serverMs, ownMs };
  return {
    records: listed(read, request.fields, ownUserId),
    cursor: JSON.stringify(cursor),
    complete: !more,
  };
}
