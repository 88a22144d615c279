import * as z from 'zod';
import { Role } from '../../core/model/api-key.ts';
import { CrmUser } from '../../core/model/session.ts';
import { whyNoErpTab } from '../../features/access/erp-tab.ts';
import { readTenant } from '../../features/tenants/tenant-settings.ts';
import { route } from '../application-routes.ts';
import { EmptyRequest } from '../schemas/requests.ts';

const Me = z.object({
  caller: z.object({
    kind: z.enum(['api-key', 'user']),
    id: z.string().describe('The id of the key, not the key; of a user `user:` and the id in the CRM.'),
  }),
  tenant: z.object({
    id: z.string(),
    crmContext: z.string().meta({ description: "The CRM's own name for the tenant.", examples: ['Cust12345'] }),
  }),
  roles: z.array(Role).describe('What the caller may do.'),
  user: CrmUser.optional().describe('Absent where a key calls.'),
  erpTab: z
    .object({
      visible: z.boolean().describe('Whether they have it.'),
      reason: z.string().optional().describe('Why not, in a sentence.'),
    })
    .optional()
    .describe('Whether the user has the ERP tab; absent where a key calls.'),
});

export const meRoutes = [
  route('readCaller', {
    request: EmptyRequest,
    answer: Me,
    async handle(app, { caller: { tenantId, caller, role, user } }) {
      const tenant = await readTenant(app, tenantId);
      const who = user ? { kind: 'user', id: user.id } : { kind: 'api-key', id: caller };
      const reason = whyNoErpTab(tenant, { role, user });
      const erpTab = user && { visible: reason === undefined, reason };
      return { body: { caller: who, tenant, roles: [role], user, erpTab } };
    },
  }),
];
