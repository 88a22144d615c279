import { authenticate, type Caller, type KeyRefusal } from '../api-keys/authenticate.ts';
import { type AuthenticateSessionDeps, authenticateSession, type SessionRefusal } from './authenticate-session.ts';

export type CallerRefusal = KeyRefusal | SessionRefusal;

/** The caller behind an `Authorization` header, a session or an API key, or why there is none. */
export async function authenticateCaller(
  deps: AuthenticateSessionDeps,
  authorization: string,
): Promise<Caller | { readonly refusal: CallerRefusal }> {
  const session = /^Bearer +(ess_\S+)$/i.exec(authorization)?.[1];
  return session === undefined ? authenticate(deps, authorization) : authenticateSession(deps, session);
}
