import { LambdaClient } from '@aws-sdk/client-lambda';
import { apiKeysStore } from '../adapters/aws/dynamodb/set-up/api-keys.ts';
import { sessionsStore } from '../adapters/aws/dynamodb/set-up/sessions.ts';
import { tenantsStore } from '../adapters/aws/dynamodb/set-up/tenants.ts';
import { renewalByFunction } from '../adapters/aws/lambda/renewal-by-function.ts';
import { askingCallsMs, besideCallsMs } from '../core/timing/session.ts';
import type { AuthenticateCallerDeps } from '../features/sessions/authenticate-caller.ts';
import { wireTable, wireTelemetry } from './base.ts';
import type { AuthorizerEnvironment } from './env.ts';

export function wireAuthorizer(env: AuthorizerEnvironment): AuthenticateCallerDeps {
  const { runtime, table } = wireTable(env.TABLE_NAME);
  return {
    runtime,
    telemetry: wireTelemetry(),
    apiKeys: apiKeysStore({ table }),
    sessions: sessionsStore({ table }),
    tenants: tenantsStore({ table }),
    renewal: renewalByFunction({
      client: new LambdaClient({ maxAttempts: 1 }),
      functionName: env.SESSION_FUNCTION,
      timeoutMs: askingCallsMs + besideCallsMs,
    }),
  };
}
