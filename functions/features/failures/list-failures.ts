import type { Failure } from '../../core/model/failure.ts';
import type { LinkHead } from '../../core/model/link.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Application } from '../application.ts';
import { type LinksNamed, linksNamed } from '../links/list-links.ts';
import { pageOf } from '../page-of.ts';
import { failuresOfLinks } from './failures-of-links.ts';

export interface FailureQuery extends LinksNamed {
  readonly connectionId?: string | undefined;
  readonly runId?: string | undefined;
}

/** What needs attention, or as much of it as is about the links of a CRM record; `reached`: about these links alone. */
export async function listFailures(
  app: Application,
  tenantId: string,
  query: FailureQuery,
  page: PageRequest,
  reached?: readonly LinkHead[],
): Promise<Page<Failure>> {
  const { crmType: _type, crmKey, ...filter } = query;
  const links = reached ?? (crmKey === undefined ? undefined : await linksNamed(app, tenantId, query));
  if (!links) return app.failures.list(tenantId, filter, page);
  const { connectionId, runId } = query;
  const failures = await failuresOfLinks(app, links);
  const asked = failures.filter(
    (failure) =>
      (connectionId ?? failure.connectionId) === failure.connectionId && (runId ?? failure.runId) === failure.runId,
  );
  return pageOf(asked, page);
}
