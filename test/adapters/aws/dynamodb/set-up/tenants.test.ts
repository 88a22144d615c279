import { expect, test } from 'vitest';
import { tenantsStore } from '../../../../../functions/adapters/aws/dynamodb/set-up/tenants.ts';
import { keys } from '../../../../../functions/adapters/aws/dynamodb/table/keys.ts';
import { storedItem } from '../../../../../functions/adapters/aws/dynamodb/table/stored-item.ts';
import { memoryTable } from '../../../../../functions/adapters/memory/memory-table.ts';
import type { Tenant } from '../../../../../functions/core/model/tenant.ts';

const tenant: Tenant = {
  id: 'T1',
  crmContext: 'Cust12345',
  revision: 3,
  crm: { kind: 'paper', address: 'https://crm.example.com', config: { clientId: 'app' }, secretVersion: 'v1' },
  defaultConflictPolicy: { kind: 'crm-wins' },
  retentionDays: 90,
  createdAt: '2026-11-20T10:00:00.000Z',
};

test('CRM settings that an earlier version stored flat are read, and written anew as they are now', async () => {
  const table = memoryTable();
  const tenants = tenantsStore({ table });
  const crm = { kind: 'paper', address: 'https://crm.example.com', clientId: 'app', secretVersion: 'v1' };
  await table.putMany([storedItem({ type: 'tenant', key: keys.tenant('T1') }, { ...tenant, crm })]);
  expect(await tenants.get('T1')).toEqual(tenant);
  await tenants.replace(tenant);
  expect(await tenants.get('T1')).toEqual({ ...tenant, revision: 4 });
});
