import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { askingCallsMs } from '../core/timing/session.ts';
import { renewSession } from '../features/sessions/renew-session.ts';
import { httpChain } from '../http/chain/http-chain.ts';
import type { HttpEvent } from '../http/chain/http-request.ts';
import { routesOfSession } from '../http/routes-of-session.ts';
import { RenewalMessage } from '../ports/session-renewal.ts';
import { logFailure } from '../queue/log-failure.ts';
import { readEnvironment, SessionEnvironment } from '../wiring/env.ts';
import { wireSession } from '../wiring/session.ts';

const app = wireSession(readEnvironment(SessionEnvironment));
const api = httpChain(routesOfSession, app);

/** Asked for by the authorizer, who may not ask the CRM. */
const renewals = middy<RenewalMessage, void>({ timeoutEarlyInMillis: 0 })
  .use(logFailure(app.telemetry, 'renewal-failed'))
  .handler((message) =>
    app.callBudget.within(askingCallsMs, 'The session stands as it was.', () => renewSession(app, message)),
  );

/** Signs people in and out; API Gateway's events are never of a renewal's form. */
export const handler = (event: HttpEvent | RenewalMessage, context: Context) => {
  const renewal = RenewalMessage.safeParse(event);
  return renewal.success ? renewals(renewal.data, context) : api(event as HttpEvent, context);
};
