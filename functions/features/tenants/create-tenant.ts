import { tenantState } from '../../core/audit/set-up-states.ts';
import { SyncError } from '../../core/errors.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { Tenants } from '../../ports/tenants.ts';
import { newApiKey } from '../api-keys/new-api-key.ts';
import { trailOf } from '../audit/trail-of.ts';

const retentionDays = 90;

/**
 * Makes a tenant, claims its CRM context and makes the first administrator key, all or nothing. SyncError `conflict` if
 * another tenant has the context.
 */
export async function createTenant(
  { tenants, runtime }: { readonly tenants: Tenants; readonly runtime: Runtime },
  { crmContext }: { readonly crmContext: string },
): Promise<{ tenantId: string; adminKey: string }> {
  const tenantId = runtime.newId();
  const firstKey = newApiKey(runtime, { tenantId, name: 'first key', role: 'admin' });
  const tenant = {
    id: tenantId,
    crmContext,
    revision: 1,
    defaultConflictPolicy: { kind: 'crm-wins' } as const,
    retentionDays,
    createdAt: firstKey.key.createdAt,
  };
  const subject = { kind: 'tenant', id: tenantId } as const;
  const by = { operatorOf: tenantId };
  const trail = trailOf(runtime, by, { act: 'tenant.create', subject, after: tenantState(tenant, []) });
  if (!(await tenants.create(tenant, firstKey.key, trail))) {
    throw new SyncError('conflict', `The CRM context ${crmContext} is claimed by another tenant.`);
  }
  return { tenantId, adminKey: firstKey.text };
}
