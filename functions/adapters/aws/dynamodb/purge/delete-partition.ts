import type { Key, QueryRequest, Table } from '../../../../ports/table.ts';

/** Deletes what a partition, or an index's, names: all of it, or those that `which` chooses; how many. Cut off, it leaves some of it. */
export async function deletePartition(
  table: Table,
  query: Pick<QueryRequest, 'pk' | 'prefix' | 'index'>,
  which: (key: Key) => boolean = () => true,
): Promise<number> {
  let start: string | undefined;
  let deleted = 0;
  do {
    const page = await table.query({ ...query, start });
    const chosen = page.items.filter(which);
    await table.deleteMany(chosen);
    deleted += chosen.length;
    start = page.next;
  } while (start !== undefined);
  return deleted;
}
