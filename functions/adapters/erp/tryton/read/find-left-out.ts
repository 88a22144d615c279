/**
 * A search leaves out what a record rule hides, what a server caps and what is gone, all alike. Read by their ids these
 * answer differently, so that a record counts as missing only where Tryton says that it does not exist.
 */
import { SyncError } from '../../../../core/errors.ts';
import type { Models } from '../wire/models.ts';
import { parseRows } from './parse-rows.ts';
import type { RecordTable, TrytonRecord } from './record.ts';

export interface LeftOut {
  readonly records: readonly TrytonRecord[];
  readonly missing: readonly number[];
  /** Hidden from our user, or of a shape that cannot be made out. */
  readonly failed: ReadonlyMap<number, SyncError>;
}

/** Tryton names the first five ids that it could not read: `records "12, 13" of …`. */
function namedIds({ explanation = '' }: SyncError, asked: readonly number[]): readonly number[] {
  const [, list = ''] = /"([\d, .]+)"/.exec(explanation) ?? [];
  const named = new Set(list.match(/\d+/g)?.map(Number));
  return asked.filter((id) => named.has(id));
}

function joined(...parts: readonly LeftOut[]): LeftOut {
  return {
    records: parts.flatMap(({ records }) => records),
    missing: parts.flatMap(({ missing }) => missing),
    failed: new Map(parts.flatMap(({ failed }) => [...failed])),
  };
}

function refusedFor(ids: readonly number[], error: SyncError): LeftOut {
  if (error.kind === 'missing') return { records: [], missing: ids, failed: new Map() };
  return { records: [], missing: [], failed: new Map(ids.map((id) => [id, error])) };
}

export async function findLeftOut(models: Models, table: RecordTable, ids: readonly number[]): Promise<LeftOut> {
  if (ids.length === 0) return { records: [], missing: [], failed: new Map() };
  try {
    const rows = await models.read(table.model, ids, table.readFields);
    const { records, odd } = parseRows(table, rows);
    return { records, missing: [], failed: odd };
  } catch (error) {
    if (!(error instanceof SyncError) || (error.kind !== 'missing' && error.kind !== 'forbidden')) throw error;
    const refused = ids.length === 1 ? ids : namedIds(error, ids);
    if (refused.length > 0) {
      const others = ids.filter((id) => !refused.includes(id));
      return joined(refusedFor(refused, error), await findLeftOut(models, table, others));
    }
    const middle = Math.ceil(ids.length / 2);
    const first = await findLeftOut(models, table, ids.slice(0, middle));
    return joined(first, await findLeftOut(models, table, ids.slice(middle)));
  }
}
