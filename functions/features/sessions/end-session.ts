import { SyncError } from '../../core/errors.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import { trailOf } from '../audit/trail-of.ts';
import type { SignInApplication } from './sign-in-application.ts';

/** Ends the session that the caller shows; one that has ended since is left as it is. */
export async function endSession(app: SignInApplication, caller: Caller): Promise<void> {
  const { tenantId, sessionId, role } = caller;
  if (sessionId === undefined) {
    throw new SyncError(
      'conflict',
      'There is no session to end: this is an API key, which an administrator can remove.',
    );
  }
  const subject = { kind: 'session', id: sessionId } as const;
  await app.sessions.end(
    tenantId,
    sessionId,
    trailOf(app.runtime, caller, { act: 'session.end', subject, before: { role } }),
  );
}
