import type { Side } from '../core/model/side.ts';

interface StoredCursor {
  readonly cursor: string;
  readonly revision: number;
}

/** Per connection, side and record table. A cursor never moves back: every write is on condition of the revision read. */
export interface Cursors {
  get(tenantId: string, connectionId: string, side: Side, table: string): Promise<StoredCursor | undefined>;
  /** `revision` 0 = there is none yet. False = somebody moved it meanwhile. */
  store(
    tenantId: string,
    connectionId: string,
    side: Side,
    table: string,
    cursor: string,
    revision: number,
  ): Promise<boolean>;
}
