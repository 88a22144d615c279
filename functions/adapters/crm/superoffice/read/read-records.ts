import { batches } from '../../../../core/batches.ts';
import type { RecordState } from '../../../../ports/record-system.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import { valuesOfRow } from '../fields/canonical.ts';
import { instantMs, versionOf } from '../fields/instants.ts';
import type { RecordField, RecordType } from '../fields/record-types.ts';
import type { Session } from '../session/session.ts';
import { type ArchivePage, type Row, readArchive } from './archive.ts';

export interface Reading {
  readonly session: Session;
  readonly runtime: Runtime;
  /** Log-in name of our own user, as the updated-by column shows it; undefined where the CRM does not say. */
  ownName(): Promise<string | undefined>;
}

const idsPerCall = 100;
const primaryKey = /^[1-9]\d{0,9}$/;

/** Columns of a record's row: its key, its stamps and the fields. */
export function columnsOf({ columns }: RecordType, fields: readonly RecordField[]): string[] {
  const own = [columns.key, columns.updated, columns.updatedBy];
  return [
    ...new Set([...own, ...(columns.deleted ? [columns.deleted.name] : []), ...fields.map((field) => field.column)]),
  ];
}

function isDeleted(row: Row, { columns: { deleted } }: RecordType): boolean {
  if (!deleted) return false;
  const mark = row[deleted.name];
  return deleted.kind === 'date' ? instantMs(mark) !== null : mark === true || mark === 1 || mark === 'True';
}

/** The records that rows show, in their order: a joined column could repeat a row, and deleted ones are left out. */
export function recordsOf(
  rows: readonly Row[],
  recordType: RecordType,
  fields: readonly RecordField[],
  ownName: string | undefined,
): RecordState[] {
  const records = new Map<string, RecordState>();
  for (const row of rows) {
    const key = String(row[recordType.columns.key]);
    if (records.has(key) || isDeleted(row, recordType)) continue;
    const updated = row[recordType.columns.updated];
    const updatedBy = row[recordType.columns.updatedBy];
    records.set(key, {
      key,
      version: versionOf(updated),
      values: valuesOfRow(row, fields),
      changedAtMs: instantMs(updated) ?? undefined,
      lastWriterIsUs: ownName === undefined ? undefined : updatedBy === ownName,
    });
  }
  return [...records.values()];
}

export interface RecordsRead {
  /** In the order of the keys. */
  readonly records: readonly RecordState[];
  readonly missing: readonly string[];
  /** Undefined if nothing had to be read. */
  readonly readAtMs?: number;
}

/** Many records by key, at most 100 a call (spec 3.2); soft-deleted ones are missing. */
export async function readRecords(
  { session, runtime, ownName }: Reading,
  recordType: RecordType,
  keys: readonly string[],
  fields: readonly RecordField[],
): Promise<RecordsRead> {
  const wanted = [...new Set(keys)];
  const ids = wanted.filter((key) => primaryKey.test(key));
  const pages: ArchivePage[] = [];
  for (const some of batches(ids, idsPerCall)) {
    const page = await readArchive(session, runtime, {
      provider: recordType.provider,
      entities: recordType.entities,
      select: columnsOf(recordType, fields),
      filter: `${recordType.columns.key} in (${some.join(',')})`,
      top: some.length,
    });
    pages.push(page);
  }
  const rows = pages.flatMap((page) => page.rows);
  const found = recordsOf(rows, recordType, fields, rows.length > 0 ? await ownName() : undefined);
  const byKey = new Map(found.map((record) => [record.key, record]));
  return {
    records: wanted.flatMap((key) => byKey.get(key) ?? []),
    missing: wanted.filter((key) => !byKey.has(key)),
    readAtMs: pages.length > 0 ? Math.min(...pages.map((page) => page.readAtMs)) : undefined,
  };
}
