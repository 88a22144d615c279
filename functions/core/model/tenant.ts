import * as z from 'zod';
import { ConflictPolicy } from '../merge/policy.ts';
import { ConfigValues } from './connector.ts';

/** A tenant: one CRM context and the settings of its CRM system. Secrets lie in the vault (`…/{tenant}/crm`). */
export const Tenant = z.object({
  id: z.string(),
  /** CRM tenant key such as `Cust12345`; claimed once, never changed by API. */
  crmContext: z.string(),
  revision: z.number().int(),
  crm: z
    .object({
      kind: z.string(),
      /** Where its secrets were tested, together with `config`: they are sent nowhere else. */
      address: z.string(),
      /** Values of the settings that the kind declares, passwords left out. */
      config: ConfigValues,
      /** Vault version the settings were tested with. */
      secretVersion: z.string(),
    })
    .optional(),
  defaultConflictPolicy: ConflictPolicy,
  retentionDays: z.number().int().min(1).max(3650),
  createdAt: z.string(),
});
export type Tenant = z.infer<typeof Tenant>;
