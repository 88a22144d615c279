/**
 * Always true: a CRM context belongs to one tenant, and to another only once that is deleted; a tenant has its first key from the start.
 * Claim, tenant and key are one transaction, so a crash leaves all of them or nothing; where only the answer was lost, the
 * tenant is there and nobody knows its key. Attacked by test/contract/stores-set-up-suite.ts.
 */
import type { ApiKey } from '../../../../core/model/api-key.ts';
import { Tenant } from '../../../../core/model/tenant.ts';
import type { Item, Table } from '../../../../ports/table.ts';
import type { Tenants } from '../../../../ports/tenants.ts';
import { keys } from '../table/keys.ts';
import { replaceItem } from '../table/replace-item.ts';
import { readItem, storedItem, textIn } from '../table/stored-item.ts';
import { apiKeyItem } from './api-keys.ts';
import { trailWrites } from './audit.ts';

export function tenantsStore({ table }: { readonly table: Table }): Tenants {
  return {
    async create(tenant: Tenant, firstKey: ApiKey, trail) {
      const claim = keys.crmContext(tenant.crmContext);
      const absent = { exists: false };
      const outcome = await table.transact([
        { put: storedItem({ type: 'crm-context', key: claim }, { tenantId: tenant.id }), when: absent },
        { put: storedItem({ type: 'tenant', key: keys.tenant(tenant.id) }, tenant), when: absent },
        { put: apiKeyItem(firstKey), when: absent },
        ...trailWrites(trail),
      ]);
      return outcome.ok;
    },
    async get(tenantId) {
      const item = await table.get(keys.tenant(tenantId));
      return item && readItem('tenant', Tenant, item, withCrmConfig);
    },
    async whoClaims(crmContext) {
      const claim = await table.get(keys.crmContext(crmContext));
      return claim && textIn(claim, 'tenantId');
    },
    replace: (tenant, trail) =>
      replaceItem(table, { type: 'tenant', key: keys.tenant(tenant.id), along: trailWrites(trail) }, tenant),
  };
}

/** An earlier version stored the settings of the CRM's kind beside its address. */
function withCrmConfig(item: Item): unknown {
  const { crm } = item;
  if (typeof crm !== 'object' || crm === null || 'config' in crm) return item;
  const { kind, address, secretVersion, ...config } = crm as Record<string, unknown>;
  return { ...item, crm: { kind, address, config, secretVersion } };
}
