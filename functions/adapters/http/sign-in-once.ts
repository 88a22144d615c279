/**
 * A sign-in shared by all calls of an instance. Always true: each is made through the guard that all instances share;
 * where there is none, a refused password is not tried again for a minute, for what is under way would repeat it. The
 * ticket is kept in memory only: a crash forgets it. Attacked by test/adapters/http/sign-in-once.test.ts.
 */
import { SyncError } from '../../core/errors.ts';
import type { GuardSignIn } from '../../ports/record-systems.ts';
import type { Runtime } from '../../ports/runtime.ts';
import { type Kept, kept } from './kept.ts';

const refusalKeptMs = 60_000;

export function isUnauthorised(error: unknown): error is SyncError {
  return error instanceof SyncError && error.kind === 'unauthorised';
}

/** `signIn` throws SyncError `unauthorised` where the system refused who asks. */
export function signInOnce<T>(
  { runtime, guardSignIn }: { runtime: Pick<Runtime, 'nowMs'>; guardSignIn?: GuardSignIn | undefined },
  signIn: () => Promise<T>,
): Kept<T> {
  if (guardSignIn) {
    let endedAtMs: number | undefined;
    const tickets = kept(() => guardSignIn(signIn, endedAtMs));
    return {
      get: tickets.get,
      drop(used) {
        endedAtMs = runtime.nowMs();
        tickets.drop(used);
      },
    };
  }
  let refusal: { readonly error: SyncError; readonly untilMs: number } | undefined;
  return kept(async () => {
    if (refusal && runtime.nowMs() < refusal.untilMs) throw refusal.error;
    try {
      return await signIn();
    } catch (error) {
      if (isUnauthorised(error)) refusal = { error, untilMs: runtime.nowMs() + refusalKeptMs };
      throw error;
    }
  });
}
