/**
 * Always true: a row that the connector cannot make out is one record's trouble; its neighbours are read and listed. Only
 * where none of several rows is as expected it is the server's, and the call fails.
 * Test: test/adapters/erp/tryton/read/odd-rows.test.ts.
 */
import * as z from 'zod';
import { asSyncError, SyncError } from '../../../../core/errors.ts';
import { answerAs } from '../wire/answer-as.ts';
import type { RecordTable, TrytonRecord } from './record.ts';

const Identified = z.looseObject({ id: z.number().int() });

export interface ParsedRows {
  readonly records: readonly TrytonRecord[];
  /** Rows of another shape, by their ids. */
  readonly odd: ReadonlyMap<number, SyncError>;
  /** Of the last row, odd or not. */
  readonly lastId: number | undefined;
}

export function parseRows(table: RecordTable, rows: readonly unknown[]): ParsedRows {
  const records: TrytonRecord[] = [];
  const odd = new Map<number, SyncError>();
  let lastId: number | undefined;
  for (const row of rows) {
    const { id } = answerAs(Identified, row);
    lastId = id;
    try {
      records.push(table.parse(row));
    } catch (thrown) {
      const error = asSyncError(thrown);
      if (rows.length > 1 && odd.size === rows.length - 1) throw error;
      const { message, explanation } = error;
      odd.set(id, new SyncError('defect', message, { cause: error, ...(explanation && { explanation }) }));
    }
  }
  return { records, odd, lastId };
}
