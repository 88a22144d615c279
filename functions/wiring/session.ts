import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { apiKeysStore } from '../adapters/aws/dynamodb/set-up/api-keys.ts';
import { auditStore } from '../adapters/aws/dynamodb/set-up/audit.ts';
import { idempotencyKeysStore } from '../adapters/aws/dynamodb/set-up/idempotency-keys.ts';
import { ratesStore } from '../adapters/aws/dynamodb/set-up/rates.ts';
import { sessionsStore } from '../adapters/aws/dynamodb/set-up/sessions.ts';
import { tenantsStore } from '../adapters/aws/dynamodb/set-up/tenants.ts';
import { secretsVault } from '../adapters/aws/secrets/secrets-vault.ts';
import { signingKey } from '../adapters/aws/secrets/signing-key.ts';
import { callBudget } from '../adapters/http/call-budget.ts';
import { httpClient } from '../adapters/http/http-client.ts';
import { sealer } from '../features/sessions/sealed.ts';
import type { SignInApplication } from '../features/sessions/sign-in-application.ts';
import type { HttpDeps } from '../http/chain/http-chain.ts';
import { wireTable, wireTelemetry } from './base.ts';
import type { SessionEnvironment } from './env.ts';
import { identityProviders } from './identity-providers.ts';
import { limitsOf } from './limits.ts';

/** What the function works with that signs people in and out: no queue, no ERP, no part of the engine. */
export function wireSession(env: SessionEnvironment): SignInApplication & Required<HttpDeps> {
  const { runtime, table } = wireTable(env.TABLE_NAME);
  const telemetry = wireTelemetry();
  const secrets = new SecretsManagerClient();
  const key = signingKey({ client: secrets, secretId: env.SESSION_KEY_SECRET });
  const vault = secretsVault({ client: secrets, prefix: env.SECRET_PREFIX, runtime });
  const budget = callBudget(runtime);
  const rules = {
    allowHttp: env.OUTBOUND_ALLOW_HTTP,
    allowLoopback: env.OUTBOUND_ALLOW_LOOPBACK,
    privateRanges: env.OUTBOUND_PRIVATE_RANGES,
  };
  return {
    runtime,
    telemetry,
    sessions: sessionsStore({ table }),
    apiKeys: apiKeysStore({ table }),
    tenants: tenantsStore({ table }),
    audit: auditStore({ table }),
    rates: ratesStore({ table, runtime, telemetry, limits: limitsOf(env) }),
    idempotencyKeys: idempotencyKeysStore({ table, runtime }),
    identityProviders: identityProviders({ http: budget.over(httpClient({ rules })), runtime, vault }),
    callBudget: budget,
    signingKey: key,
    sealer: sealer(key),
    signIn: { publicUrl: env.PUBLIC_URL || undefined, clientId: env.CRM_CLIENT_ID || undefined },
  };
}
