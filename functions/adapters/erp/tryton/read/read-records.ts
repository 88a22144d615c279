import { batches } from '../../../../core/batches.ts';
import { asSyncError, SyncError } from '../../../../core/errors.ts';
import type { Values } from '../../../../core/values/value.ts';
import type { RecordState } from '../../../../ports/record-system.ts';
import type { Models, SearchRead } from '../wire/models.ts';
import { findLeftOut } from './find-left-out.ts';
import { type ParsedRows, parseRows } from './parse-rows.ts';
import type { RecordTable, TrytonRecord } from './record.ts';
import { changedAtMs, lastWriterIs, versionOf } from './version.ts';

/** Records that one call reads: 1000 parties with all their children took 2 s on SQLite. */
export const recordsPerRead = 200;

/** Above it a database may fail on the search itself (PostgreSQL `integer`). */
export const largestInteger = 2_147_483_647;

/** The id that a key names; undefined for a text that no record of Tryton can have. SQLite holds ids above 32 bits. */
export function idOf(key: string): number | undefined {
  return /^[1-9]\d{0,15}$/.test(key) && Number.isSafeInteger(Number(key)) ? Number(key) : undefined;
}

const noKey = (): SyncError =>
  new SyncError('rejected', 'The key is none that a record of Tryton can have.', {
    explanation: 'Tryton knows its records by whole numbers from 1 on; the key is no such number.',
  });

export interface ReadRecords extends ParsedRows {
  /** Rows of the answer, odd ones too. */
  readonly rows: number;
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
  return { ...parseRows(table, answer.rows), rows: answer.rows.length, beganAtMs, sentAtMs };
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
  const failed = new Map(unique.filter((key) => idOf(key) === undefined).map((key) => [key, noKey()]));
  const found = new Map<string, TrytonRecord>();
  let beganAtMs = Number.POSITIVE_INFINITY;
  const readSome = async (slice: readonly number[]) => {
    const read = await searchRecords(models, table, { domain: [['id', 'in', slice]] });
    const seen = new Set([...read.records.map(({ id }) => id), ...read.odd.keys()]);
    const leftOut = await findLeftOut(
      models,
      table,
      slice.filter((id) => id !== 0 && !seen.has(id)),
    );
    for (const record of [...read.records, ...leftOut.records]) found.set(String(record.id), record);
    for (const [id, error] of [...read.odd, ...leftOut.failed]) failed.set(String(id), error);
    beganAtMs = Math.min(beganAtMs, read.beganAtMs);
  };
  const plain = ids.filter((id) => id <= largestInteger);
  for (const slice of batches(plain.length === 0 ? [0] : plain, recordsPerRead)) await readSome(slice);
  const large = ids.filter((id) => id > largestInteger);
  for (const slice of batches(large, recordsPerRead)) {
    try {
      await readSome(slice);
    } catch (thrown) {
      const error = asSyncError(thrown);
      if (error.kind !== 'defect') throw error;
      for (const id of slice) failed.set(String(id), noKey());
    }
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
  { page, limit, rest }: { page: ReadRecords; limit: number; rest: readonly unknown[] },
): Promise<boolean> {
  if (page.lastId === undefined) return false;
  return page.rows >= limit || models.hasAny(table.model, [['id', '>', page.lastId], ...rest]);
}

/** `ownUserId`: the user of this connection, where nobody else signs in as it. */
export function stateOf(record: TrytonRecord, fields: readonly string[], ownUserId: number | undefined): RecordState {
  return {
    key: String(record.id),
    version: versionOf(record.rows),
    values: valuesOf(record, fields),
    name: record.name,
    changedAtMs: changedAtMs(record.rows),
    lastWriterIsUs: ownUserId === undefined ? undefined : lastWriterIs(ownUserId, record.rows),
    standing: record.standing,
  };
}
