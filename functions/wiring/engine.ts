/** Adapters are constructed in this folder alone. What a function gets here lives as long as its instance. */
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { changeLogStore } from '../adapters/aws/dynamodb/links/change-log.ts';
import { dueItemsStore } from '../adapters/aws/dynamodb/links/due-items.ts';
import { failuresStore } from '../adapters/aws/dynamodb/links/failures.ts';
import { linksStore } from '../adapters/aws/dynamodb/links/links.ts';
import { waitingLinksStore } from '../adapters/aws/dynamodb/links/waiting-links.ts';
import { purgesStore } from '../adapters/aws/dynamodb/purge/purges.ts';
import { brakesStore } from '../adapters/aws/dynamodb/runs/brakes.ts';
import { cursorsStore } from '../adapters/aws/dynamodb/runs/cursors.ts';
import { messagesInHandStore } from '../adapters/aws/dynamodb/runs/messages-in-hand.ts';
import { proposalsStore } from '../adapters/aws/dynamodb/runs/proposals.ts';
import { runsStore } from '../adapters/aws/dynamodb/runs/runs.ts';
import { breakersStore, throttlesStore } from '../adapters/aws/dynamodb/runs/throttles.ts';
import { connectionsStore } from '../adapters/aws/dynamodb/set-up/connections.ts';
import { connectorsStore } from '../adapters/aws/dynamodb/set-up/connectors.ts';
import { tenantRetention } from '../adapters/aws/dynamodb/set-up/retention.ts';
import { signInsStore } from '../adapters/aws/dynamodb/set-up/sign-ins.ts';
import { tenantsStore } from '../adapters/aws/dynamodb/set-up/tenants.ts';
import { joiningTable } from '../adapters/aws/dynamodb/table/joining-table.ts';
import { eventBridgeSchedules } from '../adapters/aws/scheduler/eventbridge-schedules.ts';
import { secretsVault } from '../adapters/aws/secrets/secrets-vault.ts';
import { snsAlerts } from '../adapters/aws/sns/sns-alerts.ts';
import { sqsWorkQueue } from '../adapters/aws/sqs/sqs-work-queue.ts';
import { httpClient } from '../adapters/http/http-client.ts';
import type { Application } from '../features/application.ts';
import type { HttpClient } from '../ports/http.ts';
import type { Engine } from '../sync/engine.ts';
import { wireTable, wireTelemetry } from './base.ts';
import type { EngineEnvironment } from './env.ts';
import { recordSystems } from './record-systems.ts';
import { signInGuards } from './sign-in-guards.ts';

/** What a function works with that uses all ports; it lives as long as the function's instance. */
export function wireEngine(
  env: EngineEnvironment,
  signingKey?: () => Promise<string>,
  budgeted: (http: HttpClient) => HttpClient = (http) => http,
): Engine & Pick<Application, 'vault' | 'directories'> {
  const { runtime, table } = wireTable(env.TABLE_NAME);
  const telemetry = wireTelemetry();
  const tenants = tenantsStore({ table });
  const retentionDays = tenantRetention({ tenants, runtime });
  const vault = secretsVault({ client: new SecretsManagerClient(), prefix: env.SECRET_PREFIX, runtime });
  const connections = connectionsStore({ table });
  const failures = failuresStore({ table });
  const guards = signInGuards({ signIns: signInsStore({ table }), failures, connections, runtime, signingKey });
  const rules = {
    allowHttp: env.OUTBOUND_ALLOW_HTTP,
    allowLoopback: env.OUTBOUND_ALLOW_LOOPBACK,
    privateRanges: env.OUTBOUND_PRIVATE_RANGES,
  };
  const systems = recordSystems({
    http: budgeted(httpClient({ rules })),
    runtime,
    vault,
    guards,
    memoryMb: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  });
  return {
    runtime,
    telemetry,
    alerts: snsAlerts({ topicArn: env.ALERT_TOPIC_ARN, telemetry }),
    vault,
    tenants,
    connectors: connectorsStore({ table }),
    connections,
    links: linksStore({ table: joiningTable(table), retentionDays }),
    dueItems: dueItemsStore({ table }),
    waitingLinks: waitingLinksStore({ table }),
    runs: runsStore({ table, runtime, retentionDays }),
    proposals: proposalsStore({ table, retentionDays }),
    cursors: cursorsStore({ table, runtime }),
    throttles: throttlesStore({ table }),
    breakers: breakersStore({ table }),
    inHand: messagesInHandStore({ table }),
    changeLog: changeLogStore({ table, retentionDays }),
    failures,
    brakes: brakesStore({ table, runtime, retentionDays }),
    purges: purgesStore({ table }),
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
    systems,
    directories: systems.directories,
    settings: { leaseMs: env.LEASE_SECONDS * 1000, stalledAfterMs: env.STALLED_SECONDS * 1000 },
  };
}
