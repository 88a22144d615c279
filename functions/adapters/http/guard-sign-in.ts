/**
 * Sign-ins as all workers and tests together may make them. Always true: a secret that was refused is tried again by
 * people only, once in ten minutes; a user whose sign-in is throttled or locked is left alone for ten minutes, by
 * everyone, for each try would keep the lock alive. So is one of whom secret after secret was refused, before it is locked. A sign-in without an answer soon after a refusal is such a lock: some
 * systems answer each failure more slowly. A crash between the try and its note makes one more try. Attacked by
 * test/wiring/sign-in-guards.test.ts.
 */
import { SyncError } from '../../core/errors.ts';
import type { GuardSignIn } from '../../ports/record-systems.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { SignIn, SignIns } from '../../ports/sign-ins.ts';
import { isUnauthorised } from './sign-in-once.ts';

const pauseMs = 600_000;
/** Systems that lock a user out do so after five failures, as a rule. */
const mostRefusals = 4;

export interface GuardedSignIn {
  readonly signIns: SignIns;
  readonly runtime: Pick<Runtime, 'nowMs'>;
  readonly signIn: () => Promise<SignIn>;
  /** A person's test may try a refused secret again; the engine never does. */
  readonly by: 'engine' | 'person';
  /** Told so that people can see it: paused until then, or over. */
  onPause(error: SyncError, untilMs: number): Promise<void>;
  onResume(): Promise<void>;
}

function pausedError(untilMs: number, nowMs: number): SyncError {
  const words = `Sign-in is paused until ${new Date(untilMs).toISOString()}: too many sign-ins of this user were refused.`;
  return new SyncError('throttled', words, { retryAfterMs: untilMs - nowMs, explanation: words });
}

function refusedLately(): SyncError {
  const words = 'This password was refused in the last ten minutes: enter another one, or test it again later.';
  return new SyncError('throttled', words, { retryAfterMs: pauseMs, explanation: words });
}

function hadNoAnswer(error: unknown): boolean {
  if (!(error instanceof SyncError) || error.kind !== 'transient') return false;
  return error.cause instanceof SyncError && error.cause.kind === 'unknown-outcome';
}

export function guardSignIn({ signIns, runtime, signIn, by, onPause, onResume }: GuardedSignIn): GuardSignIn {
  return async (attempt) => {
    const who = await signIn();
    const state = await signIns.read(who);
    const nowMs = runtime.nowMs();
    if ((state.pausedUntilMs ?? 0) > nowMs) throw pausedError(state.pausedUntilMs ?? 0, nowMs);
    if (state.refused && by === 'engine') {
      const words = 'The system refused this sign-in before: it is not tried again without a test.';
      throw new SyncError('unauthorised', words, state.refused);
    }
    if (state.refused && !(await signIns.takeTry(who, nowMs, nowMs - pauseMs + 1))) {
      throw refusedLately();
    }

    const pause = async (atMs: number, forMs: number): Promise<SyncError> => {
      const untilMs = atMs + forMs;
      await signIns.notePaused(who, untilMs);
      const paused = pausedError(untilMs, atMs);
      await onPause(paused, untilMs);
      return paused;
    };

    const note = async (error: unknown): Promise<unknown> => {
      const atMs = runtime.nowMs();
      if (isUnauthorised(error)) {
        const { explanation } = error;
        const isSoon = atMs - (state.lastRefusedAtMs ?? 0) < pauseMs;
        const refusals = 1 + (isSoon ? (state.refusals ?? 0) : 0);
        await signIns.noteRefused(who, { atMs, triedAtMs: by === 'person' ? atMs : 0, refusals, explanation });
        if (refusals >= mostRefusals) await pause(atMs, pauseMs);
        return error;
      }
      const isThrottled = error instanceof SyncError && error.kind === 'throttled';
      const isLocked = hadNoAnswer(error) && atMs - (state.lastRefusedAtMs ?? 0) < 2 * pauseMs;
      if (!isThrottled && !isLocked) return error;
      return pause(atMs, Math.max(pauseMs, isThrottled ? (error.retryAfterMs ?? 0) : 0));
    };

    try {
      const signedIn = await attempt();
      const wasPaused = (state.pausedUntilMs ?? 0) > 0;
      if (wasPaused || state.refused || state.lastRefusedAtMs) await signIns.noteAccepted(who);
      if (wasPaused) await onResume();
      return signedIn;
    } catch (error) {
      throw await note(error);
    }
  };
}
