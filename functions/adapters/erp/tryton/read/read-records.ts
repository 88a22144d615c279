import { batches } from '../../../../core/batches.ts';
import { SyncError } from '../../../../core/errors.ts';
import type { Values } from '../../../../core/values/value.ts';
import type { RecordState } from '../../../../ports/record-system.ts';
import type { Models, SearchRead } from '../wire/models.ts';
import { findLeftOut } from './find-left-out.ts';
import type { RecordTable, TrytonRecord } from './record.ts';
import { changedAtMs, lastWriterIs, versionOf } from './version.ts';

/** Records that one call reads: 1000 parties with all their children took 2 s on SQLite. */
export const recordsPerRead = 200;

/** Largest id a database holds (PostgreSQL `integer`); above it the search itself fails. */
const largestId = 2_147_483_647;

/** The id that a key names; undefined for a text that no record of Tryton can have. */
export function idOf(key: string): number | undefined {
  return /^[1-9]\d{0,9}$/.test(key) && Number(key) <= largestId ? Number(key) : undefined;
}

export interface ReadRecords {
  readonly records: readonly TrytonRecord[];
  /** The server's clock when the read began. */
  readonly beganAtMs: number;
  /** Our own clock then. */
  readonly sentAtMs: number;
}

export async function searchRecords(
  models: Models,
  table: RecordTable,
  search: Pick<SearchRead, 'domain' | 'limit'>,
): Promise<ReadRecords> {
  const answer = await models.searchRead(table.model, { ...search, fields: table.readFields });
  if (answer.beganAtMs === undefined) {
    throw new SyncError('misconfigured', 'The server does not tell its time.', {
      explanation: 'Answers of this server have no Date header. Something in front of Tryton removes it.',
    });
  }
  const { beganAtMs, sentAtMs } = answer;
  return { records: answer.rows.map((row) => table.parse(row)), beganAtMs, sentAtMs };
}

/** Each key is in one of the three. */
export interface ReadByKeys {
  readonly found: ReadonlyMap<string, TrytonRecord>;
  readonly missing: readonly string[];
  readonly failed: ReadonlyMap<string, SyncError>;
  readonly beganAtMs: number;
}

/**
 * Searched and read in one call: reading the id of a record that is gone would fail the whole call. Only what the search
 * left out is asked for by its id. A record that lost its category is still there.
 */
export async function readByKeys(models: Models, table: RecordTable, keys: readonly string[]): Promise<ReadByKeys> {
  const unique = [...new Set(keys)];
  const ids = unique.map(idOf).filter((id) => id !== undefined);
  const failed = new Map<string, SyncError>();
  const found = new Map<string, TrytonRecord>();
  let beganAtMs = Number.POSITIVE_INFINITY;
  for (const slice of batches(ids.length === 0 ? [0] : ids, recordsPerRead)) {
    const read = await searchRecords(models, table, { domain: [['id', 'in', slice]] });
    const seen = new Set(read.records.map(({ id }) => id));
    const leftOut = await findLeftOut(
      models,
      table,
      slice.filter((id) => id !== 0 && !seen.has(id)),
    );
    for (const record of [...read.records, ...leftOut.records]) found.set(String(record.id), record);
    for (const { id, error } of leftOut.hidden) failed.set(String(id), error);
    beganAtMs = Math.min(beganAtMs, read.beganAtMs);
  }
  return { found, missing: unique.filter((key) => !found.has(key) && !failed.has(key)), failed, beganAtMs };
}

export function valuesOf(record: TrytonRecord, fields: readonly string[]): Values {
  return Object.fromEntries(fields.map((field) => [field, record.value(field, fields)]));
}

/**
 * Whether the search would give more than this page of it, which ends after `last`. Only an empty answer is an end: a
 * server may give fewer records than asked for.
 */
export async function hasMore(
  models: Models,
  table: RecordTable,
  { page, limit, rest }: { page: readonly TrytonRecord[]; limit: number; rest: readonly unknown[] },
): Promise<boolean> {
  const last = page.at(-1);
  if (last === undefined) return false;
  return page.length >= limit || models.hasAny(table.model, [['id', '>', last.id], ...rest]);
}

/** `ownUserId`: the user of this connection, where nobody else signs in as it. */
export function stateOf(record: TrytonRecord, fields: readonly string[], ownUserId: number | undefined): RecordState {
  return {
    key: String(record.id),
    version: versionOf(record.rows),
    values: valuesOf(record, fields),
    changedAtMs: changedAtMs(record.rows),
    lastWriterIsUs: ownUserId === undefined ? undefined : lastWriterIs(ownUserId, record.rows),
    standing: record.standing,
  };
}
