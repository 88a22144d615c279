import { parseArgs } from 'node:util';

interface Where {
  readonly stage: string;
  readonly endpointUrl: string | undefined;
}

export type TenantOptions =
  | (Where & { readonly act: 'create'; readonly crmContext: string })
  | (Where & { readonly act: 'delete'; readonly tenantId: string; readonly isSure: boolean });

/** What was asked for, or what is wrong with it in one sentence. */
export function tenantOptions(args: readonly string[]): TenantOptions | { readonly fault: string } {
  const option = { type: 'string' } as const;
  const options = { stage: option, 'crm-context': option, tenant: option, 'endpoint-url': option } as const;
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...options, yes: { type: 'boolean' } },
    });
    const { stage = '', 'crm-context': crmContext, tenant, yes, 'endpoint-url': endpointUrl } = values;
    const act = positionals.join(' ');
    if (act !== 'create' && act !== 'delete') return { fault: 'What to do with a tenant is: create or delete.' };
    if (!/^[a-z0-9-]{1,20}$/.test(stage)) return { fault: '--stage is missing or not a stage.' };
    if (act === 'create') {
      if (tenant !== undefined || yes) return { fault: '--tenant and --yes are for delete.' };
      if (!/^[A-Za-z0-9]{1,50}$/.test(crmContext ?? ''))
        return { fault: '--crm-context is missing or not a context key.' };
      return { act, stage, crmContext: crmContext ?? '', endpointUrl };
    }
    if (crmContext !== undefined)
      return { fault: '--crm-context is for create: to delete, name the tenant by --tenant.' };
    if (!/^[A-Za-z0-9]{1,50}$/.test(tenant ?? '')) return { fault: '--tenant is missing or not an id.' };
    return { act, stage, tenantId: tenant ?? '', isSure: yes === true, endpointUrl };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : 'The options cannot be read.' };
  }
}
