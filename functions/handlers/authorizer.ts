import middy from '@middy/core';
import type { APIGatewayRequestAuthorizerEventV2, APIGatewaySimpleAuthorizerWithContextResult } from 'aws-lambda';
import { authenticateCaller } from '../features/sessions/authenticate-caller.ts';
import { type Verdict, verdictOf } from '../http/chain/principal.ts';
import { logFailure } from '../queue/log-failure.ts';
import { wireAuthorizer } from '../wiring/authorizer.ts';
import { AuthorizerEnvironment, readEnvironment } from '../wiring/env.ts';

type Answer = APIGatewaySimpleAuthorizerWithContextResult<Verdict>;

const deps = wireAuthorizer(readEnvironment(AuthorizerEnvironment));

/**
 * Says who calls; API Gateway keeps the verdict for a minute per Authorization header. Who is refused is passed on as
 * nobody, with why: the functions answer it with a 401 problem, where API Gateway's own refusal would be a bare 403.
 */
export const handler = middy<APIGatewayRequestAuthorizerEventV2, Answer>({ timeoutEarlyInMillis: 0 })
  .use(logFailure(deps.telemetry, 'authorizer-failed'))
  .handler(async (event): Promise<Answer> => {
    return { isAuthorized: true, context: verdictOf(await authenticateCaller(deps, event.identitySource?.[0] ?? '')) };
  });
