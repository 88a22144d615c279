/**
 * Never skips a record: pages go by id, so that an edit between two of them moves nothing, and a record edited after its
 * page is in the next poll, whose start is the server's clock when the first page began, less the overlap.
 */
import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import type { ChangePage } from '../../../../ports/record-system.ts';
import type { Models } from '../wire/models.ts';
import { wireInstant } from '../wire/wire-values.ts';
import { recordsPerRead, searchRecords, stateOf } from './read-records.ts';
import type { RecordTable } from './record.ts';

/**
 * Rows carry the time their transaction began and are seen when it commits. A call to Tryton is cut off after 60 s
 * (`[request] timeout`); the rest is for scripts and for a database whose clock differs from the server's. What takes
 * longer is found by the daily compare run.
 */
const overlapMs = 120_000;

const Cursor = z.strictObject({
  /** Changes at or after this instant … */
  sinceMs: z.number().int(),
  /** … of records with a greater id … */
  afterId: z.number().int(),
  /** … and where the next poll starts once all pages are read. */
  nextMs: z.number().int().optional(),
});
type Cursor = z.infer<typeof Cursor>;

function parsed(cursor: string): Cursor {
  try {
    return Cursor.parse(JSON.parse(cursor));
  } catch (cause) {
    throw new SyncError('defect', 'The cursor is not one of the Tryton connector.', { cause });
  }
}

/** The cursor of now. */
export async function startCursor(models: Models, table: RecordTable): Promise<string> {
  const { beganAtMs } = await searchRecords(models, table, { domain: [['id', '=', 0]] });
  return JSON.stringify({ sinceMs: beganAtMs - overlapMs, afterId: 0 } satisfies Cursor);
}

/** One call a page; an idle poll is one call. */
export async function listChanges(
  deps: { models: Models; table: RecordTable; ownUserId: number | undefined },
  request: { fields: readonly string[]; cursor: string },
): Promise<ChangePage> {
  const { models, table, ownUserId } = deps;
  const { sinceMs, afterId, nextMs } = parsed(request.cursor);
  const domain = [['id', '>', afterId], ...table.changedSince(wireInstant(sinceMs))];
  const { records, beganAtMs } = await searchRecords(models, table, { domain, limit: recordsPerRead });
  const next = nextMs ?? Math.max(sinceMs, beganAtMs - overlapMs);
  const complete = records.length < recordsPerRead;
  const cursor: Cursor = complete
    ? { sinceMs: next, afterId: 0 }
    : { sinceMs, afterId: records.at(-1)?.id ?? afterId, nextMs: next };
  return {
    records: records.map((record) => stateOf(record, request.fields, ownUserId)),
    cursor: JSON.stringify(cursor),
    complete,
  };
}
