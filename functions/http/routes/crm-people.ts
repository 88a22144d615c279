import * as z from 'zod';
import { listCrmGroups, listCrmUsers } from '../../features/tenants/crm-people.ts';
import { list } from '../application-routes.ts';
import { ListRequest } from '../schemas/requests.ts';

const Entry = z.object({
  id: z.string(),
  name: z.string().meta({ description: 'As the CRM shows it.', examples: ['Sales'] }),
});

export const crmPeopleRoutes = [
  list('listCrmUsers', {
    request: ListRequest,
    item: Entry,
    handle: (app, { caller, page }) => listCrmUsers(app, caller.tenantId, page),
  }),
  list('listCrmGroups', {
    request: ListRequest,
    item: Entry,
    handle: (app, { caller, page }) => listCrmGroups(app, caller.tenantId, page),
  }),
];
