/**
 * Always true: a cursor never moves back, for every write is on condition of the revision that was read. A crash leaves the
 * cursor before the write or after it. Attacked by test/contract/stores-log-suite.ts and test/crash/every-port-call.test.ts.
 */

import * as z from 'zod';
import type { RecordTable } from '../../../../core/model/record-table.ts';
import type { Cursors } from '../../../../ports/cursors.ts';
import type { Table } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { readItem, storedItem } from '../table/stored-item.ts';

const StoredCursor = z.object({ cursor: z.string(), revision: z.number().int() });

export function cursorsStore({ table }: { readonly table: Table }): Cursors {
  return {
    async get(of) {
      const item = await table.get(cursorKey(of));
      return item && readItem('cursor', StoredCursor, item);
    },
    async store(of, cursor, revision) {
      const key = cursorKey(of);
      const item = storedItem({ type: 'cursor', key }, { cursor, revision: revision + 1 });
      const when = revision === 0 ? { exists: false } : { equals: { revision } };
      const { ok } = await table.transact([{ put: item, when }]);
      return ok;
    },
  };
}

function cursorKey({ tenantId, connectionId, side, table }: RecordTable) {
  return keys.cursor(tenantId, connectionId, side, table);
}
