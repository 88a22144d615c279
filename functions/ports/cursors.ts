import type { RecordTable } from '../core/model/record-table.ts';
import type { Side } from '../core/model/side.ts';

interface StoredCursor {
  readonly cursor: string;
  readonly revision: number;
  /** When it was stored, an instant by our clock; absent = by an earlier version. */
  readonly storedAt?: string | undefined;
}

/** Where a cursor goes, and the revision that was read. */
export interface CursorMove {
  readonly cursor: string;
  readonly revision: number;
}

export interface TableCursor extends StoredCursor {
  readonly side: Side;
  readonly table: string;
}

/** Per connection, side and record table. A cursor never moves back: every write is on condition of the revision read. */
export interface Cursors {
  get(of: RecordTable): Promise<StoredCursor | undefined>;
  /** `revision` 0 = there is none yet. False = somebody moved it meanwhile. */
  store(of: RecordTable, cursor: string, revision: number): Promise<boolean>;
}
