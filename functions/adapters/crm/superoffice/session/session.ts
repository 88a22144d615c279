import { SyncError } from '../../../../core/errors.ts';
import type { HttpAnswer, HttpRequest } from '../../../../ports/http.ts';
import { retryAfterMs } from '../../../http/retry-after.ts';
import { signInOnce } from '../../../http/sign-in-once.ts';
import { turns } from '../../../http/turns.ts';
import type { SuperOfficeParts } from '../settings.ts';
import { apiError } from './api-error.ts';
import { currentState } from './current-state.ts';
import { systemUserSignIn } from './sign-in.ts';

/** One call of the tenant's API, below `{Api}/v1/`. */
export interface ApiRequest {
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Asked without a time zone: days come and go as the tenant's users see them, times mean nothing (spec 3.1). */
  readonly zoneFree?: boolean;
  /** About single records: 403 to a fresh ticket is an answer, it says nothing of the sign-in. */
  readonly ofRecords?: boolean;
}

export interface ApiAnswer extends HttpAnswer {
  /** How long the answer took. */
  readonly tookMs: number;
  /** It was refused for a limit first. */
  readonly waitedTurn: boolean;
}

/**
 * Calls of one tenant's API, signed in as the system user. State and ticket live in memory only; concurrent calls share
 * one state call and one sign-in. A call that was certainly not processed (421: wrong host, 401/403: old ticket) is sent
 * once more, whatever it does.
 */
export interface Session {
  /** Any status but 421, 401 and, where every call is refused, 403 is an answer. SyncError `unknown-outcome`: it may have been processed. */
  call(request: ApiRequest): Promise<ApiAnswer>;
  /** Knows where the API is and holds a ticket; throws what stands against it. */
  ready(): Promise<void>;
  callCount(): number;
}

/** What reads are made with, whoever is signed in. */
export type Calls = Pick<Session, 'call'>;

/** The request as the vendor wants it of whom the headers `signedAs` name. */
export function signedRequest(
  request: ApiRequest,
  apiUrl: string,
  signedAs: Readonly<Record<string, string>>,
): HttpRequest {
  const query = request.query ? `?${String(new URLSearchParams(request.query)).replaceAll('+', '%20')}` : '';
  return {
    method: request.method,
    url: `${apiUrl}/v1/${request.path}${query}`,
    headers: {
      Accept: 'application/json',
      ...(!request.zoneFree && { 'SO-TimeZone': 'UTC, includeTZOffset' }),
      ...signedAs,
      ...request.headers,
    },
    body: request.body,
  };
}

/** A ticket this young is not refused for its age. */
const freshMs = 60_000;

export function session(parts: SuperOfficeParts): Session {
  const { http, runtime, secrets } = parts;
  let calls = 0;

  function send(request: HttpRequest): Promise<HttpAnswer> {
    calls += 1;
    return http.send(request);
  }

  /** Reads can be repeated, so a lost answer is no more than a delay. */
  async function read(request: HttpRequest): Promise<HttpAnswer> {
    try {
      return await send(request);
    } catch (error) {
      throw asReadFailure(error);
    }
  }

  const states = currentState(parts, read);
  const tickets = signInOnce(parts, systemUserSignIn(parts, read));

  const turn = turns(runtime);
  let signedIn: { readonly ticket: string; readonly sinceMs: number } | undefined;

  async function attempt(request: ApiRequest) {
    const state = states.get();
    const { apiUrl } = await state;
    const ticket = tickets.get();
    const held = await ticket;
    const signedAs = { Authorization: `SOTicket ${held}`, 'SO-AppToken': secrets.clientSecret };
    const signed = signedRequest(request, apiUrl, signedAs);
    const sentAtMs = runtime.nowMs();
    if (signedIn?.ticket !== held) signedIn = { ticket: held, sinceMs: sentAtMs };
    const isFresh = sentAtMs - signedIn.sinceMs < freshMs;
    const answer = await send(signed);
    if (answer.status !== 429) turn.noteThrough();
    return { answer: { ...answer, tookMs: runtime.nowMs() - sentAtMs }, state, ticket, isFresh };
  }

  /** Whether the CRM tells our user who it is: every user may ask that. */
  async function answersUser(): Promise<boolean> {
    const { answer } = await attempt({ method: 'GET', path: 'User/currentPrincipal' });
    return answer.status === 200;
  }

  return {
    async call(request) {
      let moved = false;
      let renewed = false;
      let waitedTurn = false;
      for (;;) {
        const { answer: plain, state, ticket, isFresh } = await attempt(request);
        const answer = { ...plain, waitedTurn };
        const isRefusal = answer.status === 403 && request.ofRecords;
        if (answer.status === 421 && !moved) {
          moved = true;
          states.drop(state);
        } else if (answer.status === 429 && !waitedTurn) {
          waitedTurn = await turn.await(retryAfterMs(answer.headers, runtime.nowMs()));
          if (!waitedTurn) return answer;
        } else if (isRefusal && (renewed || isFresh)) {
          return answer;
        } else if ((answer.status === 401 || answer.status === 403) && !renewed) {
          renewed = true;
          tickets.drop(ticket);
        } else if (answer.status === 403 && (await answersUser())) {
          return answer;
        } else if ([421, 401, 403].includes(answer.status)) {
          throw apiError(answer, `${request.method} ${request.path}`, runtime.nowMs());
        } else {
          // The next call asks why, and until when.
          if (answer.status === 503) states.drop(state);
          return answer;
        }
      }
    },
    async ready() {
      await states.get();
      await tickets.get();
    },
    callCount: () => calls,
  };
}

/** A read whose answer was lost is simply repeated later. */
export function asReadFailure(error: unknown): unknown {
  if (!(error instanceof SyncError) || error.kind !== 'unknown-outcome') return error;
  return new SyncError('transient', error.message, { cause: error });
}
