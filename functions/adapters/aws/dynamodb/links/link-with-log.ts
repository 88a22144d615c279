/**
 * A link and its last looks, which lie in one partition: one query. Always true: the link is whole or read again, as ever,
 * and its log goes on where this page ends. It only reads, so a crash leaves nothing. Attacked by
 * test/contract/stores-log-suite.ts.
 */
import type { LinkWithLog } from '../../../../ports/links.ts';
import type { Table } from '../../../../ports/table.ts';
import { keys, partitions, sortKeys } from '../table/keys.ts';
import { changesIn } from './change-items.ts';
import { readHead, readLinks } from './link-items.ts';
import { cursorBehind, cursorBelow } from './read-rows.ts';

/** Looks, mostly of several changes each. */
const looksRead = 100;
const newest = sortKeys.changePrefix + sortKeys.timeRange(undefined, undefined)[1];

export async function readLinkWithLog(
  table: Table,
  tenantId: string,
  linkId: string,
): Promise<LinkWithLog | undefined> {
  const { sk } = keys.linkOf(tenantId)(linkId);
  const { items, next } = await table.query({
    pk: partitions.changesOfLink(tenantId, linkId),
    between: [sortKeys.changePrefix, sk],
    descending: true,
    limit: looksRead,
  });
  const [item] = items;
  if (item?.sk !== sk) return undefined;
  const looks = items.filter((one) => one.sk.startsWith(sortKeys.changePrefix));
  const last = looks.at(-1);
  // A large intent stands between the link and its log, and may fill a page by itself.
  const cursor = last ? cursorBehind(last) : cursorBelow(newest);
  return {
    head: readHead(item),
    log: { items: looks.flatMap(changesIn), cursor: next === undefined ? undefined : cursor },
    async whole() {
      const [link] = await readLinks(table, [item]);
      return link;
    },
  };
}
