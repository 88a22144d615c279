import type { Tenant } from '../../core/model/tenant.ts';
import type { Tenants } from '../../ports/tenants.ts';
import { found } from '../found.ts';

export async function tenantOf(
  { tenants }: { readonly tenants: Pick<Tenants, 'get'> },
  tenantId: string,
): Promise<Tenant> {
  return found(await tenants.get(tenantId), 'tenant', tenantId);
}
