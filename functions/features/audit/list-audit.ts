import { invalid } from '../../core/errors.ts';
import type { AuditEntry } from '../../core/model/audit.ts';
import type { AuditFilter } from '../../ports/audit.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Application } from '../application.ts';

/** Who did what to the tenant's set-up, newest first. */
export async function listAudit(
  app: Application,
  tenantId: string,
  filter: AuditFilter,
  page: PageRequest,
): Promise<Page<AuditEntry>> {
  if (filter.id !== undefined && filter.subject === undefined) {
    throw invalid([{ path: 'query.subject', message: 'Needed with id' }]);
  }
  return app.audit.list(tenantId, filter, page);
}
