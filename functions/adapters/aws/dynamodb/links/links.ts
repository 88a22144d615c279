/**
 * Always true: a link is written only on the revision that was read, and one higher, so of two writers one is told
 * `superseded`; what is decided comes from the link itself, never from an index. Every write is one transaction, so a
 * crash leaves all of it or nothing. Attacked by test/contract/stores-links-suite.ts and test/contract/stores-record-suite.ts.
 */
import type { DueItem } from '../../../../core/model/due.ts';
import { isDiffering, type Link } from '../../../../core/model/link.ts';
import type { LinkFilter, Links } from '../../../../ports/links.ts';
import type { Item, Table, Write } from '../../../../ports/table.ts';
import type { RetentionDays } from '../set-up/retention.ts';
import { indexPartitions, keyParts, keys, lastPart, sortKeys } from '../table/keys.ts';
import { readKeys, readPage, readWhole } from '../table/read-page.ts';
import { readSideBySide } from '../table/read-side-by-side.ts';
import { textIn } from '../table/stored-item.ts';
import { readCrmRecords, sentWrite } from './crm-records.ts';
import { dueItem } from './due-items.ts';
import { connectLink, disconnectLink, eraseLink, moveLink, restoreLink } from './link-claims.ts';
import { linkWrites, readHead, readLink, readLinks, readOfRecord } from './link-items.ts';
import { readLinkWithLog } from './link-with-log.ts';
import { writeRecordStep } from './write-record-step.ts';

export function linksStore(parts: { readonly table: Table; readonly retentionDays: RetentionDays }): Links {
  const { table } = parts;
  return {
    get: (tenantId, linkId) => readLink(table, tenantId, linkId),
    getWithLog: (tenantId, linkId) => readLinkWithLog(table, tenantId, linkId),
    async getMany(tenantId, linkIds) {
      return readLinks(table, await table.getMany(linkIds.map(keys.linkOf(tenantId))));
    },
    async getHeads(tenantId, linkIds) {
      return (await table.getMany(linkIds.map(keys.linkOf(tenantId)))).map(readHead);
    },
    async ofRecords(of, recordKeys) {
      const claims = await table.getMany(recordKeys.map(keys.claimOf(of)));
      const linkIds = claims.flatMap((claim) => textIn(claim, 'linkId') ?? []);
      return (await table.getMany(linkIds.map(keys.linkOf(of.tenantId)))).map((item) => readOfRecord(item, of.side));
    },
    async findByKeys(of, recordKeys) {
      const claims = await table.getMany(recordKeys.map(keys.claimOf(of)));
      return new Map(claims.flatMap(linkIdByKey));
    },
    async ofCrmRecord(tenantId, crmTable, crmKey) {
      const pk = indexPartitions.linksOfCrmRecord(tenantId, crmTable, crmKey);
      return (await readWhole(table, { pk, index: 'gsi1' })).map(readHead);
    },
    async refsOfCrmRecord(tenantId, crmTable, crmKey) {
      const pk = indexPartitions.linksOfCrmRecord(tenantId, crmTable, crmKey);
      const items = await readKeys(table, { pk, index: 'gsi1', descending: true });
      return items.map((item) => {
        const [linkId = '', connectionId] = keyParts(textIn(item, 'gsi1sk') ?? '');
        return { linkId, connectionId };
      });
    },
    crmRecords: (tenantId, crmTable, crmKeys) => readCrmRecords(table, tenantId, crmTable, crmKeys),
    list(tenantId, filter, page) {
      const read = (item: Item) => {
        const link = readHead(item);
        // The index may lag behind the state.
        const inState = filter.state === undefined || filter.state === link.state;
        return inState && (!filter.differing || isDiffering(link)) ? link : undefined;
      };
      const { partitions, index, prefix } = listedBy(tenantId, filter);
      if (filter.atOnce) return readSideBySide({ table, partitions, index, prefix, page, read });
      return readPage({ table, partitions, query: { index, prefix }, page, read });
    },
    connect: (link, due) => connectLink(table, link, due),
    disconnect: (link, settles) => disconnectLink(table, link, settles),
    erase: (link, erasedAt, trail) => eraseLink(table, link, erasedAt, trail),
    restore: (link, due) => restoreLink(table, link, due),
    move: (link, to, due) => moveLink(table, link, to, due),
    takeIntent: (link, intent, due, sent) => {
      const after = { ...link, intent, revision: link.revision + 1 };
      const writes = [...linkWrites(link, after), ...(sent ? [sentWrite(link, sent)] : [])];
      return takeIntent(table, after, writes, due);
    },
    record: (step) => writeRecordStep(parts, step),
  };
}

/** The link's own write is the first. */
async function takeIntent(
  table: Table,
  after: Link,
  writes: readonly Write[],
  due?: DueItem,
): Promise<Link | 'superseded'> {
  const all: Write[] = due ? [...writes, { put: dueItem(due), when: { exists: false } }] : [...writes];
  const outcome = await table.transact(all);
  if (outcome.ok) return after;
  // A due item that somebody wrote meanwhile stays as it is.
  const onlyDue = due && outcome.failed.every((position) => position === writes.length);
  return onlyDue ? takeIntent(table, after, writes) : 'superseded';
}

function linkIdByKey(claim: Item): [string, string][] {
  const linkId = textIn(claim, 'linkId');
  return linkId === undefined ? [] : [[lastPart(claim.pk), linkId]];
}

function listedBy(tenantId: string, { connectionId, state, actorType }: LinkFilter) {
  const prefix = actorType === undefined ? '' : sortKeys.linkPrefix(actorType);
  return state === undefined
    ? { partitions: indexPartitions.links(tenantId, connectionId), index: 'gsi3' as const, prefix }
    : { partitions: indexPartitions.linksByState(tenantId, connectionId, state), index: 'gsi2' as const, prefix };
}
