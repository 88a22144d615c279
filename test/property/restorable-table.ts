import { memoryTable } from '../../functions/adapters/memory/memory-table.ts';
import type { Table } from '../../functions/ports/table.ts';

/** The table as it was at a moment; nothing that was written since. */
export interface RestorableTable extends Table {
  /** How many writing calls there were so far. */
  moment(): number;
  /** Whoever uses the table finds what there was then: a new table, as a restore makes one. */
  restore(moment: number): Promise<void>;
}

/** A table that keeps a journal of what was written, to be set back to any moment. */
export function restorableTable(): RestorableTable {
  let table = memoryTable();
  const journal: ((table: Table) => Promise<unknown>)[] = [];
  const noted = <Given, Answer>(given: Given, call: (table: Table, copy: Given) => Promise<Answer>) => {
    const copy = structuredClone(given);
    journal.push((now) => call(now, copy));
    return call(table, given);
  };
  return {
    get: (key) => table.get(key),
    getMany: (keys) => table.getMany(keys),
    query: (request) => table.query(request),
    putMany: (items) => noted(items, (now, copy) => now.putMany(copy)),
    deleteMany: (keys) => noted(keys, (now, copy) => now.deleteMany(copy)),
    write: (write) => noted(write, (now, copy) => now.write(copy)),
    transact: (writes, token) => noted(writes, (now, copy) => now.transact(copy, token)),
    moment: () => journal.length,
    async restore(moment) {
      table = memoryTable();
      journal.length = moment;
      // What was refused then is refused again.
      for (const call of journal) await call(table).catch(() => {});
    },
  };
}
