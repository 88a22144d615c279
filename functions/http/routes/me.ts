import * as z from 'zod';
import { Role } from '../../core/model/api-key.ts';
import { readTenant } from '../../features/tenants/tenant-settings.ts';
import { route } from '../application-routes.ts';
import { EmptyRequest } from '../schemas/requests.ts';

const Me = z.object({
  caller: z.object({ kind: z.literal('api-key'), id: z.string() }),
  tenant: z.object({ id: z.string(), crmContext: z.string() }),
  roles: z.array(Role),
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
