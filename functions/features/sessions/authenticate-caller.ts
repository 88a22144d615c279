import type { Tenants } from '../../ports/tenants.ts';
import { authenticate, type Caller, type KeyRefusal } from '../api-keys/authenticate.ts';
import { liveTenant } from '../tenants/live-tenant.ts';
import { type AuthenticateSessionDeps, authenticateSession, type SessionRefusal } from './authenticate-session.ts';

export interface AuthenticateCallerDeps extends AuthenticateSessionDeps {
  readonly tenants: Pick<Tenants, 'get'>;
}

export type CallerRefusal = KeyRefusal | SessionRefusal;

/**
 * The caller behind an `Authorization` header, a session or an API key, or why there is none. Whoever calls for a tenant
 * that is being deleted is nobody, whatever of theirs is still stored.
 */
export async function authenticateCaller(
  deps: AuthenticateCallerDeps,
  authorization: string,
): Promise<Caller | { readonly refusal: CallerRefusal }> {
  const session = /^Bearer +(ess_\S+)$/i.exec(authorization)?.[1];
  const found = await (session === undefined ? authenticate(deps, authorization) : authenticateSession(deps, session));
  if ('refusal' in found || (await liveTenant(deps.tenants, found.tenantId))) return found;
  return { refusal: session === undefined ? 'unknown' : 'session-ended' };
}
