import { SyncError } from '../../../../core/errors.ts';
import { isEntity } from '../fields/canonical.ts';
import type { RecordField } from '../fields/record-types.ts';
import type { Row } from './archive.ts';

/**
 * The raw value of a column in a row of mode *Full* (spec 3.6). How the vendor nests it is not documented: both ways that
 * its description allows are read, and a row without it is nothing that could be taken for a blank.
 */
function rawIn(row: Row, column: string): unknown {
  const flat = row[`Column.${column}.RawValue`];
  if (flat !== undefined) return flat;
  const columns = isEntity(row.Column) ? row.Column : row;
  const nested = columns[column];
  return isEntity(nested) ? nested.RawValue : undefined;
}

/** What the column shows in a row of mode *Full*. */
export function shownIn(row: Row, column: string): unknown {
  const flat = row[`Column.${column}.DisplayValue`];
  if (flat !== undefined) return flat;
  const columns = isEntity(row.Column) ? row.Column : row;
  const nested = columns[column];
  return isEntity(nested) ? nested.DisplayValue : undefined;
}

/** The key of a row, whichever mode it is of. */
export function keyOf(row: Row, column: string): unknown {
  return rawIn(row, column) ?? row[column];
}

/** Raw ids of list items, by the column of their field. */
export function rawItems(row: Row, fields: readonly RecordField[]): Row {
  return Object.fromEntries(
    fields.map(({ column }) => {
      const raw = rawIn(row, column);
      if (raw !== undefined) return [column, raw];
      throw new SyncError('misconfigured', `The CRM does not tell the raw value of ${column}.`, {
        explanation:
          'This CRM does not show the ids of list items in its lists of records: map no list field but country.',
      });
    }),
  );
}
