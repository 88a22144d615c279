/**
 * Always true: a cursor never moves back, for every write is on condition of the revision that was read. A crash leaves the
 * cursor before the write or after it. Attacked by test/contract/stores-log-suite.ts and test/crash/every-port-call.test.ts.
 */

import * as z from 'zod';
import type { RecordTable } from '../../../../core/model/record-table.ts';
import { Side } from '../../../../core/model/side.ts';
import type { CursorMove, Cursors, TableCursor } from '../../../../ports/cursors.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import type { Item, Table, Write } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { readItem, storedItem } from '../table/stored-item.ts';

const type = 'cursor';
const FormerCursor = z.object({ cursor: z.string(), revision: z.number().int() });
const StoredCursor = FormerCursor.extend({ side: Side, table: z.string(), storedAt: z.string() });

export function cursorsStore({
  table,
  runtime,
}: {
  readonly table: Table;
  readonly runtime: Pick<Runtime, 'now'>;
}): Cursors {
  return {
    async get(of) {
      const { tenantId, connectionId, side } = of;
      const item = await table.get(cursorKey(of));
      if (item) return readItem(type, StoredCursor, item);
      const former = await table.get(keys.formerCursor(tenantId, connectionId, side, of.table));
      // Stored again it is a new item, and what it was is no condition of that.
      return former && { cursor: readItem(type, FormerCursor, former).cursor, revision: 0 };
    },
    async store(of, cursor, revision) {
      const { ok } = await table.transact([cursorWrite(of, { cursor, revision }, runtime.now())]);
      return ok;
    },
  };
}

/** On condition of the revision that was read; 0 = there was none. */
export function cursorWrite(of: RecordTable, { cursor, revision }: CursorMove, storedAt: string): Write {
  const stored = { cursor, revision: revision + 1, side: of.side, table: of.table, storedAt };
  const put = storedItem({ type, key: cursorKey(of) }, stored);
  return { put, when: revision === 0 ? { exists: false } : { equals: { revision } } };
}

/** The cursors among the items of a connection's partition. */
export function cursorsIn(items: readonly Item[]): TableCursor[] {
  return items.flatMap((item) => (item.type === type ? [readItem(type, StoredCursor, item)] : []));
}

function cursorKey({ tenantId, connectionId, side, table }: RecordTable) {
  return keys.cursor(tenantId, connectionId, side, table);
}
