import type { RenewalMessage } from '../../ports/session-renewal.ts';
import { askIfDue } from './ask-of-user.ts';
import type { SignInApplication } from './sign-in-application.ts';

/** What the CRM now says of a session's user is stored; of those who find it time to ask one asks. */
export async function renewSession(app: SignInApplication, { renew }: RenewalMessage): Promise<void> {
  const session = await app.sessions.get(renew.tenantId, renew.sessionId);
  if (session?.user && session.refreshToken !== undefined) await askIfDue(app, session);
}
