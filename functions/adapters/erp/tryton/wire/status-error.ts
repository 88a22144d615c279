import { SyncError } from '../../../../core/errors.ts';
import type { HttpAnswer } from '../../../../ports/http.ts';
import { retryAfterMs } from '../../../http/retry-after.ts';
import type { Effect } from './answer-error.ts';

/** Never followed: what is sent must not get to an address that nobody entered. */
const redirects = [301, 302, 303, 307, 308];
/** The cause of an error that only a status told, and nothing that Tryton said. */
class ToldByStatus extends Error {}

export function isToldByStatus(error: unknown): error is SyncError {
  return error instanceof SyncError && error.cause instanceof ToldByStatus;
}

/** What such a status means where the same session is answered otherwise: the one call was kept from Tryton. */
export function keptFromTryton(error: SyncError, effect: Effect): SyncError {
  const details = {
    cause: error,
    explanation: 'Something in front of Tryton refused this one call, while others get through.',
  };
  if (effect === 'write') return new SyncError('forbidden', 'A write did not get through to Tryton.', details);
  return new SyncError('transient', 'A call did not get through to Tryton.', details);
}

/** What such a status means where nothing gets through any more that did before. */
export function outOfReach(error: SyncError): SyncError {
  return new SyncError('transient', 'Tryton is out of reach.', {
    cause: error,
    explanation: `Tryton was there before. Now another server answers in its place: ${error.explanation}`,
  });
}

export function tooManySignIns({ message, retryAfterMs: waitMs }: SyncError): SyncError {
  return new SyncError('throttled', message, {
    explanation: 'Tryton has seen too many failed sign-ins and refuses further ones for a while.',
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
  });
}

/** A page in the place of an answer: of maintenance, of something in front of Tryton, or an answer cut short. */
function pageError(effect: Effect): SyncError {
  const kind = effect === 'write' ? 'unknown-outcome' : effect === 'probe' ? 'misconfigured' : 'transient';
  return new SyncError(kind, 'The answer is not JSON-RPC.', {
    explanation: 'The server at this address does not answer as Tryton does.',
  });
}

/** An answer without a JSON-RPC body: Tryton's own HTML pages (401 is the session's business) or something in front of it. */
export function statusError(answer: HttpAnswer, effect: Effect, nowMs: number): SyncError {
  const { status } = answer;
  if (status === 429) {
    return new SyncError('throttled', 'Tryton asks to wait (429).', {
      explanation: 'Tryton, or something in front of it, takes no more calls for a while.',
      retryAfterMs: retryAfterMs(answer.headers, nowMs),
    });
  }
  if (status === 401) {
    // Tryton refuses a session with nothing in the body, and a sign-in with a page.
    const isPage = answer.text.trimStart().startsWith('<');
    return new SyncError('unauthorised', 'Tryton does not accept the session or the sign-in.', {
      cause: isPage ? new ToldByStatus(String(status)) : undefined,
    });
  }
  if (redirects.includes(status)) {
    return new SyncError('misconfigured', `The address leads to another one (${status}).`, {
      explanation:
        'The server at this address sends callers elsewhere, which is not followed. Enter the address it leads to.',
      cause: new ToldByStatus(String(status)),
    });
  }
  if (status === 413) return new SyncError('too-large', 'The request is too large for Tryton (413).');
  if (effect === 'write' && status >= 500) return new SyncError('unknown-outcome', `No usable answer (${status}).`);
  if (status >= 500 || status === 408) return new SyncError('transient', `Tryton is not available (${status}).`);
  // No such call or database, or something in front of Tryton that does not let the call through.
  if (status >= 400) {
    return new SyncError('misconfigured', `The server does not take the call (${status}).`, {
      explanation: 'There is no such Tryton 8 database at this address. Check the address and the database name.',
      cause: new ToldByStatus(String(status)),
    });
  }
  return pageError(effect);
}
