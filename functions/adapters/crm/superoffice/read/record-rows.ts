import type { RecordState, Standing } from '../../../../ports/record-system.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import { isDayField, isItemField, nameIn, valuesOfRow } from '../fields/canonical.ts';
import { instantMs, versionOf } from '../fields/instants.ts';
import type { RecordField, RecordType } from '../fields/record-types.ts';
import type { Session } from '../session/session.ts';
import type { Row } from './archive.ts';
import { keyOf, rawItems, shownIn } from './item-rows.ts';
import { rowsByKey } from './rows-by-key.ts';

export interface Reading {
  readonly session: Session;
  readonly runtime: Runtime;
  /** Log-in name of our own user, as the updated-by column shows it; undefined where the CRM does not say. */
  ownName(): Promise<string | undefined>;
}

/** Columns of a record's row: its key, its stamps, its name, its standing and the fields; days and list items are read by themselves. */
export function columnsOf({ columns }: RecordType, fields: readonly RecordField[]): string[] {
  const marks = [columns.deleted?.name, columns.retired].flatMap((name) => name ?? []);
  const shown = fields.filter((field) => !isDayField(field) && !isItemField(field)).map((field) => field.column);
  return [...new Set([columns.key, columns.updated, columns.updatedBy, columns.name, ...marks, ...shown])];
}

const isSet = (mark: unknown): boolean => mark === true || mark === 1 || mark === 'True';

function standingOf(row: Row, { columns: { deleted, retired } }: RecordType): Standing | undefined {
  const mark = deleted && row[deleted.name];
  const isDeleted = deleted?.kind === 'date' ? instantMs(mark) !== null : isSet(mark);
  return isDeleted || (retired !== undefined && isSet(row[retired])) ? { kind: 'archived' } : undefined;
}

/**
 * The records that rows show, in their order; a joined column could repeat a row. Days come from a call of their own,
 * without a zone, and so do ids of list items; both after the first: a version is never newer than the values. A record that
 * one of them lacks is left out.
 */
export async function recordsOf(
  reading: Reading,
  recordType: RecordType,
  rows: readonly Row[],
  fields: readonly RecordField[],
): Promise<RecordState[]> {
  if (rows.length === 0) return [];
  const { key: keyColumn, updated, updatedBy, name } = recordType.columns;
  const [days, items] = [
    await dayRows(reading, recordType, rows, fields),
    await itemRows(reading, recordType, rows, fields),
  ];
  const ownName = await reading.ownName();
  const records = new Map<string, RecordState>();
  for (const row of rows) {
    const key = String(row[keyColumn]);
    const day = days?.get(key);
    const ids = items?.get(key);
    if (records.has(key) || (days && !day) || (items && !ids)) continue;
    const writers = [row, day, ids].flatMap((part) => (part ? [part[updatedBy]] : []));
    records.set(key, {
      key,
      version: versionOf(row[updated]),
      values: valuesOfRow({ ...row, ...daysOnly(day, fields), ...ids }, fields),
      name: nameIn(row[name]),
      changedAtMs: instantMs(row[updated]) ?? undefined,
      lastWriterIsUs: ownName === undefined ? undefined : writers.every((writer) => writer === ownName),
      standing: standingOf(row, recordType),
    });
  }
  return [...records.values()];
}

function daysOnly(row: Row | undefined, fields: readonly RecordField[]): Row {
  return Object.fromEntries(fields.filter(isDayField).map(({ column }) => [column, row?.[column]]));
}

/** Rows that show the day fields as the tenant's users see them, by key; undefined where no day is asked for. */
async function dayRows(
  { session, runtime }: Reading,
  recordType: RecordType,
  rows: readonly Row[],
  fields: readonly RecordField[],
): Promise<ReadonlyMap<string, Row> | undefined> {
  const days = fields.filter(isDayField);
  if (days.length === 0) return undefined;
  const { key, updatedBy } = recordType.columns;
  const select = [key, updatedBy, ...days.map((field) => field.column)];
  const keys = [...new Set(rows.map((row) => String(row[key])))];
  const read = await rowsByKey(session, runtime, recordType, keys, { select, zoneFree: true });
  return new Map(read.rows.map((row) => [String(row[key]), row]));
}

/** The ids of list items, by record and column, and who wrote it last; undefined where no list is asked for. */
async function itemRows(
  { session, runtime }: Reading,
  recordType: RecordType,
  rows: readonly Row[],
  fields: readonly RecordField[],
): Promise<ReadonlyMap<string, Row> | undefined> {
  const lists = fields.filter(isItemField);
  if (lists.length === 0) return undefined;
  const { key, updatedBy } = recordType.columns;
  const select = [key, updatedBy, ...lists.map((field) => field.column)];
  const keys = [...new Set(rows.map((row) => String(row[key])))];
  const read = await rowsByKey(session, runtime, recordType, keys, { select, raw: true });
  return new Map(
    read.rows.map((row) => [
      String(keyOf(row, key)),
      { ...rawItems(row, lists), [updatedBy]: shownIn(row, updatedBy) },
    ]),
  );
}
