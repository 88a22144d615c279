import type { Key, QueryRequest, Table } from '../../../../ports/table.ts';

/** Deletes what a partition, or an index's, names: all of it, or those that `which` chooses. Cut off, it leaves some of it. */
export async function deletePartition(
  table: Table,
  query: Pick<QueryRequest, 'pk' | 'prefix' | 'index'>,
  which: (key: Key) => boolean = () => true,
): Promise<void> {
  let start: string | undefined;
  do {
    const page = await table.query({ ...query, start });
    await table.deleteMany(page.items.filter(which));
    start = page.next;
  } while (start !== undefined);
}
