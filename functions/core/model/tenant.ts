import * as z from 'zod';
import { ConflictPolicy } from '../merge/policy.ts';
import { ConfigValues } from './connector.ts';
import { ErpTab } from './scope.ts';

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
  /** Absent: everyone. */
  erpTab: ErpTab.optional(),
  /** The engine's switch; absent: it has run since the tenant was made. */
  engine: z
    .object({ running: z.boolean(), changedAt: z.string(), defaultIntervalMinutes: z.number().int() })
    .optional(),
  createdAt: z.string(),
  /** It is being deleted: nobody calls for it any more, and it is never taken back. */
  leaving: z.literal(true).optional(),
});
export type Tenant = z.infer<typeof Tenant>;

/** Of a connection that is made without one. */
const standardIntervalMinutes = 15;

export function defaultIntervalOf({ engine }: Pick<Tenant, 'engine'>): number {
  return engine?.defaultIntervalMinutes ?? standardIntervalMinutes;
}

/** Nothing is synchronised by itself: only runs that a person wants all the same go on. */
export function isEngineStopped(tenant: Pick<Tenant, 'engine'> | undefined): boolean {
  return tenant?.engine?.running === false;
}
