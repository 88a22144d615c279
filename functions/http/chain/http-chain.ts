import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { SyncError } from '../../core/errors.ts';
import type { Route } from '../route.ts';
import { bindCall } from './bind-call.ts';
import { findRoute } from './find-route.ts';
import type { HttpAnswer, HttpEvent, HttpState } from './http-request.ts';
import { type IdempotencyDeps, idempotency } from './idempotency.ts';
import { principal } from './principal.ts';
import { problemDetails } from './problem-details.ts';
import { requestBody } from './request-body.ts';

/** What the chain itself needs; `signingKey` signs page cursors and hashes bodies, at least 32 random bytes as text. */
export type HttpDeps = IdempotencyDeps;

/** Left for the answer when the function is about to run out of time. */
const timeToAnswerMs = 500;

/** The Lambda handler of a route table: who calls, what they send, one use case, and the answer or a problem document. */
export function httpChain<Deps>(routes: readonly Route<Deps>[], deps: Deps & HttpDeps) {
  const ready = routes.map((route) => ({
    ...route,
    bind(input: Parameters<typeof route.bind>[1]) {
      return route.bind(deps, input);
    },
  }));
  const chain = middy<HttpEvent, HttpAnswer, Error, Context, HttpState>({
    timeoutEarlyInMillis: timeToAnswerMs,
    timeoutEarlyResponse() {
      throw new SyncError('unknown-outcome', 'The request took too long; it may still have an effect.');
    },
  });
  return chain
    .use(problemDetails(deps.telemetry))
    .use(findRoute(ready))
    .use(principal())
    .use(requestBody())
    .use(bindCall(deps.signingKey))
    .use(idempotency(deps))
    .handler(async (event: HttpEvent): Promise<HttpAnswer> => {
      if (!event.run) throw new SyncError('defect', 'The call was not bound.');
      return event.run();
    });
}
