/**
 * Which links wait for list items to be mapped. Always true: a link is here if and only if a field of it does, with the
 * items that it remembers, because this changes only in the transaction that changes the link; a crash leaves both or
 * neither. Attacked by test/contract/stores-lists-suite.ts.
 */
import type { Link } from '../../../../core/model/link.ts';
import { WaitingLink, waitsOf } from '../../../../core/model/waiting-link.ts';
import { sameContent } from '../../../../core/values/same-content.ts';
import type { Item, Table, Write } from '../../../../ports/table.ts';
import type { WaitingLinks } from '../../../../ports/waiting-links.ts';
import { keys, partitions } from '../table/keys.ts';
import { readPage } from '../table/read-page.ts';
import { readItem, storedItem } from '../table/stored-item.ts';

/** In the transaction that changes the link; none where it waits for the same as before. */
export function waitingWrites(before: Link, after: Link): Write[] {
  const waits = waitsOf(after);
  if (sameContent(waitsOf(before), waits)) return [];
  const { tenantId, connectionId, id: linkId, ends } = after;
  const key = keys.waiting(tenantId, connectionId, linkId);
  if (waits.length === 0) return [{ delete: key }];
  return [{ put: storedItem({ type: 'waiting', key }, { linkId, actorType: ends.erp.type, waits }) }];
}

function readWaiting(item: Item): WaitingLink {
  return readItem('waiting', WaitingLink, item);
}

/** Pages of one shard; so many of 1 MB are some seconds of reading. */
const mostPagesOfShard = 8;

export function waitingLinksStore({ table }: { readonly table: Table }): WaitingLinks {
  return {
    list: (tenantId, connectionId, page) =>
      readPage({ table, partitions: partitions.waiting(tenantId, connectionId), page, read: readWaiting }),
    async all(tenantId, connectionId) {
      const shards = partitions.waiting(tenantId, connectionId).map(async (pk) => {
        const items: Item[] = [];
        let start: string | undefined;
        for (let pages = 0; pages < mostPagesOfShard; pages += 1) {
          const page = await table.query({ pk, start });
          items.push(...page.items);
          start = page.next;
          if (start === undefined) break;
        }
        return { links: items.map(readWaiting), more: start !== undefined };
      });
      const read = await Promise.all(shards);
      return { links: read.flatMap(({ links }) => links), more: read.some(({ more }) => more) };
    },
  };
}
