import type { ApiCall } from './api-call.ts';
import { headerOf } from './api-call.ts';
import type { Crm } from './crm.ts';
import type { Reply } from './http.ts';

/** Sign-in of users is at the vendor's own host too (spec 2.1); here another server does it, and this one leads there. */
export async function forwardedLogin(crm: Crm, call: ApiCall): Promise<Reply | undefined> {
  if (crm.loginUrl === undefined || !call.target.host || !call.target.path.startsWith('/login/common/oauth/')) {
    return undefined;
  }
  const url = `${crm.loginUrl}${call.url.pathname}${call.url.search}`;
  if (call.method === 'GET') return { status: 302, headers: { Location: url } };
  const headers = { 'content-type': headerOf(call, 'Content-Type') ?? '', accept: 'application/json' };
  const answer = await fetch(url, { method: call.method, headers, body: call.body });
  return { status: answer.status, json: JSON.parse(await answer.text()) };
}
