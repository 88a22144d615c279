/** `npm run tenant -- create --stage dev --crm-context Cust12345`: with the operator's own AWS credentials, on every stage. */
import { createTenant } from '../functions/features/tenants/create-tenant.ts';
import { wireTenants } from '../functions/wiring/tenants.ts';
import { failureSentence } from './failure-sentence.ts';
import { tenantOptions, usage } from './tenant-options.ts';

async function run(): Promise<number> {
  const options = tenantOptions(process.argv.slice(2));
  if ('fault' in options) {
    console.error(`${options.fault}\n\n${usage}`);
    return 2;
  }
  const { stage, crmContext, endpointUrl } = options;
  try {
    const deps = wireTenants({ tableName: `erp-sync-${stage}`, endpointUrl });
    const { tenantId, adminKey } = await createTenant(deps, { crmContext });
    console.error(`Tenant ${tenantId} is made, with the CRM context ${crmContext}. Its first key, shown only now:`);
    console.log(adminKey);
    return 0;
  } catch (error) {
    console.error(failureSentence(error, stage));
    return 1;
  }
}

process.exitCode = await run();
