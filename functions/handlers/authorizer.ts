import middy from '@middy/core';
import type { APIGatewayRequestAuthorizerEventV2, APIGatewaySimpleAuthorizerWithContextResult } from 'aws-lambda';
import { authenticate } from '../features/api-keys/authenticate.ts';
import { logFailure } from '../queue/log-failure.ts';
import { wireAuthorizer } from '../wiring/authorizer.ts';
import { AuthorizerEnvironment, readEnvironment } from '../wiring/env.ts';

type Verdict = APIGatewaySimpleAuthorizerWithContextResult<Awaited<ReturnType<typeof authenticate>>>;

const deps = wireAuthorizer(readEnvironment(AuthorizerEnvironment));

/**
 * Says who calls; API Gateway keeps the verdict for a minute per Authorization header. A refused key is passed on as
 * nobody, with why: the functions answer it with a 401 problem, where API Gateway's own refusal would be a bare 403.
 */
export const handler = middy<APIGatewayRequestAuthorizerEventV2, Verdict>({ timeoutEarlyInMillis: 0 })
  .use(logFailure(deps.telemetry, 'authorizer-failed'))
  .handler(async (event): Promise<Verdict> => {
    return { isAuthorized: true, context: await authenticate(deps, event.identitySource?.[0] ?? '') };
  });
