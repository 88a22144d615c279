import { SyncError } from '../../../../core/errors.ts';
import type { HttpAnswer } from '../../../../ports/http.ts';
import { retryAfterMs } from '../../../http/retry-after.ts';
import type { Effect } from './answer-error.ts';

/** Never followed: what is sent must not get to an address that nobody entered. */
const redirects = [301, 302, 303, 307, 308];

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
      explanation: 'Tryton has seen too many failed sign-ins and refuses further ones for a while.',
      retryAfterMs: retryAfterMs(answer.headers, nowMs),
    });
  }
  if (status === 401) return new SyncError('unauthorised', 'Tryton does not accept the session or the sign-in.');
  if (redirects.includes(status)) {
    return new SyncError('misconfigured', `The address leads to another one (${status}).`, {
      explanation:
        'The server at this address sends callers elsewhere, which is not followed. Enter the address it leads to.',
    });
  }
  if (status === 413) return new SyncError('too-large', 'The request is too large for Tryton (413).');
  if ([403, 404, 405].includes(status)) {
    return new SyncError('misconfigured', `The server does not know the call (${status}).`, {
      explanation: 'There is no such Tryton 8 database at this address. Check the address and the database name.',
    });
  }
  if (effect === 'write' && status >= 500) return new SyncError('unknown-outcome', `No usable answer (${status}).`);
  if (status >= 500 || status === 408) return new SyncError('transient', `Tryton is not available (${status}).`);
  if (status === 200) return pageError(effect);
  return new SyncError('defect', `Unexpected status ${status} from Tryton.`);
}
