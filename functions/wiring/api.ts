import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { apiKeysStore } from '../adapters/aws/dynamodb/set-up/api-keys.ts';
import { auditStore } from '../adapters/aws/dynamodb/set-up/audit.ts';
import { idempotencyKeysStore } from '../adapters/aws/dynamodb/set-up/idempotency-keys.ts';
import { mappingVersionsStore } from '../adapters/aws/dynamodb/set-up/mapping-versions.ts';
import { ratesStore } from '../adapters/aws/dynamodb/set-up/rates.ts';
import { sightByFunction } from '../adapters/aws/lambda/sight-by-function.ts';
import { signingKey } from '../adapters/aws/secrets/signing-key.ts';
import { callBudget } from '../adapters/http/call-budget.ts';
import { SyncError } from '../core/errors.ts';
import { besideCallsMs, sightCallsMs } from '../core/timing/session.ts';
import { keptSight } from '../features/access/kept-sight.ts';
import type { Application } from '../features/application.ts';
import { itemTexts } from '../features/systems/item-texts.ts';
import { keptCrmTables } from '../features/tenants/kept-crm-tables.ts';
import type { HttpDeps } from '../http/chain/http-chain.ts';
import type { RecordSight } from '../ports/record-sight.ts';
import { wireTable } from './base.ts';
import { wireEngine } from './engine.ts';
import type { ApiEnvironment } from './env.ts';
import { limitsOf } from './limits.ts';

/** What the functions behind the HTTP API work with. */
export function wireApi(env: ApiEnvironment): Application & Required<HttpDeps> {
  const { runtime, table } = wireTable(env.TABLE_NAME);
  const key = signingKey({ client: new SecretsManagerClient(), secretId: env.SIGNING_KEY_SECRET });
  const budget = callBudget(runtime);
  const engine = wireEngine(env, key, budget.over);
  return {
    ...engine,
    rates: ratesStore({ table, runtime, telemetry: engine.telemetry, limits: limitsOf(env) }),
    callBudget: budget,
    apiKeys: apiKeysStore({ table }),
    audit: auditStore({ table }),
    mappingVersions: mappingVersionsStore({ table }),
    idempotencyKeys: idempotencyKeysStore({ table, runtime }),
    recordSight: keptSight(recordSightOf(env), runtime),
    crmTables: keptCrmTables(engine, runtime),
    itemTexts: itemTexts(engine, budget),
    signingKey: key,
  };
}

/** Of a function that shows records of the CRM; the others ask for none. */
function recordSightOf({ SESSION_FUNCTION: functionName }: ApiEnvironment): RecordSight {
  if (functionName === undefined) {
    return {
      async ask() {
        throw new SyncError('defect', 'This function may not ask what a user sees.');
      },
    };
  }
  const client = new LambdaClient({ maxAttempts: 1 });
  return sightByFunction({ client, functionName, timeoutMs: sightCallsMs + besideCallsMs });
}
