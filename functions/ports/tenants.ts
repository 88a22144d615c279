import type { ApiKey } from '../core/model/api-key.ts';
import type { Tenant } from '../core/model/tenant.ts';

/** `replace` is on condition of the revision read and stores revision + 1; undefined = superseded. */
export interface Tenants {
  /** False = the CRM context is claimed already. The first key is stored with it. */
  create(tenant: Tenant, firstKey: ApiKey): Promise<boolean>;
  get(tenantId: string): Promise<Tenant | undefined>;
  replace(tenant: Tenant): Promise<Tenant | undefined>;
}
