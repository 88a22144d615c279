/**
 * Sign-ins as all workers and tests together may make them. Always true: a secret that was refused is tried again by
 * people only, once in ten minutes; a user whose sign-in is throttled or locked is left alone for ten minutes, by
 * everyone, for each try would keep the lock alive. So is one of whom secret after secret was refused, before it is
 * locked. A sign-in without an answer soon after a refusal is such a lock: some systems answer each failure more slowly.
 * A secret that was not accepted just before, or whose ticket was refused since, is tried in turn: one sign-in of that
 * user at a time, and who waited sees what it brought before he tries; with a proven one all sign in side by side. A
 * crash between the try and its note makes one more try; a turn that it leaves ends by itself. Attacked by
 * test/wiring/sign-in-guards.test.ts.
 */
import { SyncError } from '../../core/errors.ts';
import { longestDeadlineMs } from '../../core/timing/lease.ts';
import type { GuardSignIn } from '../../ports/record-systems.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { SignIn, SignInState, SignIns } from '../../ports/sign-ins.ts';
import { isUnauthorised } from './sign-in-once.ts';

const pauseMs = 600_000;
/** Systems that lock a user out do so after five failures, as a rule. */
const mostRefusals = 4;
/** How long an accepted secret counts as proven: passwords are changed in the system, too. */
const provenForMs = 60_000;
/** A sign-in is at most two calls, such as the ticket and the key that it is signed with. */
const turnMs = 3 * longestDeadlineMs;
/** How long others wait for a turn in place, and how often they look. */
const turnWaitMs = 5_000;
const turnLookMs = 250;

export interface GuardedSignIn {
  readonly signIns: SignIns;
  readonly runtime: Pick<Runtime, 'nowMs' | 'newId' | 'sleep' | 'random'>;
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

function turnTaken(untilMs: number, nowMs: number): SyncError {
  const words = 'Another sign-in of this user is under way, and this one waits for what it brings.';
  // A turn ends with its sign-in as a rule, long before its time.
  const retryAfterMs = Math.min(turnWaitMs, Math.max(1000, untilMs - nowMs));
  return new SyncError('throttled', words, { retryAfterMs, explanation: words });
}

function hadNoAnswer(error: unknown): boolean {
  if (!(error instanceof SyncError) || error.kind !== 'transient') return false;
  return error.cause instanceof SyncError && error.cause.kind === 'unknown-outcome';
}

export function guardSignIn({ signIns, runtime, signIn, by, onPause, onResume }: GuardedSignIn): GuardSignIn {
  /** Throws why this secret must not be tried now. */
  function mayTry(state: SignInState): void {
    const nowMs = runtime.nowMs();
    if ((state.pausedUntilMs ?? 0) > nowMs) throw pausedError(state.pausedUntilMs ?? 0, nowMs);
    if (state.refused && by === 'engine') {
      const words = 'The system refused this sign-in before: it is not tried again without a test.';
      throw new SyncError('unauthorised', words, state.refused);
    }
  }

  function isProven({ provenAtMs }: SignInState, endedAtMs: number): boolean {
    return provenAtMs !== undefined && provenAtMs >= endedAtMs && runtime.nowMs() - provenAtMs < provenForMs;
  }

  /** What is known once it is this one's turn; `holder` is absent where none is needed. */
  async function comeToTurn(who: SignIn, endedAtMs: number): Promise<{ state: SignInState; holder?: string }> {
    for (let waitedMs = 0; ; ) {
      const state = await signIns.read(who);
      mayTry(state);
      if (isProven(state, endedAtMs)) return { state };
      const nowMs = runtime.nowMs();
      const { turn } = state;
      if (turn === undefined || turn.untilMs <= nowMs) {
        const holder = runtime.newId();
        const isOurs = await signIns.takeTurn(who, { holder, untilMs: nowMs + turnMs }, turn);
        // What the one before brought may be newer than what was read.
        if (isOurs) return { state: await signIns.read(who), holder };
      }
      if (waitedMs >= turnWaitMs) throw turnTaken(turn?.untilMs ?? 0, nowMs);
      const waitMs = turnLookMs * (0.5 + runtime.random());
      await runtime.sleep(waitMs);
      waitedMs += waitMs;
    }
  }

  async function pause(who: SignIn, atMs: number, forMs: number): Promise<SyncError> {
    const untilMs = atMs + forMs;
    await signIns.notePaused(who, untilMs);
    const paused = pausedError(untilMs, atMs);
    await onPause(paused, untilMs);
    return paused;
  }

  async function note(who: SignIn, state: SignInState, error: unknown): Promise<unknown> {
    const atMs = runtime.nowMs();
    if (isUnauthorised(error)) {
      const { explanation } = error;
      const isSoon = atMs - (state.lastRefusedAtMs ?? 0) < pauseMs;
      const refusals = 1 + (isSoon ? (state.refusals ?? 0) : 0);
      await signIns.noteRefused(who, { atMs, triedAtMs: by === 'person' ? atMs : 0, refusals, explanation });
      if (refusals >= mostRefusals) await pause(who, atMs, pauseMs);
      return error;
    }
    const isThrottled = error instanceof SyncError && error.kind === 'throttled';
    const isLocked = hadNoAnswer(error) && atMs - (state.lastRefusedAtMs ?? 0) < 2 * pauseMs;
    if (!isThrottled && !isLocked) return error;
    return pause(who, atMs, Math.max(pauseMs, isThrottled ? (error.retryAfterMs ?? 0) : 0));
  }

  async function make<T>(who: SignIn, state: SignInState, attempt: () => Promise<T>, inTurn: boolean): Promise<T> {
    if (inTurn) mayTry(state);
    const nowMs = runtime.nowMs();
    if (state.refused && !(await signIns.takeTry(who, nowMs, nowMs - pauseMs + 1))) throw refusedLately();
    try {
      const signedIn = await attempt();
      const wasPaused = (state.pausedUntilMs ?? 0) > 0;
      if (inTurn || wasPaused || state.lastRefusedAtMs) await signIns.noteAccepted(who, runtime.nowMs());
      if (wasPaused) await onResume();
      return signedIn;
    } catch (error) {
      throw await note(who, state, error);
    }
  }

  return async (attempt, endedAtMs = 0) => {
    const who = await signIn();
    const { state, holder } = await comeToTurn(who, endedAtMs);
    if (holder === undefined) return make(who, state, attempt, false);
    try {
      return await make(who, state, attempt, true);
    } finally {
      // One that cannot be ended ends by itself, and says nothing of the sign-in.
      await signIns.endTurn(who, holder).catch(() => undefined);
    }
  };
}
