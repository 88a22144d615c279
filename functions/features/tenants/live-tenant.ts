import type { Tenant } from '../../core/model/tenant.ts';
import type { Tenants } from '../../ports/tenants.ts';

/** The tenant; one that is being deleted is like one that there is not. */
export async function liveTenant(tenants: Pick<Tenants, 'get'>, tenantId: string): Promise<Tenant | undefined> {
  const tenant = await tenants.get(tenantId);
  return tenant?.leaving ? undefined : tenant;
}
