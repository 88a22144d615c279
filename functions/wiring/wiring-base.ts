/** What every function and command is made with. Apart from `wiring.ts`, so that the authorizer's bundle stays small. */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { apiKeysStore } from '../adapters/aws/dynamodb/set-up/api-keys.ts';
import { tenantsStore } from '../adapters/aws/dynamodb/set-up/tenants.ts';
import { dynamoDbTable } from '../adapters/aws/dynamodb/table/dynamodb-table.ts';
import { systemRuntime } from '../adapters/runtime/system-runtime.ts';
import { powertoolsTelemetry } from '../adapters/telemetry/powertools-telemetry.ts';
import type { AuthenticateDeps } from '../features/api-keys/authenticate.ts';
import type { AuthorizerEnvironment } from './env.ts';

export function wireTable(tableName: string, endpoint?: string) {
  const runtime = systemRuntime();
  const client = new DynamoDBClient(endpoint === undefined ? {} : { endpoint });
  return { runtime, table: dynamoDbTable({ client, tableName, random: runtime.random }) };
}

export function wireTelemetry() {
  return powertoolsTelemetry({ logger: new Logger(), metrics: new Metrics() });
}

export function wireAuthorizer(env: AuthorizerEnvironment): AuthenticateDeps {
  const { runtime, table } = wireTable(env.TABLE_NAME);
  return { runtime, telemetry: wireTelemetry(), apiKeys: apiKeysStore({ table }) };
}

/** For operators' commands: region and credentials are those of their shell. */
export function wireTenants({ tableName, endpointUrl }: { tableName: string; endpointUrl?: string }) {
  const { runtime, table } = wireTable(tableName, endpointUrl);
  return { runtime, tenants: tenantsStore({ table }) };
}
