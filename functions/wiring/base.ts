/** What every function and command is made with; apart, so that the authorizer's bundle stays small. */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoDbTable } from '../adapters/aws/dynamodb/table/dynamodb-table.ts';
import { joiningReads } from '../adapters/aws/dynamodb/table/joining-reads.ts';
import { systemRuntime } from '../adapters/runtime/system-runtime.ts';
import { powertoolsTelemetry } from '../adapters/telemetry/powertools-telemetry.ts';

export function wireTable(tableName: string, endpoint?: string) {
  const runtime = systemRuntime();
  const client = new DynamoDBClient(endpoint === undefined ? {} : { endpoint });
  return { runtime, table: joiningReads(dynamoDbTable({ client, tableName, random: runtime.random })) };
}

export function wireTelemetry() {
  return powertoolsTelemetry({ logger: new Logger(), metrics: new Metrics() });
}
