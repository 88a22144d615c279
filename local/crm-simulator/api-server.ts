import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type ApiCall, classifyCall } from './api-call.ts';
import { ApiError } from './api-error.ts';
import { apiReply } from './api-routes.ts';
import type { Crm } from './crm.ts';
import { crmPage } from './crm-page.ts';
import { type FaultRule, takeFault } from './faults.ts';
import { asksForPage, listen, type Reply, type RunningServer, readBody, send } from './http.ts';
import { countCall } from './journal.ts';
import { forwardedLogin } from './login-forward.ts';
import { overLimit } from './rate-limit.ts';
import { noAccess } from './rights.ts';

/** The vendor's side: tenant state, login and the tenant's API on one port, behind the faults. */
export async function startApiServer(crm: Crm, port: number, controlUrl: string): Promise<RunningServer> {
  const page = crmPage({ tenant: crm.tenant, controlUrl });
  let origin = '';
  const server = await listen(port, (request, response) => {
    if (asksForPage(request)) send(response, { status: 200, html: page });
    else handle(crm, origin, request, response).catch(() => response.destroy());
  });
  origin = server.url;
  return server;
}

async function handle(crm: Crm, origin: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (crm.faults.down) {
    request.socket.destroy();
    return;
  }
  const body = await readBody(request);
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const call = classifyCall({ method: request.method ?? 'GET', url, headers: request.headers, body });
  countCall(crm.journal, call.kind);
  const slowMs = crm.faults.slowMs[call.kind] ?? crm.faults.slowMs.any ?? 0;
  if (slowMs > 0) await delay(slowMs);
  // Every answer tells the server's clock (spec 3.1): cursors are made from it.
  response.setHeader('Date', new Date(crm.nowMs()).toUTCString());
  const tooMany = call.target.host ? undefined : overLimit(crm);
  if (tooMany !== undefined) {
    send(response, tooMany);
    return;
  }
  const fault = takeFault(crm.faults, { kind: call.kind, ...call.record });
  const reply =
    fault === undefined
      ? ((await forwardedLogin(crm, call)) ?? processed(crm, origin, call))
      : faulted(crm, origin, call, fault);
  if (reply === 'reset') request.socket.destroy();
  else if (reply !== 'silence') send(response, reply);
}

function processed(crm: Crm, origin: string, call: ApiCall): Reply {
  try {
    return apiReply(crm, origin, call);
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, json: error.body() };
    throw error;
  }
}

/** `silence` leaves the connection open without an answer until the caller gives up. */
function faulted(crm: Crm, origin: string, call: ApiCall, fault: FaultRule): Reply | 'reset' | 'silence' {
  const { action } = fault;
  if (action === 'timeout-after' || action === 'reset-after') processed(crm, origin, call);
  if (action === 'timeout-before' || action === 'timeout-after') return 'silence';
  if (action === 'reset-before' || action === 'reset-after') return 'reset';
  if (action === 'cut') return cutShort(processed(crm, origin, call));
  if (action === 'html') return { status: 200, html: '<html><body>Please stand by.</body></html>' };
  if (action === '401')
    return { status: 401, json: new ApiError(401, 'SoSessionException', 'Authentication failed.').body() };
  if (action === '403') return { status: 403, json: noAccess().body() };
  if (action === '429') {
    return { status: 429, html: 'Too Many Requests', headers: { 'Retry-After': `${fault.retryAfterSeconds ?? 1}` } };
  }
  if (action === '500') return { status: 500, json: new ApiError(500, 'SoServerException', 'Internal error.').body() };
  return { status: Number.parseInt(action, 10), html: `<html><body>${action}</body></html>` };
}

function cutShort({ status, json }: Reply): Reply {
  const text = JSON.stringify(json ?? '');
  return { status, html: text.slice(0, text.length / 2) };
}
