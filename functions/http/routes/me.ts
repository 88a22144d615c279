import * as z from 'zod';
import { Role } from '../../core/model/api-key.ts';
import { readTenant } from '../../features/tenants/tenant-settings.ts';
import { route } from '../application-routes.ts';
import { EmptyRequest } from '../schemas/requests.ts';

const Me = z.object({
  caller: z.object({ kind: z.literal('api-key'), id: z.string().describe('The id of the key, not the key.') }),
  tenant: z.object({
    id: z.string(),
    crmContext: z.string().meta({ description: "The CRM's own name for the tenant.", examples: ['Cust12345'] }),
  }),
  roles: z.array(Role).describe('What the caller may do.'),
});

export const meRoutes = [
  route('readCaller', {
    request: EmptyRequest,
    answer: Me,
    async handle(app, { caller }) {
      const tenant = await readTenant(app, caller.tenantId);
      return { body: { caller: { kind: 'api-key', id: caller.caller }, tenant, roles: [caller.role] } };
    },
  }),
];
