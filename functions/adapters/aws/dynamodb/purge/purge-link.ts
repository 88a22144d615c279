/**
 * Removes a link for good. Always true: its log goes first; the link, what stands beside it, its claims, its due item, its
 * failures and its place in the CRM record's list go in one transaction, on condition of its revision. A crash leaves the
 * link with a part of its log, to be found again by its connection. Attacked by test/contract/stores-purge-suite.ts.
 */
import { SyncError } from '../../../../core/errors.ts';
import { mostLinksOfCrmRecord } from '../../../../core/model/crm-record.ts';
import type { Item, Key, Table, Write } from '../../../../ports/table.ts';
import { crmRecordKey, leaveCrmRecord } from '../links/crm-records.ts';
import { giveClaimsBack, readHead } from '../links/link-items.ts';
import { partKeys } from '../links/link-parts.ts';
import { keys } from '../table/keys.ts';

/** Each that joins or leaves the list of its CRM record makes the link another one. */
const mostTries = 3 * mostLinksOfCrmRecord;

const logPrefixes = ['change#', 'planned#'];

/** False = it was gone by then. */
export async function purgeLink(table: Table, tenantId: string, linkId: string): Promise<boolean> {
  const key = keys.linkOf(tenantId)(linkId);
  let item = await purgeLog(table, key);
  for (let tries = 0; item && tries < mostTries; tries += 1) {
    if ((await table.transact(await removal(table, item))).ok) return true;
    item = await table.get(key);
  }
  if (!item) return false;
  throw new SyncError('transient', `Link ${linkId} is changed all the time.`);
}

/** Deletes all that lies with a link and is not its own; the link as it was met. */
async function purgeLog(table: Table, key: Key): Promise<Item | undefined> {
  let link: Item | undefined;
  let start: string | undefined;
  do {
    const page = await table.query({ pk: key.pk, start });
    link ??= page.items.find(({ sk }) => sk === key.sk);
    await table.deleteMany(page.items.filter(({ sk }) => logPrefixes.some((prefix) => sk.startsWith(prefix))));
    start = page.next;
  } while (start !== undefined);
  return link;
}

async function removal(table: Table, item: Item): Promise<Write[]> {
  const link = readHead(item);
  const { tenantId, connectionId, id, revision, openFailures } = link;
  const { intent, values } = partKeys(item);
  const isListed = link.state !== 'disconnected';
  const list = isListed && link.shared ? await table.get(crmRecordKey(link)) : undefined;
  return [
    { delete: { pk: item.pk, sk: item.sk }, when: { equals: { revision } } },
    ...[...intent, ...values].map(({ pk, sk }): Write => ({ delete: { pk, sk } })),
    ...(isListed ? [...giveClaimsBack(link), ...leaveCrmRecord(link, list)] : []),
    { delete: keys.due(tenantId, connectionId, id) },
    ...openFailures.map((failureId): Write => ({ delete: keys.failure(tenantId, failureId) })),
  ];
}
