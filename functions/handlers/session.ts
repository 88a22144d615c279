import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { askingCallsMs, sightCallsMs } from '../core/timing/session.ts';
import { recordsInSight } from '../features/sessions/records-in-sight.ts';
import { renewSession } from '../features/sessions/renew-session.ts';
import { httpChain } from '../http/chain/http-chain.ts';
import type { HttpEvent } from '../http/chain/http-request.ts';
import { routesOfSession } from '../http/routes-of-session.ts';
import { type SightAnswer, SightMessage } from '../ports/record-sight.ts';
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

const inSight = recordsInSight(app);

/** Asked for by functions that show records of the CRM to its users, and may not ask it as them. */
const sights = middy<SightMessage, SightAnswer>({ timeoutEarlyInMillis: 0 })
  .use(logFailure(app.telemetry, 'sight-failed'))
  .handler((message) => app.callBudget.within(sightCallsMs, 'Nothing is shown.', () => inSight(message)));

/** Signs people in and out; API Gateway's events are never of the form of a renewal or a sight. */
export const handler = (event: HttpEvent | RenewalMessage | SightMessage, context: Context) => {
  const renewal = RenewalMessage.safeParse(event);
  if (renewal.success) return renewals(renewal.data, context);
  const sight = SightMessage.safeParse(event);
  return sight.success ? sights(sight.data, context) : api(event as HttpEvent, context);
};
