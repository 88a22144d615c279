import type { Failure } from '../../core/model/failure.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Application } from '../application.ts';
import { type LinksAsked, type NamedLinks, readNamed, refsOf } from '../links/named-links.ts';
import { pageOf } from '../page-of.ts';
import { failuresOfLinks } from './failures-of-links.ts';

export interface FailureQuery extends LinksAsked {
  readonly connectionId?: string | undefined;
  readonly runId?: string | undefined;
}

/** What needs attention, or as much of it as is about the links of a CRM record; `reached`: about these links alone. */
export async function listFailures(
  app: Application,
  tenantId: string,
  query: FailureQuery,
  page: PageRequest,
  reached?: Pick<NamedLinks, 'links' | 'failures'>,
): Promise<Page<Failure>> {
  const { crmType: _type, crmKey, ...filter } = query;
  const refs = reached || crmKey === undefined ? undefined : await refsOf(app, tenantId, query);
  const named = refs ? await readNamed(app, tenantId, refs, 'failures') : reached;
  if (!named) return app.failures.list(tenantId, filter, page);
  const { connectionId, runId } = query;
  const failures = await failuresOfLinks(app, named.links, named.failures);
  const asked = failures.filter(
    (failure) =>
      (connectionId ?? failure.connectionId) === failure.connectionId && (runId ?? failure.runId) === failure.runId,
  );
  return pageOf(asked, page);
}
