import type { ApiKey } from '../core/model/api-key.ts';
import type { Tenant } from '../core/model/tenant.ts';
import type { Trail } from './audit.ts';

/** `replace` is on condition of the revision read and stores revision + 1; undefined = superseded. `trail` is written with the change. */
export interface Tenants {
  /** False = the CRM context is claimed already. The first key is stored with it. */
  create(tenant: Tenant, firstKey: ApiKey, trail?: Trail): Promise<boolean>;
  get(tenantId: string): Promise<Tenant | undefined>;
  /** Id of the tenant that has claimed the context. */
  whoClaims(crmContext: string): Promise<string | undefined>;
  replace(tenant: Tenant, trail?: Trail): Promise<Tenant | undefined>;
}
