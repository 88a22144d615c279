/** Adapters are constructed in `config/wiring*.ts` alone. What a function gets here lives as long as its instance. */
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { apiKeysStore } from '../adapters/dynamodb/api-keys.ts';
import { changeLogStore } from '../adapters/dynamodb/change-log.ts';
import { connectionsStore } from '../adapters/dynamodb/connections.ts';
import { connectorsStore } from '../adapters/dynamodb/connectors.ts';
import { cursorsStore } from '../adapters/dynamodb/cursors.ts';
import { dueItemsStore } from '../adapters/dynamodb/due-items.ts';
import { failuresStore } from '../adapters/dynamodb/failures.ts';
import { idempotencyKeysStore } from '../adapters/dynamodb/idempotency-keys.ts';
import { linksStore } from '../adapters/dynamodb/links.ts';
import { tenantRetention } from '../adapters/dynamodb/retention.ts';
import { runsStore } from '../adapters/dynamodb/runs.ts';
import { tenantsStore } from '../adapters/dynamodb/tenants.ts';
import { httpClient } from '../adapters/http/http-client.ts';
import { eventBridgeSchedules } from '../adapters/scheduler/eventbridge-schedules.ts';
import { secretsVault } from '../adapters/secrets/secrets-vault.ts';
import { signingKey } from '../adapters/secrets/signing-key.ts';
import { sqsWorkQueue } from '../adapters/sqs/sqs-work-queue.ts';
import type { Application } from '../app/application.ts';
import type { Engine } from '../app/engine.ts';
import type { HttpDeps } from '../middleware/http-chain.ts';
import type { ApiEnvironment, EngineEnvironment } from './env.ts';
import { recordSystems } from './record-systems.ts';
import { wireTable, wireTelemetry } from './wiring-base.ts';

export function wireEngine(env: EngineEnvironment): Engine & Pick<Application, 'vault'> {
  const { runtime, table } = wireTable(env.TABLE_NAME);
  const tenants = tenantsStore({ table });
  const retentionDays = tenantRetention({ tenants, runtime });
  const vault = secretsVault({ client: new SecretsManagerClient(), prefix: env.SECRET_PREFIX, runtime });
  const rules = {
    allowHttp: env.OUTBOUND_ALLOW_HTTP,
    allowLoopback: env.OUTBOUND_ALLOW_LOOPBACK,
    privateRanges: env.OUTBOUND_PRIVATE_RANGES,
  };
  return {
    runtime,
    telemetry: wireTelemetry(),
    vault,
    tenants,
    connections: connectionsStore({ table }),
    links: linksStore({ table, retentionDays }),
    dueItems: dueItemsStore({ table }),
    runs: runsStore({ table, runtime, retentionDays }),
    cursors: cursorsStore({ table }),
    changeLog: changeLogStore({ table, retentionDays }),
    failures: failuresStore({ table }),
    queue: sqsWorkQueue({
      client: new SQSClient(),
      queueUrls: { high: env.QUEUE_URL_HIGH, normal: env.QUEUE_URL_NORMAL, low: env.QUEUE_URL_LOW },
    }),
    schedules: eventBridgeSchedules({
      client: new SchedulerClient(),
      groupName: env.SCHEDULE_GROUP,
      dispatcherArn: env.DISPATCHER_ARN,
      roleArn: env.SCHEDULER_ROLE_ARN,
    }),
    systems: recordSystems({ http: httpClient({ rules }), runtime, vault }),
    settings: { leaseMs: env.LEASE_SECONDS * 1000, stalledAfterMs: env.STALLED_SECONDS * 1000 },
  };
}

/** What the functions behind the HTTP API work with. */
export function wireApi(env: ApiEnvironment): Application & HttpDeps {
  const { runtime, table } = wireTable(env.TABLE_NAME);
  return {
    ...wireEngine(env),
    apiKeys: apiKeysStore({ table }),
    connectors: connectorsStore({ table }),
    idempotencyKeys: idempotencyKeysStore({ table, runtime }),
    signingKey: signingKey({ client: new SecretsManagerClient(), secretId: env.SIGNING_KEY_SECRET }),
  };
}
