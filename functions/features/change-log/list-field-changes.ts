import type { FieldChange } from '../../core/model/field-change.ts';
import type { LinkHead } from '../../core/model/link.ts';
import type { ChangeFilter } from '../../ports/change-log.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';
import { type LinksAsked, refsOf } from '../links/named-links.ts';
import { pagesOfLists } from '../pages-of-lists.ts';

export interface ChangeQuery extends Omit<ChangeFilter, 'linkId'>, LinksAsked {}

/** A link that was moved has changes of the record before, which nobody has found to be in the caller's sight. */
function ofRecordNow({ items, cursor }: Page<FieldChange>, link: LinkHead | undefined): Page<FieldChange> {
  return { items: items.filter(({ crmKey }) => crmKey === link?.ends.crm.key), cursor };
}

/**
 * The field-change log, newest first; over all connections one after the other where nothing narrows it. `reached`: that of
 * these links alone, of the CRM records that they join now.
 */
export async function listFieldChanges(
  app: Application,
  tenantId: string,
  query: ChangeQuery,
  page: PageRequest,
  reached?: readonly LinkHead[],
): Promise<Page<FieldChange>> {
  const { crmType, crmKey, ...filter } = query;
  const ofLink = (linkId: string, inner: PageRequest) => app.changeLog.list(tenantId, { ...filter, linkId }, inner);
  if (reached) {
    const byId = new Map(reached.map((link) => [link.id, link]));
    return pagesOfLists([...byId.keys()], page, async (linkId, inner) =>
      ofRecordNow(await ofLink(linkId, inner), byId.get(linkId)),
    );
  }
  const refs = crmKey === undefined ? undefined : await refsOf(app, tenantId, query);
  const linkIds = refs?.map(({ linkId }) => linkId);
  if (linkIds) return pagesOfLists(linkIds, page, ofLink);
  if (filter.linkId ?? filter.connectionId ?? filter.runId) return app.changeLog.list(tenantId, filter, page);
  const connections = await app.connections.inOrder(tenantId);
  return pagesOfLists(
    connections.map(({ id }) => id),
    page,
    (connectionId, inner) => app.changeLog.list(tenantId, { ...filter, connectionId }, inner),
  );
}

/** Changes that a run made or, if it is dry, planned; of a run over all connections those of theirs. */
export async function listFieldChangesOfRun(
  app: Application,
  tenantId: string,
  runId: string,
  page: PageRequest,
): Promise<Page<FieldChange>> {
  const { children } = found(await app.runs.get(tenantId, runId), 'sync run', runId);
  if (!children) return app.changeLog.list(tenantId, { runId }, page);
  const runIds = children.map((one) => one.runId);
  return pagesOfLists(runIds, page, (one, inner) => app.changeLog.list(tenantId, { runId: one }, inner));
}
