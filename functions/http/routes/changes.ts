import { CrmType } from '../../core/model/actor-type.ts';
import { listFieldChanges, listFieldChangesOfRun } from '../../features/change-log/list-field-changes.ts';
import { list } from '../application-routes.ts';
import { ChangeView } from '../schemas/changes.ts';
import { FieldName, Id, Instant, RecordKey } from '../schemas/common.ts';
import { ById, ListRequest, Paging } from '../schemas/requests.ts';

const ChangeQuery = Paging.extend({
  linkId: Id.optional(),
  connectionId: Id.optional(),
  runId: Id.optional(),
  crmType: CrmType.optional(),
  crmKey: RecordKey.optional().describe('Needs `crmType`.'),
  field: FieldName.optional().describe('Of the ERP or of the CRM.'),
  from: Instant.optional().describe('Not before.'),
  to: Instant.optional().describe('Before.'),
});

export const changeRoutes = [
  list('listChanges', {
    request: ListRequest.extend({ query: ChangeQuery }),
    item: ChangeView,
    handle: (app, { caller, query, page }) => listFieldChanges(app, caller.tenantId, query, page),
  }),
  list('listRunChanges', {
    request: ListRequest.extend({ params: ById }),
    item: ChangeView,
    handle: (app, { caller, params, page }) => listFieldChangesOfRun(app, caller.tenantId, params.id, page),
  }),
];
