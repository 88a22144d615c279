import { isInScope, type Person } from '../../core/model/scope.ts';
import type { Tenant } from '../../core/model/tenant.ts';

/** Why somebody does not have the ERP tab, in a sentence; nothing where they have it. Administrators always do. */
export function whyNoErpTab({ erpTab }: Pick<Tenant, 'erpTab'>, person: Person): string | undefined {
  if (isInScope(erpTab, person)) return undefined;
  return 'The ERP tab is for certain groups of the CRM, and you are in none of them: ask an administrator.';
}
