/**
 * How long a session stands. Always true: what the CRM says of a user is in use for ten minutes at most while the CRM can
 * be asked, and for sixty where it cannot, the minute included for which API Gateway keeps a verdict. Pure. Attacked by
 * test/core/timing/session.test.ts.
 */
import type { Session } from '../model/session.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** API Gateway keeps a verdict of the authorizer for so long. */
export const verdictKeptSeconds = 60;
const verdictKeptMs = verdictKeptSeconds * 1000;

/** From the way to the identity provider until the way back. */
export const stateGoodMs = 10 * minuteMs;
export const passGoodMs = minuteMs;

const sessionIdleMs = 8 * hourMs;
export const longestSessionMs = 24 * hourMs;
export const sessionOfKeyMs = 8 * hourMs;
/** A use is noted at most so often. */
export const useNotedEveryMs = minuteMs;

const answerGoodMs = 10 * minuteMs;
export const answerHeldMs = hourMs;
/** Who asks has so long; until then others go on with the last answer. */
export const askingMs = minuteMs / 2;
/** All calls that one asking takes: API Gateway waits 10 s for its authorizer. */
export const askingCallsMs = 6_000;
/** Who needs an answer now waits so long for whoever asks already. */
export const waitForTurnMs = 4_000;
/** All calls that finding out takes what of the CRM a user may see: that asking, and a list a type. */
export const sightCallsMs = 10_000;

/** A cold start and storage, beside the calls. */
export const besideCallsMs = 1_500;

/** What of the CRM's records a user may see is in use so long; it is asked again then. */
export const sightKeptMs = 5 * minuteMs;

/** When the CRM is asked again after an answer: early enough that no verdict on it outlasts its ten minutes. */
export function askAgainFromMs(answeredAtMs: number): number {
  return answeredAtMs + answerGoodMs - verdictKeptMs - askingMs;
}

type Times = Pick<Session, 'endsAtMs' | 'usedAtMs' | 'answeredAtMs' | 'askFromMs'>;

export function hasEnded({ endsAtMs, usedAtMs }: Times, nowMs: number): boolean {
  return nowMs >= Math.min(endsAtMs, usedAtMs + sessionIdleMs);
}

/** Whether it is time to ask the CRM again who the user is. */
export function isToBeAsked({ askFromMs }: Times, nowMs: number): boolean {
  return askFromMs !== undefined && nowMs >= askFromMs;
}

/** Whether the CRM's last answer may still be used; that of an API key needs none. */
export function isAnswerHeld({ answeredAtMs }: Times, nowMs: number): boolean {
  return answeredAtMs === undefined || nowMs + verdictKeptMs <= answeredAtMs + answerHeldMs;
}
