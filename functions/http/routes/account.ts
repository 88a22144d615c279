import { z } from 'zod';
import { ApiKey, Role } from '../../core/model/api-key.ts';
import { issueApiKey, listApiKeys, revokeApiKey } from '../../features/api-keys/api-keys.ts';
import { readTenant } from '../../features/tenants/tenant-settings.ts';
import { admin, everyRole, list, route } from './application-routes.ts';
import { ById, Instant, Name } from './common-schemas.ts';

const Me = z.object({
  caller: z.object({ kind: z.literal('api-key'), id: z.string() }),
  tenant: z.object({ id: z.string(), crmContext: z.string() }),
  roles: z.array(Role),
});

const KeyView = ApiKey.omit({ tenantId: true, secretHash: true, revision: true });

export const accountRoutes = [
  route({
    method: 'GET',
    path: '/v1/health',
    roles: 'public',
    answer: z.object({ status: z.literal('ok') }),
    handle: async () => ({ body: { status: 'ok' } }),
  }),
  route({
    method: 'GET',
    path: '/v1/me',
    roles: everyRole,
    answer: Me,
    async handle(app, { caller }) {
      const tenant = await readTenant(app, caller.tenantId);
      return { body: { caller: { kind: 'api-key', id: caller.caller }, tenant, roles: [caller.role] } };
    },
  }),
  list({
    path: '/v1/api-keys',
    roles: admin,
    item: KeyView,
    handle: (app, { caller, page }) => listApiKeys(app, caller.tenantId, page),
  }),
  route({
    method: 'POST',
    path: '/v1/api-keys',
    roles: admin,
    body: z.strictObject({ name: Name, role: z.enum(['admin', 'service']), expiresAt: Instant.optional() }),
    answer: KeyView.extend({ key: z.string() }),
    status: 201,
    replay: 'refuse',
    handle: async (app, { caller, body }) => ({ body: await issueApiKey(app, caller, body) }),
  }),
  route({
    method: 'DELETE',
    path: '/v1/api-keys/{id}',
    roles: admin,
    params: ById,
    async handle(app, { caller, params }) {
      await revokeApiKey(app, caller, params.id);
      return {};
    },
  }),
];
