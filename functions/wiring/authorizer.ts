import { apiKeysStore } from '../adapters/aws/dynamodb/set-up/api-keys.ts';
import type { AuthenticateDeps } from '../features/api-keys/authenticate.ts';
import { wireTable, wireTelemetry } from './base.ts';
import type { AuthorizerEnvironment } from './env.ts';

export function wireAuthorizer(env: AuthorizerEnvironment): AuthenticateDeps {
  const { runtime, table } = wireTable(env.TABLE_NAME);
  return { runtime, telemetry: wireTelemetry(), apiKeys: apiKeysStore({ table }) };
}
