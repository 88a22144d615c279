import { asSyncError } from '../../../../core/errors.ts';
import type { RecordState } from '../../../../ports/record-system.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import { filterInstant, versionOf } from '../fields/instants.ts';
import type { RecordField, RecordType } from '../fields/record-types.ts';
import type { Session } from '../session/session.ts';
import { type Row, readArchive } from './archive.ts';

const column = {
  id: 'mergemovelog.mergemovelog_id',
  table: 'mergemovelog.tableNumber',
  from: 'mergemovelog.sourceRecord',
  into: 'mergemovelog.destinationRecord',
  at: 'mergemovelog.registered',
} as const;
const rowsPerPage = 200;
const longestChain = 5;

/** What the log of merges says, the only trace of a merge (spec 3.8; `database/tables/mergemovelog.md`). */
async function mergedRecords(
  session: Session,
  runtime: Runtime,
  recordType: RecordType,
  fields: readonly RecordField[],
  filter: string,
): Promise<RecordState[]> {
  const rows = await logRows(session, runtime, filter);
  const values = Object.fromEntries(fields.map((field) => [field.metadata.key, null]));
  const records = rows
    .filter((row) => Number(row[column.table]) === recordType.tableNumber)
    .map((row): RecordState => {
      const into = String(row[column.into]);
      const standing = { kind: 'merged' as const, into };
      return {
        key: String(row[column.from]),
        version: `merged ${into} ${versionOf(row[column.at])}`,
        values,
        standing,
      };
    });
  return [...new Map(records.map((record) => [record.key, record])).values()];
}

/** Records that were merged, or only moved, since. */
export function mergedSince(
  session: Session,
  runtime: Runtime,
  recordType: RecordType,
  fields: readonly RecordField[],
  sinceMs: number,
): Promise<RecordState[]> {
  return mergedRecords(session, runtime, recordType, fields, `${column.at} afterTime '${filterInstant(sinceMs)}'`);
}

/**
 * Those of the records that were merged away, each with the record that stands in its place today: what it was merged into may have
 * been merged in its turn.
 */
export async function mergedAway(
  session: Session,
  runtime: Runtime,
  recordType: RecordType,
  fields: readonly RecordField[],
  keys: readonly string[],
): Promise<RecordState[]> {
  const read = (some: readonly string[]) =>
    mergedRecords(session, runtime, recordType, fields, `${column.from} in (${some.join(',')})`);
  const records = await read(keys);
  const next = new Map<string, string>();
  let asked = records.flatMap(intoOf);
  for (let step = 0; step < longestChain && asked.length > 0; step += 1) {
    const further = await read([...new Set(asked)]);
    for (const record of further) for (const into of intoOf(record)) next.set(record.key, into);
    asked = further.flatMap(intoOf).filter((key) => !next.has(key));
  }
  return records.map((record) => {
    const [first] = intoOf(record);
    return first === undefined ? record : { ...record, standing: { kind: 'merged', into: lastOf(first, next) } };
  });
}

function intoOf({ standing }: RecordState): string[] {
  return standing?.kind === 'merged' && standing.into !== undefined ? [standing.into] : [];
}

function lastOf(key: string, next: ReadonlyMap<string, string>): string {
  let last = key;
  for (let step = 0; step <= next.size; step += 1) last = next.get(last) ?? last;
  return last;
}

/** Rows in the order of their ids; a tenant that does not offer the log has none. */
async function logRows(session: Session, runtime: Runtime, filter: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let lastId = 0; ; ) {
    const page = await readArchive(session, runtime, {
      provider: 'dynamic',
      select: Object.values(column),
      filter: `${filter} and ${column.id} gt ${lastId}`,
      orderBy: column.id,
      top: rowsPerPage,
      ofRecords: true,
    }).catch((error: unknown) => {
      const failure = asSyncError(error);
      if (['misconfigured', 'forbidden', 'missing'].includes(failure.kind)) return undefined;
      throw failure;
    });
    const last = Number(page?.rows.at(-1)?.[column.id]);
    if (!page || !(last > lastId)) return rows;
    rows.push(...page.rows);
    lastId = last;
  }
}
