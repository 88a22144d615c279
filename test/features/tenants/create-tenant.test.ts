import { expect, test } from 'vitest';
import type { ApiKey } from '../../../functions/core/model/api-key.ts';
import type { Tenant } from '../../../functions/core/model/tenant.ts';
import { parseApiKey } from '../../../functions/features/api-keys/api-key-text.ts';
import { createTenant } from '../../../functions/features/tenants/create-tenant.ts';

function office(isFree: boolean) {
  const created: { tenant: Tenant; key: ApiKey }[] = [];
  let ids = 0;
  const deps = {
    tenants: {
      create: async (tenant: Tenant, key: ApiKey) => {
        if (isFree) created.push({ tenant, key });
        return isFree;
      },
      get: async () => undefined,
      whoClaims: async () => undefined,
      replace: async () => undefined,
    },
    runtime: {
      nowMs: () => 0,
      now: () => new Date(0).toISOString(),
      newId: () => {
        ids += 1;
        return `ID${ids}`;
      },
      random: () => 0,
      sleep: async () => {},
    },
  };
  return { created, create: () => createTenant(deps, { crmContext: 'Cust12345' }) };
}

test('a tenant is made with its context and an administrator key of its own', async () => {
  const { created, create } = office(true);
  const { tenantId, adminKey } = await create();
  expect(created).toMatchObject([
    { tenant: { id: tenantId, crmContext: 'Cust12345' }, key: { tenantId, role: 'admin' } },
  ]);
  expect(parseApiKey(adminKey)).toMatchObject({ tenantId, keyId: created[0]?.key.id });
});

test('a context that is claimed already is refused by name', async () => {
  await expect(office(false).create()).rejects.toMatchObject({
    kind: 'conflict',
    message: 'The CRM context Cust12345 is claimed by another tenant.',
  });
});
