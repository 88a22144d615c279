import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { SyncError } from '../../core/errors.ts';
import { requestCallsMs } from '../../core/timing/lease.ts';
import type { CallBudget } from '../../ports/call-budget.ts';
import type { RawInput, Route } from '../route.ts';
import { bindCall } from './bind-call.ts';
import { findRoute } from './find-route.ts';
import type { HttpAnswer, HttpEvent, HttpRequest } from './http-request.ts';
import { type IdempotencyDeps, idempotency } from './idempotency.ts';
import { leftBehindBy } from './left-behind.ts';
import { principal } from './principal.ts';
import { problemDetails } from './problem-details.ts';
import { type RateLimitDeps, rateLimit } from './rate-limit.ts';
import { requestBody } from './request-body.ts';
import { tellOfRequest } from './tell-of-request.ts';

/** What the chain itself needs; `signingKey` signs page cursors and hashes bodies, at least 32 random bytes as text. */
export interface HttpDeps extends IdempotencyDeps, RateLimitDeps {
  /** Absent where no use case calls a remote system. */
  readonly callBudget?: CallBudget;
}

/** Left for the answer when the function is about to run out of time. */
const timeToAnswerMs = 500;

/** The Lambda handler of these routes: who calls, what they send, one use case, and the answer or a problem document. */
export function httpChain<Deps>(routes: readonly Route<Deps>[], deps: Deps & HttpDeps) {
  const ready = routes.map((route) => ({ ...route, bind: (input: RawInput) => route.bind(deps, input) }));
  const chain = middy<HttpRequest, HttpAnswer, Error, Context>({
    timeoutEarlyInMillis: timeToAnswerMs,
    timeoutEarlyResponse() {
      throw new SyncError('unknown-outcome', 'The request took too long; it may still have an effect.');
    },
  })
    .use(problemDetails())
    .use(findRoute(ready))
    .use(principal())
    .use(rateLimit(deps))
    .use(requestBody())
    .use(bindCall(deps.signingKey))
    .use(idempotency(deps))
    .handler(async ({ run, route }): Promise<HttpAnswer> => {
      if (!run || !route) throw new SyncError('defect', 'The call was not bound.');
      return deps.callBudget?.within(requestCallsMs, leftBehindBy(route.id), run) ?? run();
    });
  return async (event: HttpEvent, context: Context): Promise<HttpAnswer> => {
    const request: HttpRequest = { event };
    const answer = await chain(request, context);
    tellOfRequest(deps.telemetry, request, answer);
    return answer;
  };
}
