import { invalid } from '../../core/errors.ts';
import type { ActorType, ActorTypeRef, CrmType } from '../../core/model/actor-type.ts';
import { isDiffering, type LinkHead, type LinkState } from '../../core/model/link.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';
import { pageOf } from '../page-of.ts';
import { pagesOfLists } from '../pages-of-lists.ts';
import { tenantOf } from '../tenants/tenant-of.ts';
import { readNamed, refsOf } from './named-links.ts';

export interface LinkQuery {
  readonly connectionId?: string | undefined;
  readonly state?: LinkState | undefined;
  readonly differing?: boolean | undefined;
  readonly actorType?: ActorType | undefined;
  readonly erpKey?: string | undefined;
  readonly crmType?: CrmType | undefined;
  readonly crmKey?: string | undefined;
}

/** Nothing where no CRM is known. */
export async function crmTableOf(app: Application, tenantId: string, crmType: CrmType): Promise<string | undefined> {
  const tenant = await tenantOf(app, tenantId);
  if (!tenant.crm) return undefined;
  const { types } = await (await app.systems.crm(tenant)).capabilities();
  return types.find((type) => type.type === crmType)?.table;
}

/** The links that a CRM record has now, read consistently. */
export async function linksJoiningCrmRecord(
  app: Application,
  tenantId: string,
  crmType: CrmType,
  crmKey: string,
): Promise<LinkHead[]> {
  const table = await crmTableOf(app, tenantId, crmType);
  if (table === undefined) return [];
  const record = (await app.links.crmRecords(tenantId, table, [crmKey])).get(crmKey);
  const linkIds = (record?.links ?? []).map(({ linkId }) => linkId);
  return app.links.getHeads(tenantId, linkIds);
}

function matches(link: LinkHead, query: LinkQuery): boolean {
  const { connectionId, state, differing, actorType, erpKey } = query;
  return (
    (connectionId === undefined || link.connectionId === connectionId) &&
    (state === undefined || link.state === state) &&
    (!differing || isDiffering(link)) &&
    (actorType === undefined || link.ends.erp.type === actorType) &&
    (erpKey === undefined || link.ends.erp.key === erpKey) &&
    (query.crmType === undefined || link.ends.crm.type === query.crmType) &&
    (query.crmKey === undefined || link.ends.crm.key === query.crmKey)
  );
}

/** The links that have claims on these actors of a connection; disconnected ones gave them back. */
export async function linksOfErpKeys(
  app: Application,
  ref: ActorTypeRef,
  erpKeys: readonly string[],
): Promise<LinkHead[]> {
  const { tenantId, connectionId, actorType } = ref;
  const setup = found(await app.connections.getSetup(tenantId, connectionId), 'connection', connectionId);
  const type = setup.actorTypes.find((candidate) => candidate.actorType === actorType);
  if (!type) return [];
  const ids = await app.links.findByKeys({ tenantId, connectionId, side: 'erp', table: type.erpTable }, erpKeys);
  const links = await app.links.getHeads(tenantId, [...ids.values()]);
  // Types that share a table share its claims: the link may be of another type.
  return links.filter((link) => link.ends.erp.type === actorType);
}

function needs(present: unknown, path: string, message: string): void {
  if (present !== undefined) return;
  throw invalid([{ path, message }]);
}

/**
 * Links by connection, state and actor type, or those of one CRM record or ERP actor; without any, all of them. `reached`:
 * of these alone.
 */
export async function listLinks(
  app: Application,
  tenantId: string,
  query: LinkQuery,
  page: PageRequest,
  reached?: readonly LinkHead[],
): Promise<Page<LinkHead>> {
  const { connectionId, state, differing, actorType, erpKey, crmType, crmKey } = query;
  const refs = reached ? undefined : await refsOf(app, tenantId, { crmType, crmKey });
  const named = refs ? (await readNamed(app, tenantId, refs)).links : reached;
  if (named) {
    return pageOf(
      named.filter((link) => matches(link, query)),
      page,
    );
  }
  if (erpKey !== undefined) {
    needs(connectionId, 'query.connectionId', 'Needed with erpKey');
    needs(actorType, 'query.actorType', 'Needed with erpKey');
    if (connectionId === undefined || actorType === undefined) return { items: [] };
    const links = await linksOfErpKeys(app, { tenantId, connectionId, actorType }, [erpKey]);
    return pageOf(
      links.filter((link) => matches(link, query)),
      page,
    );
  }
  const read = async (id: string, inner: PageRequest): Promise<Page<LinkHead>> => {
    const { items, cursor } = await app.links.list(
      tenantId,
      { connectionId: id, state, differing, actorType, atOnce: true },
      inner,
    );
    return { items: items.filter((link) => matches(link, query)), cursor };
  };
  if (connectionId !== undefined) return read(connectionId, page);
  const connections = await app.connections.inOrder(tenantId);
  return pagesOfLists(
    connections.map(({ id }) => id),
    page,
    read,
  );
}
