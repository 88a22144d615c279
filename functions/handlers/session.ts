import type { Context } from 'aws-lambda';
import { askingCallsMs } from '../core/timing/session.ts';
import { renewSession } from '../features/sessions/renew-session.ts';
import { httpChain } from '../http/chain/http-chain.ts';
import type { HttpEvent } from '../http/chain/http-request.ts';
import { routesOfSession } from '../http/routes-of-session.ts';
import { RenewalMessage } from '../ports/session-renewal.ts';
import { readEnvironment, SessionEnvironment } from '../wiring/env.ts';
import { wireSession } from '../wiring/session.ts';

const app = wireSession(readEnvironment(SessionEnvironment));
const api = httpChain(routesOfSession, app);

/** Signs people in and out, and asks the CRM for the authorizer, who may not, whether they are still in. */
export const handler = async (event: HttpEvent | RenewalMessage, context: Context) => {
  const asked = RenewalMessage.safeParse(event);
  if (!asked.success) return api(event as HttpEvent, context);
  const leftBehind = 'The session stands as it was.';
  await app.callBudget.within(askingCallsMs, leftBehind, () => renewSession(app, asked.data));
};
