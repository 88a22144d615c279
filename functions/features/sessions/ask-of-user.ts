/**
 * What the CRM now says of a session's user, by the refresh token of the session. Always true: one asks at a time, with the
 * token that is stored then, and another one that the CRM gives is stored before anything is done with the answer: a token
 * may be good once. A user that the CRM lets in no more loses the session, with an entry in the trail; where the CRM cannot
 * be asked all stays as it is. A crash leaves the turn taken for half a minute. Attacked by
 * test/features/sessions/renewal.test.ts.
 */
import { asSyncError } from '../../core/errors.ts';
import type { Session } from '../../core/model/session.ts';
import { askAgainFromMs, askingMs, waitForTurnMs } from '../../core/timing/session.ts';
import type { AskedUser, UserSight } from '../../ports/identity-provider.ts';
import { trailOf } from '../audit/trail-of.ts';
import { liveTenant } from '../tenants/live-tenant.ts';
import type { SignInApplication } from './sign-in-application.ts';
import { callerOf, knownAs, sessionPurpose } from './user-of-session.ts';

/** `out`: the CRM lets the user in no more, and the session is over; `unknown`: it cannot be asked. */
type Asked = UserSight | 'out' | 'unknown';

/** Where it is time to ask and nobody does; else undefined. */
export async function askIfDue(app: SignInApplication, session: Session): Promise<Asked | undefined> {
  const askedAtMs = app.runtime.nowMs();
  const isOurs = await app.sessions.takeAsking(session, askedAtMs, askedAtMs + askingMs, 'due');
  return isOurs ? askInTurn(app, session, askedAtMs) : undefined;
}

/** Whether it is time or not; while somebody else asks it is waited for. */
export async function askNow(app: SignInApplication, { tenantId, id }: Session): Promise<Asked> {
  const untilMs = app.runtime.nowMs() + waitForTurnMs;
  for (;;) {
    const session = await app.sessions.get(tenantId, id);
    if (session?.refreshToken === undefined) return 'out';
    const nowMs = app.runtime.nowMs();
    const isOurs = await app.sessions.takeAsking(session, nowMs, nowMs + askingMs, 'now');
    if (isOurs) return askInTurn(app, session, nowMs);
    if (nowMs >= untilMs) return 'unknown';
    await app.runtime.sleep(waitForTurnMs / 20);
  }
}

async function askInTurn(app: SignInApplication, session: Session, askedAtMs: number): Promise<Asked> {
  const { tenantId, id: sessionId } = session;
  const user = await asked(app, session);
  if (user === 'unknown') await app.sessions.leaveAsking(tenantId, sessionId, askedAtMs + askingMs);
  if (user === 'out') await endOf(app, session);
  if (typeof user === 'string') return user;
  const token = user.refreshToken && (await app.sealer.seal(sessionPurpose(tenantId, sessionId), user.refreshToken));
  const answer = { ...knownAs(user), answeredAtMs: askedAtMs, askFromMs: askAgainFromMs(askedAtMs) };
  await app.sessions.noteAnswer(tenantId, sessionId, { ...answer, refreshToken: token });
  return user.sight;
}

async function asked(app: SignInApplication, session: Session): Promise<AskedUser | 'out' | 'unknown'> {
  const { tenantId, id, user, refreshToken = '' } = session;
  try {
    const tenant = await liveTenant(app.tenants, tenantId);
    // Whoever calls for it is nobody in any case, and what is told now is removed by nobody.
    if (!tenant) return 'unknown';
    const provider = await app.identityProviders.of(tenant);
    const token = await app.sealer.open(sessionPurpose(tenantId, id), refreshToken);
    if (!provider || token === undefined || !user) return 'out';
    return await provider.readAgain(user.id, token);
  } catch (failure) {
    const error = asSyncError(failure);
    if (error.kind === 'unauthorised') return 'out';
    app.telemetry.failure('session-not-renewed', error, { tenantId, sessionId: id });
    return 'unknown';
  }
}

async function endOf(app: SignInApplication, { tenantId, id, role, user }: Session): Promise<void> {
  const by = { tenantId, role, caller: user ? callerOf(user) : '', name: user?.name, user };
  const subject = { kind: 'session', id } as const;
  const before = { role };
  const after = { reason: 'the CRM lets the user in no more' };
  await app.sessions.end(tenantId, id, trailOf(app.runtime, by, { act: 'session.end', subject, before, after }));
}
