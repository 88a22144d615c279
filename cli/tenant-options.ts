import { parseArgs } from 'node:util';

export const usage = `Usage: npm run tenant -- create --stage <stage> --crm-context <key> [--endpoint-url <url>]

  --stage         dev, prod or local: the tenant goes into the table erp-sync-<stage>
  --crm-context   the CRM system that the tenant is, e.g. Cust12345; one tenant per context, for good
  --endpoint-url  another AWS endpoint than the region's own, e.g. an emulator's

Account and region come from your AWS credentials. The key goes to standard output, all else to standard error.`;

export interface TenantOptions {
  readonly stage: string;
  readonly crmContext: string;
  readonly endpointUrl?: string;
}

/** What was asked for, or what is wrong with it in one sentence. */
export function tenantOptions(args: readonly string[]): TenantOptions | { readonly fault: string } {
  const option = { type: 'string' } as const;
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { stage: option, 'crm-context': option, 'endpoint-url': option },
    });
    const { stage = '', 'crm-context': crmContext = '', 'endpoint-url': endpointUrl } = values;
    if (positionals.join(' ') !== 'create') return { fault: 'The only thing to do with a tenant is: create.' };
    if (!/^[a-z0-9-]{1,20}$/.test(stage)) return { fault: '--stage is missing or not a stage.' };
    if (!/^[A-Za-z0-9]{1,50}$/.test(crmContext)) return { fault: '--crm-context is missing or not a context key.' };
    return { stage, crmContext, endpointUrl };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : 'The options cannot be read.' };
  }
}
