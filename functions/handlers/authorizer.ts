import middy from '@middy/core';
import type {
  APIGatewayRequestAuthorizerEventV2,
  APIGatewaySimpleAuthorizerResult,
  APIGatewaySimpleAuthorizerWithContextResult,
} from 'aws-lambda';
import { authenticate, type Caller } from '../app/authenticate.ts';
import { AuthorizerEnvironment } from '../config/env.ts';
import { wireAuthorizer } from '../config/wiring-base.ts';
import { logFailure } from '../middleware/log-failure.ts';

type Verdict = APIGatewaySimpleAuthorizerResult | APIGatewaySimpleAuthorizerWithContextResult<Caller>;

const deps = wireAuthorizer(AuthorizerEnvironment.parse(process.env));

/** Says who calls. API Gateway keeps the verdict for a minute per Authorization header and answers a refusal with 403. */
export const handler = middy<APIGatewayRequestAuthorizerEventV2, Verdict>({ timeoutEarlyInMillis: 0 })
  .use(logFailure(deps.telemetry, 'authorizer-failed'))
  .handler(async (event): Promise<Verdict> => {
    const caller = await authenticate(deps, event.identitySource?.[0] ?? '');
    return caller ? { isAuthorized: true, context: caller } : { isAuthorized: false };
  });
