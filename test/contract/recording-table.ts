import type { Item, Key, Table, Write } from '../../functions/ports/table.ts';

export interface RecordingTable extends Table {
  /** Everything that was ever written and is still there. */
  standing(): Promise<Item[]>;
}

/** A table that knows all keys that it was given: what a store leaves behind can be looked through. */
export function recordingTable(table: Table): RecordingTable {
  const written = new Map<string, Key>();
  const note = ({ pk, sk }: Key) => written.set(`${pk}\n${sk}`, { pk, sk });
  const noteAll = (writes: readonly Write[]) => {
    for (const write of writes) note('put' in write ? write.put : 'delete' in write ? write.delete : write.update);
  };
  return {
    ...table,
    putMany(items) {
      items.forEach(note);
      return table.putMany(items);
    },
    write(write) {
      noteAll([write]);
      return table.write(write);
    },
    transact(writes, token, onClash) {
      noteAll(writes);
      return table.transact(writes, token, onClash);
    },
    standing: () => table.getMany([...written.values()]),
  };
}
