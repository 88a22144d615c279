/**
 * The caller behind a session. Always true: a session that has ended, whose API key is gone or whose user the CRM lets in
 * no more is nobody's; where the CRM cannot be asked its last answer holds for an hour. A use that cannot be noted turns
 * nobody away. A crash leaves nothing. Attacked by test/features/sessions/times.test.ts.
 */
import { asSyncError } from '../../core/errors.ts';
import type { Session } from '../../core/model/session.ts';
import { hasEnded, isAnswerHeld, isToBeAsked, useNotedEveryMs } from '../../core/timing/session.ts';
import type { SessionRenewal } from '../../ports/session-renewal.ts';
import type { Sessions } from '../../ports/sessions.ts';
import { isSecretOf } from '../api-keys/api-key-text.ts';
import type { AuthenticateDeps, Caller } from '../api-keys/authenticate.ts';
import { parseToken } from './session-text.ts';
import { callerOf } from './user-of-session.ts';

export interface AuthenticateSessionDeps extends AuthenticateDeps {
  readonly sessions: Sessions;
  readonly renewal: SessionRenewal;
}

/** `session-unconfirmed`: the CRM has not said for an hour who the user is, and cannot be asked. */
export const sessionRefusals = ['session-malformed', 'session-ended', 'session-unconfirmed'] as const;
export type SessionRefusal = (typeof sessionRefusals)[number];

export async function authenticateSession(
  deps: AuthenticateSessionDeps,
  text: string,
): Promise<Caller | { readonly refusal: SessionRefusal }> {
  const parts = parseToken('ess', text);
  if (!parts) return { refusal: 'session-malformed' };
  const nowMs = deps.runtime.nowMs();
  const found = await deps.sessions.get(parts.tenantId, parts.id);
  if (!found || !isSecretOf(found.secretHash, parts.secret) || hasEnded(found, nowMs))
    return { refusal: 'session-ended' };
  const session = isToBeAsked(found, nowMs) ? await askedAgain(deps, found) : found;
  if (!session) return { refusal: 'session-ended' };
  if (!isAnswerHeld(session, deps.runtime.nowMs())) return { refusal: 'session-unconfirmed' };
  const who = await whoHas(deps, session);
  if (!who) return { refusal: 'session-ended' };
  if (nowMs - session.usedAtMs >= useNotedEveryMs) await noteUse(deps, session, nowMs);
  return { tenantId: session.tenantId, role: session.role, sessionId: session.id, ...who };
}

/** As it is stored after the CRM was asked, whatever came of it. */
async function askedAgain(deps: AuthenticateSessionDeps, { tenantId, id }: Session): Promise<Session | undefined> {
  try {
    await deps.renewal.renew({ renew: { tenantId, sessionId: id } });
  } catch (error) {
    deps.telemetry.failure('session-not-renewed', asSyncError(error), { tenantId, sessionId: id });
  }
  return deps.sessions.get(tenantId, id);
}

/** The user, or the API key while it is good. */
async function whoHas(deps: AuthenticateSessionDeps, { tenantId, user, keyId }: Session) {
  if (user) return { caller: callerOf(user), name: user.name, user };
  const key = keyId === undefined ? undefined : await deps.apiKeys.get(tenantId, keyId);
  const isGood = key && (key.expiresAt === undefined || Date.parse(key.expiresAt) > deps.runtime.nowMs());
  return isGood ? { caller: key.id, name: key.name } : undefined;
}

async function noteUse(deps: AuthenticateSessionDeps, { tenantId, id }: Session, nowMs: number): Promise<void> {
  try {
    await deps.sessions.noteUse(tenantId, id, nowMs);
  } catch (error) {
    deps.telemetry.failure('session-use-not-noted', asSyncError(error), { tenantId, sessionId: id });
  }
}
