import { z } from 'zod';
import { SecretSet } from '../../core/mapping/config-values.ts';
import { ConflictPolicy } from '../../core/merge/policy.ts';
import { readTenant, saveTenant, testTenant } from '../../features/tenants/tenant-settings.ts';
import { route } from '../application-routes.ts';
import { HttpAddress, Ok } from '../schemas/common.ts';
import { EmptyRequest } from '../schemas/requests.ts';

const Secret = z.union([z.string().min(1).max(10_000), SecretSet], {
  error: 'Must be a text, or {"set": true} to keep the stored one',
});

const CrmSettings = z.strictObject({
  kind: z.literal('superoffice'),
  address: HttpAddress,
  clientId: z.string().min(1).max(200),
  systemToken: Secret,
  clientSecret: Secret,
  privateKey: Secret,
});

const TenantSettings = z.strictObject({
  crm: CrmSettings.optional(),
  defaultConflictPolicy: ConflictPolicy,
  retentionDays: z.number().int().min(1).max(3650),
});

const CrmView = z.object({
  kind: z.string(),
  address: z.string(),
  clientId: z.string(),
  systemToken: SecretSet,
  clientSecret: SecretSet,
  privateKey: SecretSet,
});

const TenantView = z.object({
  id: z.string(),
  crmContext: z.string(),
  crm: CrmView.optional(),
  defaultConflictPolicy: ConflictPolicy,
  retentionDays: z.number(),
  createdAt: z.string(),
});

export const tenantRoutes = [
  route('readTenant', {
    request: EmptyRequest,
    answer: TenantView,
    async handle(app, { caller }) {
      const tenant = await readTenant(app, caller.tenantId);
      return { body: tenant, revision: tenant.revision };
    },
  }),
  route('saveTenant', {
    request: EmptyRequest.extend({ body: TenantSettings }),
    answer: TenantView,
    async handle(app, { caller, ifMatch, body }) {
      const tenant = await saveTenant(app, caller.tenantId, ifMatch, body);
      return { body: tenant, revision: tenant.revision };
    },
  }),
  route('testTenant', {
    request: EmptyRequest.extend({ body: z.strictObject({ crm: CrmSettings.optional() }).default({}) }),
    answer: Ok,
    async handle(app, { caller, body }) {
      await testTenant(app, caller.tenantId, body.crm);
      return { body: { ok: true } };
    },
  }),
];
