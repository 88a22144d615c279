/**
 * Always true: a due item is removed only while it has the sequence that was read, so a change detected since keeps its link
 * due. Each is one item and one write, so a crash leaves it or not. Attacked by test/contract/stores-log-suite.ts.
 */
import type { DueItem } from '../../../../core/model/due.ts';
import type { DueItems } from '../../../../ports/due-items.ts';
import type { Item, Table, Write } from '../../../../ports/table.ts';
import { keys, partitions } from '../table/keys.ts';
import { readPage } from '../table/read-page.ts';
import { attributesOf, storedItem, trustedItem } from '../table/stored-item.ts';

/**
 * A shard with more that wait is not read to its end: one of them may be ripe. So many are one page and some 40 read units;
 * the run that would be started in doubt reads all of them.
 */
const mostWaiting = 500;

export function dueItemsStore({ table }: { readonly table: Table }): DueItems {
  return {
    putMany: (items) => table.putMany(items.map(dueItem)),
    async getMany(tenantId, connectionId, linkIds) {
      const items = await table.getMany(linkIds.map((linkId) => keys.due(tenantId, connectionId, linkId)));
      return items.map(readDueItem);
    },
    async remove(due) {
      const { ok } = await table.write({ delete: dueKey(due), when: { equals: { sequence: due.sequence } } });
      return ok;
    },
    async anyRipe(tenantId, connectionId, now) {
      const shards = partitions.due(tenantId, connectionId);
      const pages = await Promise.all(shards.map((pk) => table.query({ pk, limit: mostWaiting })));
      return pages.some(
        ({ items, next }) =>
          next !== undefined ||
          items.map(readDueItem).some(({ notBefore }) => notBefore === undefined || notBefore <= now),
      );
    },
    list: (tenantId, connectionId, limit, cursor) =>
      readPage({
        table,
        partitions: partitions.due(tenantId, connectionId),
        page: { limit, cursor },
        read: readDueItem,
      }),
  };
}

export function dueItem(due: DueItem): Item {
  return storedItem({ type: 'due', key: dueKey(due) }, due);
}

/** Makes a link due anew, whatever it waits for already. */
export function dueAnew(due: Pick<DueItem, 'tenantId' | 'connectionId' | 'linkId' | 'sequence'>): Write {
  const { pk: _pk, sk: _sk, ...set } = dueItem(due);
  return { update: dueKey(due), set: attributesOf(set) };
}

function dueKey(due: Pick<DueItem, 'tenantId' | 'connectionId' | 'linkId'>) {
  return keys.due(due.tenantId, due.connectionId, due.linkId);
}

function readDueItem(item: Item): DueItem {
  const { tenantId, connectionId, linkId, sequence, chunk, notBefore, keepsWait } = item;
  const due: Record<keyof DueItem, unknown> = {
    tenantId,
    connectionId,
    linkId,
    sequence,
    chunk,
    notBefore,
    keepsWait,
  };
  // Only due items are stored under this tag, in this shape, by dueItem: a chunk reads one for each of its links.
  return trustedItem('due', item, () => due as DueItem);
}
