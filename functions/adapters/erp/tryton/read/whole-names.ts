import { asSyncError } from '../../../../core/errors.ts';
import type { Values } from '../../../../core/values/value.ts';
import type { NameChange, WholeNames } from '../../../../ports/record-system.ts';
import { composeName } from '../fields/write-name.ts';
import type { Models } from '../wire/models.ts';
import { readByKeys } from './read-records.ts';
import type { RecordTable } from './record.ts';

function nameAfter(now: string | null, values: Values, mapped: readonly string[]): string | null {
  try {
    const composed = composeName(now, values, mapped);
    return composed === undefined ? now : composed;
  } catch (error) {
    if (asSyncError(error).kind === 'rejected') return now;
    throw error;
  }
}

/** The one name of each party, whole, with all words that are in no mapped part. */
export async function wholeNames(
  { models, table }: { readonly models: Models; readonly table: RecordTable },
  changes: readonly NameChange[],
  mapped: readonly string[],
): Promise<WholeNames> {
  const { found } = await readByKeys(
    models,
    table,
    changes.map(({ key }) => key),
  );
  return new Map(
    changes.flatMap(({ key, values }) => {
      const record = found.get(key);
      if (!record) return [];
      const name = record.value('NAME', mapped);
      const now = typeof name === 'string' ? name : null;
      return [[key, { now, after: nameAfter(now, values, mapped) }] as const];
    }),
  );
}
