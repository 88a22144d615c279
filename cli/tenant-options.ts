import { parseArgs } from 'node:util';
import { stageNames } from '../functions/wiring/env.ts';

interface Where {
  readonly stage: string;
  readonly tableName: string;
  readonly endpointUrl: string | undefined;
}

export type TenantOptions =
  | (Where & { readonly act: 'create'; readonly crmContext: string })
  | (Where & { readonly act: 'delete'; readonly tenantId: string; readonly isSure: boolean });

/** What was asked for, or what is wrong with it in one sentence. */
export function tenantOptions(args: readonly string[]): TenantOptions | { readonly fault: string } {
  const option = { type: 'string' } as const;
  const options = {
    stage: option,
    'crm-context': option,
    tenant: option,
    table: option,
    'endpoint-url': option,
  } as const;
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...options, yes: { type: 'boolean' } },
    });
    const { stage = '', 'crm-context': crmContext, tenant, yes, table, 'endpoint-url': endpointUrl } = values;
    const act = positionals.join(' ');
    if (act !== 'create' && act !== 'delete') return { fault: 'What to do with a tenant is: create or delete.' };
    if (!stageNames.some((name) => name === stage)) {
      return { fault: `Which stage? Say --stage ${stageNames.join(', --stage ')}.` };
    }
    const where = { stage, tableName: table ?? `erp-sync-${stage}`, endpointUrl };
    if (!/^[\w.-]{3,255}$/.test(where.tableName)) return { fault: '--table is not the name of a table.' };
    if (act === 'create') {
      if (tenant !== undefined || yes) return { fault: '--tenant and --yes are for delete.' };
      if (!/^[A-Za-z0-9]{1,50}$/.test(crmContext ?? ''))
        return { fault: '--crm-context is missing or not a context key.' };
      return { act, ...where, crmContext: crmContext ?? '' };
    }
    if (crmContext !== undefined)
      return { fault: '--crm-context is for create: to delete, name the tenant by --tenant.' };
    if (!/^[A-Za-z0-9]{1,50}$/.test(tenant ?? '')) return { fault: '--tenant is missing or not an id.' };
    return { act, ...where, tenantId: tenant ?? '', isSure: yes === true };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : 'The options cannot be read.' };
  }
}
