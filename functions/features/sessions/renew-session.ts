/**
 * What the CRM now says of a session's user. Always true: of those who find it time to ask one asks; a user that the CRM
 * lets in no more loses the session, with an entry in the trail; where the CRM cannot be asked the last answer stays as it
 * is. A crash leaves the turn taken for half a minute. Attacked by test/features/sessions/renewal.test.ts.
 */
import { asSyncError } from '../../core/errors.ts';
import type { Session } from '../../core/model/session.ts';
import type { Tenant } from '../../core/model/tenant.ts';
import { askAgainFromMs, askingMs } from '../../core/timing/session.ts';
import type { KnownUser } from '../../ports/identity-provider.ts';
import type { RenewalMessage } from '../../ports/session-renewal.ts';
import { trailOf } from '../audit/trail-of.ts';
import { liveTenant } from '../tenants/live-tenant.ts';
import type { SignInApplication } from './sign-in-application.ts';
import { callerOf, knownAs, sessionPurpose } from './user-of-session.ts';

export async function renewSession(app: SignInApplication, { renew }: RenewalMessage): Promise<void> {
  const { tenantId, sessionId } = renew;
  const session = await app.sessions.get(tenantId, sessionId);
  if (!session?.user || session.refreshToken === undefined) return;
  const tenant = await liveTenant(app.tenants, tenantId);
  // Whoever calls for it is nobody in any case, and what is told now is removed by nobody.
  if (!tenant) return;
  const askedAtMs = app.runtime.nowMs();
  if (!(await app.sessions.takeAsking(tenantId, sessionId, askedAtMs, askedAtMs + askingMs))) return;
  const user = await asked(app, tenant, session);
  if (user === 'unknown') return;
  if (user === 'out') return endOf(app, session);
  const token = user.refreshToken && (await app.sealer.seal(sessionPurpose(tenantId, sessionId), user.refreshToken));
  const answer = { ...knownAs(user), answeredAtMs: askedAtMs, askFromMs: askAgainFromMs(askedAtMs) };
  await app.sessions.noteAnswer(tenantId, sessionId, { ...answer, refreshToken: token });
}

/** The user as the CRM knows them now; `out`: it lets them in no more; `unknown`: it cannot be asked. */
async function asked(app: SignInApplication, tenant: Tenant, session: Session): Promise<KnownUser | 'out' | 'unknown'> {
  const { tenantId, id, user, refreshToken = '' } = session;
  try {
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
