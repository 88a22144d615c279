/** `npm run tenant -- create …` and `delete …`: with the operator's own AWS credentials, on every stage. */
import { createInterface } from 'node:readline/promises';
import { createTenant } from '../functions/features/tenants/create-tenant.ts';
import { deleteTenant } from '../functions/features/tenants/delete-tenant.ts';
import { wireLeaving } from '../functions/wiring/leaving.ts';
import { wireTenants } from '../functions/wiring/tenants.ts';
import { failureSentence } from './failure-sentence.ts';
import { type TenantOptions, tenantOptions } from './tenant-options.ts';
import { usage } from './tenant-usage.mjs';

type Create = Extract<TenantOptions, { readonly act: 'create' }>;
type Delete = Extract<TenantOptions, { readonly act: 'delete' }>;

async function create({ tableName, crmContext, endpointUrl }: Create): Promise<number> {
  const deps = wireTenants({ tableName, endpointUrl });
  const { tenantId, adminKey } = await createTenant(deps, { crmContext });
  console.error(`Tenant ${tenantId} is made, with the CRM context ${crmContext}. Its first key, shown only now:`);
  console.log(adminKey);
  return 0;
}

async function typed(question: string): Promise<string> {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question(question);
  asking.close();
  return answer.trim();
}

async function remove({ stage, tableName, tenantId, isSure, endpointUrl }: Delete): Promise<number> {
  const deps = wireLeaving({ stage, tableName, endpointUrl });
  const tenant = await deps.tenants.get(tenantId);
  if (!tenant) {
    console.error(`There is no tenant ${tenantId} in stage ${stage}.`);
    return 1;
  }
  const question = `Tenant ${tenantId} is deleted with all that it has, for good. Type its CRM context to go on: `;
  if (!isSure && (await typed(question)) !== tenant.crmContext) {
    console.error('That is not its CRM context. Nothing is deleted.');
    return 1;
  }
  const gone = await deleteTenant(deps, tenant, (sentence) => console.error(sentence));
  console.error(
    `Tenant ${tenantId} is deleted: ${gone.connections} connections, ${gone.links} links, ${gone.runs} runs, ` +
      `${gone.apiKeys} API keys and ${gone.others} other items. The CRM context ${tenant.crmContext} is free.`,
  );
  return 0;
}

async function run(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    console.log(usage);
    return 0;
  }
  const options = tenantOptions(args);
  if ('fault' in options) {
    console.error(`${options.fault}\n\n${usage}`);
    return 2;
  }
  try {
    return await (options.act === 'create' ? create(options) : remove(options));
  } catch (error) {
    console.error(failureSentence(error, options.tableName));
    return 1;
  }
}

process.exitCode = await run();
