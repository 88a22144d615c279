import { changesWithTexts } from '../../features/change-log/changes-with-texts.ts';
import { listFieldChanges, listFieldChangesOfRun } from '../../features/change-log/list-field-changes.ts';
import { list, userList } from '../application-routes.ts';
import { ChangeView, changeColumns } from '../schemas/changes.ts';
import { FieldName, Id, Instant } from '../schemas/common.ts';
import { ById, ListRequest, OfCrmRecord, Paging } from '../schemas/requests.ts';

const ChangeQuery = Paging.extend({
  linkId: Id.optional(),
  connectionId: Id.optional(),
  runId: Id.optional(),
  ...OfCrmRecord,
  field: FieldName.optional().describe('Of the ERP or of the CRM.'),
  from: Instant.optional().describe('Not before.'),
  to: Instant.optional().describe('Before.'),
});

export const changeRoutes = [
  userList('listChanges', {
    request: ListRequest.extend({ query: ChangeQuery }),
    item: ChangeView,
    csv: changeColumns,
    touches: ({ query: { linkId, crmType, crmKey } }) => ({ kind: 'list', of: { linkId, crmType, crmKey } }),
    async handle(app, { caller, query, page, links, language }) {
      const changes = await listFieldChanges(app, caller.tenantId, query, page, links);
      return changesWithTexts(app, caller, changes, language);
    },
  }),
  list('listRunChanges', {
    request: ListRequest.extend({ params: ById }),
    item: ChangeView,
    csv: changeColumns,
    async handle(app, { caller, params, page, language }) {
      const changes = await listFieldChangesOfRun(app, caller.tenantId, params.id, page);
      return changesWithTexts(app, caller, changes, language);
    },
  }),
];
