/**
 * Which record table of a tenant's CRM has a type of its records, asked once in five minutes. Always true: it is used for the
 * tenant that it was asked for, and says nothing of rights. A tenant whose CRM has just become one of another kind finds no
 * links of its records until then. It is in the memory of the function that asks: a crash forgets it. Attacked by
 * test/features/tenants/kept-crm-tables.test.ts.
 */
import type { CrmType } from '../../core/model/actor-type.ts';
import { putLast } from '../../core/put-last.ts';
import type { RecordSystems } from '../../ports/record-systems.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { Tenants } from '../../ports/tenants.ts';
import { tenantOf } from './tenant-of.ts';

const keptMs = 5 * 60_000;
const mostKept = 1_000;

export interface CrmTables {
  /** Nothing where no CRM is known, or it has no records of the type. */
  of(tenantId: string, crmType: CrmType): Promise<string | undefined>;
}

interface Kept {
  readonly tables: ReadonlyMap<string, string>;
  readonly untilMs: number;
}

export function keptCrmTables(
  app: { readonly tenants: Pick<Tenants, 'get'>; readonly systems: Pick<RecordSystems, 'crm'> },
  { nowMs }: Pick<Runtime, 'nowMs'>,
  { most = mostKept } = {},
): CrmTables {
  const kept = new Map<string, Kept>();
  return {
    async of(tenantId, crmType) {
      const known = kept.get(tenantId);
      if (known && nowMs() < known.untilMs) return known.tables.get(crmType);
      const askedAtMs = nowMs();
      const tenant = await tenantOf(app, tenantId);
      if (!tenant.crm) return undefined;
      const { types } = await (await app.systems.crm(tenant)).capabilities();
      const tables = new Map(types.map(({ type, table }) => [type, table]));
      putLast(kept, tenantId, { tables, untilMs: askedAtMs + keptMs }, most);
      return tables.get(crmType);
    },
  };
}
