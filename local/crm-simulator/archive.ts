import { badRequest, notFound } from './api-error.ts';
import { type Column, type ColumnContext, dynamicTables, type Provider, providers } from './columns.ts';
import type { Conditions } from './conditions.ts';
import type { CustomChanges } from './custom-changes.ts';
import { type DateStyle, dayText, instantText } from './date-text.ts';
import { type Filter, filterPredicate, parseFilter } from './filter.ts';
import type { Json, JsonObject } from './json.ts';
import { mergeLog } from './merge-log.ts';
import { allRecords, type Database, flagValue, type StoredRecord } from './records.ts';
import { type RawValue, restriction } from './restriction.ts';
import { isForbidden, noAccess, visible } from './rights.ts';
import { tidyText } from './tidy-text.ts';

export type ArchiveQuery = {
  select?: string;
  filter?: string;
  orderBy?: string;
  top?: string;
  skip?: string;
  entities?: string;
  /** `Full`: each column has its raw value beside what it shows. */
  mode?: string;
};

export type ArchiveContext = ColumnContext & {
  database: Database;
  dates: DateStyle;
  conditions: Conditions;
  /** The query's own address with another `$skip`, for `odata.nextLink`; undefined for a POST. */
  nextLink?: (skip: number) => string;
};

/** The provider of that name; the dynamic one is chosen by the table of its columns. */
export function archiveProvider(name: string, query: ArchiveQuery): Provider {
  if (name.toLowerCase() !== 'dynamic') {
    const provider = providers[name.toLowerCase()];
    if (provider === undefined) throw notFound(`There is no archive provider '${name}'.`);
    return provider;
  }
  const table = splitNames(query.select ?? '')[0]
    ?.split('.')[0]
    ?.toLowerCase();
  if (table === 'mergemovelog') return mergeLog;
  const provider = Object.entries(dynamicTables).find(([key]) => key === table)?.[1];
  if (provider === undefined) throw badRequest('A dynamic query needs columns of a known table.');
  return provider;
}

/**
 * Runs a query in Slim mode: `PrimaryKey` is a string, lists show their item's name; in Full mode it is a number, and each
 * column has two values (spec 3.6). That the raw value of a list is its id as a moniker is assumed.
 */
export function runArchive(provider: Provider, query: ArchiveQuery, context: ArchiveContext): JsonObject {
  if (provider.rows === undefined && context.conditions.unreadableTypes.includes(provider.type)) throw noAccess();
  const offered = { ...provider, columns: columnsNow(provider, context.conditions.customFields) };
  const selected = splitNames(query.select ?? '').map((name) => ({ name, column: findColumn(offered, name) }));
  const columns =
    selected.length > 0 ? selected : Object.entries(offered.columns).map(([name, column]) => ({ name, column }));
  const matches = matcher(provider, query.filter, context.dates);
  const rows = sorted(provider, query.orderBy, listedRows(provider, query, context).filter(matches));
  const skip = wholeNumber('$skip', query.skip) ?? 0;
  const { pageRows, nextLinks } = context.conditions;
  const top = Math.min(wholeNumber('$top', query.top) ?? rows.length, pageRows > 0 ? pageRows : rows.length);
  const page = rows.slice(skip, skip + top);
  if (showsRecords(provider) && page.some((record) => isForbidden(context.conditions, record))) throw noAccess();
  const hasMore = skip + page.length < rows.length;
  return {
    'odata.metadata': `Archive/${provider.entityName}/$metadata`,
    'odata.nextLink':
      hasMore && nextLinks && context.nextLink !== undefined ? context.nextLink(skip + page.length) : null,
    value: page.map((record) => ({
      PrimaryKey: isFull(query) ? record.id : `${record.id}`,
      EntityName: entityNameOf(provider, record),
      ...Object.fromEntries(
        columns.flatMap(({ name, column }): [string, Json][] => {
          const shown = shownValue(column, record, context);
          if (!isFull(query)) return [[name, shown]];
          return [
            [`Column.${name}.RawValue`, rawValue(column, record) ?? shown],
            [`Column.${name}.DisplayValue`, shown],
          ];
        }),
      ),
    })),
  };
}

function isFull({ mode }: ArchiveQuery): boolean {
  return mode?.toLowerCase() === 'full';
}

/** Ids as monikers; nothing where the raw value is what is shown. */
function rawValue(column: Column, record: StoredRecord): Json | undefined {
  const raw = column.raw(record);
  return column.restriction === 'list' && typeof raw === 'number' ? `[I:${raw}]` : undefined;
}

/** Kinds of row that were asked for, less what the caller may not see. */
function listedRows(provider: Provider, query: ArchiveQuery, { database, conditions }: ArchiveContext): StoredRecord[] {
  if (provider.rows !== undefined) return provider.rows(database);
  const kinds = splitNames(query.entities ?? '').map((name) => name.toLowerCase());
  const listed = allRecords(database, provider.type)
    .filter(isListed)
    .filter((record) => kinds.length === 0 || kinds.includes(entityNameOf(provider, record).toLowerCase()));
  return listed
    .filter((record) => conditions.listsRefuseForbidden || !isForbidden(conditions, record))
    .map((record) => visible(conditions, record));
}

/** Tables of the database show ids and stamps of records that are refused as a whole. */
const showsRecords = (provider: Provider): boolean =>
  provider.rows === undefined && !Object.values(dynamicTables).includes(provider);

/** A retired person is a row of a kind of its own (spec 3.6). */
function entityNameOf({ entityName }: Provider, record: StoredRecord): string {
  return entityName === 'person' && flagValue(record, 'Retired') ? 'retiredPerson' : entityName;
}

/** Soft-deleted companies and persons stay listed and carry a mark; a deleted project is simply gone (spec 3.2). */
const isListed = (record: StoredRecord): boolean => record.type !== 'project' || record.deletedMs === null;

const splitNames = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** Without those of user-defined fields that are gone. */
function columnsNow({ type, columns }: Provider, changes: CustomChanges): Provider['columns'] {
  const gone = Object.entries(changes[type] ?? {}).flatMap(([progId, change]) =>
    change.gone ? [`Udef/${progId}`] : [],
  );
  return Object.fromEntries(Object.entries(columns).filter(([name]) => !gone.some((end) => name.endsWith(end))));
}

/** Names are not case-sensitive, and a dot may stand for the slash of a sub-column. */
function findColumn(provider: Provider, name: string): Column {
  const spelled = (text: string) => text.toLowerCase().replaceAll('.', '/');
  const entry = Object.entries(provider.columns).find(([key]) => spelled(key) === spelled(name));
  if (entry === undefined) throw badRequest(`Unknown column '${name}'.`);
  return entry[1];
}

function matcher(provider: Provider, source: string | undefined, dates: DateStyle): (record: StoredRecord) => boolean {
  if (source === undefined || source.trim() === '') return () => true;
  const filter: Filter = parseFilter(source);
  return filterPredicate<StoredRecord>(filter, (name, operator, operands) => {
    const column = findColumn(provider, name);
    // A day has no zone: it is compared as it is written.
    const style =
      column.dates === 'day' ? { ...dates, zone: 'UTC', filterTimes: 'in-zone-of-request' as const } : dates;
    const test = restriction(column.restriction, operator, operands, style);
    return (record) => test(column.raw(record));
  });
}

function sorted(provider: Provider, orderBy: string | undefined, rows: StoredRecord[]): StoredRecord[] {
  const keys = splitNames(orderBy ?? '').map((part) => {
    const [name = '', direction = 'asc'] = part.split(/\s+/);
    const column = findColumn(provider, name);
    if (column.unsorted) throw badRequest(`Column '${name}' cannot be used in $orderBy.`);
    return { column, sign: direction.toLowerCase() === 'desc' ? -1 : 1 };
  });
  return rows.sort((a, b) => {
    for (const { column, sign } of keys) {
      const order = compareRaw(column.raw(a), column.raw(b));
      if (order !== 0) return order * sign;
    }
    return 0;
  });
}

function compareRaw(a: RawValue, b: RawValue): number {
  if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b);
  const difference = Number(a ?? Number.MIN_SAFE_INTEGER) - Number(b ?? Number.MIN_SAFE_INTEGER);
  return difference;
}

function shownValue(column: Column, record: StoredRecord, context: ArchiveContext): Json {
  if (column.shown !== undefined) return column.shown(record, context);
  const raw = column.raw(record);
  if (column.dates === undefined) {
    return typeof raw === 'string' && context.conditions.archivesTidyTexts ? tidyText(raw, column.tidied) : raw;
  }
  const ms = typeof raw === 'number' ? raw : null;
  if (column.dates === 'instant') return instantText(ms, context.dates);
  return dayText(ms === null ? '' : new Date(ms).toISOString().slice(0, 10), context.dates);
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^\d+$/.test(text)) throw badRequest(`${name} must be a whole number.`);
  return Number(text);
}
