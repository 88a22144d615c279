import { batches } from '../../../../core/batches.ts';
import { SyncError } from '../../../../core/errors.ts';
import type { Values } from '../../../../core/values/value.ts';
import type { RecordState } from '../../../../ports/record-system.ts';
import type { Models, SearchRead } from '../wire/models.ts';
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
  return { records: answer.rows.map((row) => table.parse(row)), beganAtMs: answer.beganAtMs };
}

/**
 * Searched and read in one call: reading the id of a record that is gone would fail the whole call. Answers in the order
 * of the ids found; a record that lost its category is still there.
 */
export async function readByKeys(
  models: Models,
  table: RecordTable,
  keys: readonly string[],
): Promise<{ found: ReadonlyMap<string, TrytonRecord>; beganAtMs: number }> {
  const ids = [...new Set(keys)].map(idOf).filter((id) => id !== undefined);
  const found = new Map<string, TrytonRecord>();
  let beganAtMs = Number.POSITIVE_INFINITY;
  for (const slice of batches(ids.length === 0 ? [0] : ids, recordsPerRead)) {
    const read = await searchRecords(models, table, { domain: [['id', 'in', slice]] });
    for (const record of read.records) found.set(String(record.id), record);
    beganAtMs = Math.min(beganAtMs, read.beganAtMs);
  }
  return { found, beganAtMs };
}

export function valuesOf(record: TrytonRecord, fields: readonly string[]): Values {
  return Object.fromEntries(fields.map((field) => [field, record.value(field, fields)]));
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
