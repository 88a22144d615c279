import { AuditEntry, AuditSubject } from '../../core/model/audit.ts';
import { listAudit } from '../../features/audit/list-audit.ts';
import { list } from '../application-routes.ts';
import { Id, Instant } from '../schemas/common.ts';
import { ListRequest, Paging } from '../schemas/requests.ts';

const AuditQuery = Paging.extend({
  subject: AuditSubject.optional(),
  id: Id.optional(),
  from: Instant.optional(),
  to: Instant.optional(),
});

export const auditRoutes = [
  list('listAudit', {
    request: ListRequest.extend({ query: AuditQuery }),
    item: AuditEntry.omit({ tenantId: true }),
    handle: (app, { caller, query, page }) => listAudit(app, caller.tenantId, query, page),
  }),
];
