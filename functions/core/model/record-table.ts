import type { Side } from './side.ts';

/** A record table on one side of a connection: cursors are kept and keys are claimed by it. */
export interface RecordTable {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly side: Side;
  readonly table: string;
}
