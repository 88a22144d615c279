import { z } from 'zod';
import { ConflictPolicy } from '../merge/policy.ts';

/** A tenant: one CRM context and the settings of its CRM system. Secrets lie in the vault (`…/{tenant}/crm`). */
export const Tenant = z.object({
  id: z.string(),
  /** CRM tenant key such as `Cust12345`; claimed once, never changed by API. */
  crmContext: z.string(),
  revision: z.number().int(),
  crm: z
    .object({
      kind: z.literal('superoffice'),
      /** Un-numbered host that answers the tenant's state, e.g. `https://online.superoffice.com`. */
      address: z.string(),
      clientId: z.string(),
      /** Vault version the settings were tested with. */
      secretVersion: z.string(),
    })
    .optional(),
  defaultConflictPolicy: ConflictPolicy,
  retentionDays: z.number().int().min(1).max(3650),
  createdAt: z.string(),
});
export type Tenant = z.infer<typeof Tenant>;
