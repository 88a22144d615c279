import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { purgesStore } from '../adapters/aws/dynamodb/purge/purges.ts';
import { connectionsStore } from '../adapters/aws/dynamodb/set-up/connections.ts';
import { tenantsStore } from '../adapters/aws/dynamodb/set-up/tenants.ts';
import { scheduleRemoval } from '../adapters/aws/scheduler/eventbridge-schedules.ts';
import { secretsVault } from '../adapters/aws/secrets/secrets-vault.ts';
import type { Leaving } from '../features/tenants/delete-tenant.ts';
import type { Tenants } from '../ports/tenants.ts';
import { wireTable } from './base.ts';

/** For an operator who deletes a tenant: names are those that the stack of the stage gives. */
export function wireLeaving({
  stage,
  tableName,
  endpointUrl,
}: {
  readonly stage: string;
  readonly tableName: string;
  readonly endpointUrl?: string | undefined;
}): Leaving & { readonly tenants: Tenants } {
  const { runtime, table } = wireTable(tableName, endpointUrl);
  const endpoint = endpointUrl === undefined ? {} : { endpoint: endpointUrl };
  return {
    runtime,
    tenants: tenantsStore({ table }),
    connections: connectionsStore({ table }),
    purges: purgesStore({ table }),
    vault: secretsVault({ client: new SecretsManagerClient(endpoint), prefix: `erp-sync/${stage}`, runtime }),
    schedules: scheduleRemoval({ client: new SchedulerClient(endpoint), groupName: `erp-sync-${stage}` }),
  };
}
