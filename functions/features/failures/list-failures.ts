import type { Failure } from '../../core/model/failure.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Application } from '../application.ts';

export interface FailureQuery {
  readonly connectionId?: string | undefined;
  readonly linkId?: string | undefined;
  readonly runId?: string | undefined;
}

/** Open failures, newest first. */
export async function listFailures(
  app: Application,
  tenantId: string,
  query: FailureQuery,
  page: PageRequest,
): Promise<Page<Failure>> {
  return app.failures.list(tenantId, query, page);
}
