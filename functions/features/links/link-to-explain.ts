/**
 * What is stored of a link that is to be explained, in three calls as deployed: the link with its log; what hangs on it, and
 * the set-up of its connection, at one moment. It only reads.
 */
import { type CrmWriter, crmWritersOf } from '../../core/merge/crm-writers.ts';
import { type Failure, linkFailureId } from '../../core/model/failure.ts';
import type { Link } from '../../core/model/link.ts';
import { readStored, type StoredEnds } from '../../sync/open-ends.ts';
import { reachableConnections } from '../access/reachable-connections.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { type LastChanges, lastChanges } from './last-changes.ts';

export interface LinkToExplain {
  readonly link: Link;
  readonly stored: StoredEnds;
  readonly failure: Failure | undefined;
  readonly log: LastChanges;
  /** Connections that have links of the CRM record, where it is shared. */
  readonly sharedBy: readonly string[];
}

/** Nothing where there is no such link. */
export async function readLinkToExplain(
  app: Application,
  tenantId: string,
  linkId: string,
): Promise<LinkToExplain | undefined> {
  const read = await app.links.getWithLog(tenantId, linkId);
  if (!read) return undefined;
  const { connectionId, openFailures, shared, ends } = read.head;
  const reading = readStored(app, tenantId, connectionId);
  const [link, stored, failure, log, records] = await Promise.all([
    read.whole(),
    reading,
    openFailures.length > 0 ? app.failures.get(tenantId, linkFailureId(linkId)) : undefined,
    lastChanges(app, read, reading),
    shared ? app.links.crmRecords(tenantId, ends.crm.table, [ends.crm.key]) : undefined,
  ]);
  const sharedBy = (records?.get(ends.crm.key)?.links ?? []).map((one) => one.connectionId);
  return link && { link, stored, failure, log, sharedBy };
}

interface CrmWritersNow {
  /** The other connections that wrote the CRM record. */
  readonly crmWriters: readonly CrmWriter[];
  /** Those of them that the caller may know of. */
  readonly told: ReadonlySet<string>;
}

/** To be read after the records: whoever wrote the value that was read had told of it before. One call, where it is shared. */
export async function crmWritersNow(
  app: Application,
  caller: Caller,
  { link, sharedBy }: Pick<LinkToExplain, 'link' | 'sharedBy'>,
): Promise<CrmWritersNow> {
  const { tenantId, connectionId, ends } = link;
  if (sharedBy.length === 0) return { crmWriters: [], told: new Set() };
  const [records, order, told] = await Promise.all([
    app.links.crmRecords(tenantId, ends.crm.table, [ends.crm.key]),
    app.connections.ordered(tenantId, [...new Set([...sharedBy, connectionId])]),
    reachableConnections(app, caller, sharedBy),
  ]);
  const record = records.get(ends.crm.key);
  return { crmWriters: record ? crmWritersOf(record, connectionId, order) : [], told };
}
