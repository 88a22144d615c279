import { SyncError } from '../../../../core/errors.ts';
import type { HttpAnswer, HttpRequest } from '../../../../ports/http.ts';
import type { SuperOfficeParts } from '../settings.ts';
import { apiError } from './api-error.ts';
import { systemUserSignIn } from './sign-in.ts';
import { readTenantState, type TenantState } from './tenant-state.ts';

/** One call of the tenant's API, below `{Api}/v1/`. */
interface ApiRequest {
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ApiAnswer extends HttpAnswer {
  /** Our clock when the answered request was sent, and how long its answer took. */
  readonly tookMs: number;
}

/**
 * Calls of one tenant's API, signed in as the system user. State and ticket live in memory only; concurrent calls share
 * one state call and one sign-in. A call that was certainly not processed (421: wrong host, 401/403: old ticket) is sent
 * once more, whatever it does.
 */
export interface Session {
  /** Any status but 421, 401 and 403 is an answer. SyncError `unknown-outcome`: it may have been processed. */
  call(request: ApiRequest): Promise<ApiAnswer>;
  /** Knows where the API is and holds a ticket; throws what stands against it. */
  ready(): Promise<void>;
  callCount(): number;
}

/** A refused sign-in is not tried again for a while: chunks already under way would repeat it. */
const refusalKeptMs = 60_000;

export function session(parts: SuperOfficeParts): Session {
  const { http, runtime, settings, secrets } = parts;
  let calls = 0;
  let state: Promise<TenantState> | undefined;
  let validUntilMs = Number.POSITIVE_INFINITY;
  let ticket: Promise<string> | undefined;
  let refusal: { readonly error: SyncError; readonly untilMs: number } | undefined;

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

  const signIn = systemUserSignIn(parts, read);

  async function askState(): Promise<TenantState> {
    const url = `${settings.address}/api/state/${encodeURIComponent(settings.crmContext)}`;
    const answer = await read({ method: 'GET', url, headers: { Accept: 'application/json' } });
    const known = readTenantState(answer, settings, runtime.nowMs());
    validUntilMs = known.validUntilMs;
    return known;
  }

  function currentState(): Promise<TenantState> {
    if (state && runtime.nowMs() < validUntilMs) return state;
    validUntilMs = Number.POSITIVE_INFINITY;
    const asked = askState();
    state = asked;
    asked.catch(() => {
      if (state === asked) state = undefined;
    });
    return asked;
  }

  function currentTicket(): Promise<string> {
    if (ticket) return ticket;
    if (refusal && runtime.nowMs() < refusal.untilMs) return Promise.reject(refusal.error);
    const signing = signIn();
    ticket = signing;
    signing.catch((error: unknown) => {
      if (ticket === signing) ticket = undefined;
      if (error instanceof SyncError && error.kind === 'unauthorised') {
        refusal = { error, untilMs: runtime.nowMs() + refusalKeptMs };
      }
    });
    return signing;
  }

  async function attempt(request: ApiRequest) {
    const usedState = currentState();
    const { apiUrl } = await usedState;
    const usedTicket = currentTicket();
    const query = request.query ? `?${String(new URLSearchParams(request.query)).replaceAll('+', '%20')}` : '';
    const signed: HttpRequest = {
      method: request.method,
      url: `${apiUrl}/v1/${request.path}${query}`,
      headers: {
        Accept: 'application/json',
        'SO-TimeZone': 'UTC, includeTZOffset',
        Authorization: `SOTicket ${await usedTicket}`,
        'SO-AppToken': secrets.clientSecret,
        ...request.headers,
      },
      body: request.body,
    };
    const sentAtMs = runtime.nowMs();
    const answer = await send(signed);
    return { answer: { ...answer, tookMs: runtime.nowMs() - sentAtMs }, usedState, usedTicket };
  }

  async function call(request: ApiRequest): Promise<ApiAnswer> {
    let moved = false;
    let renewed = false;
    for (;;) {
      const { answer, usedState, usedTicket } = await attempt(request);
      if (answer.status === 421 && !moved) {
        moved = true;
        if (state === usedState) state = undefined;
      } else if ((answer.status === 401 || answer.status === 403) && !renewed) {
        renewed = true;
        if (ticket === usedTicket) ticket = undefined;
      } else if ([421, 401, 403].includes(answer.status)) {
        throw apiError(answer, `${request.method} ${request.path}`, runtime.nowMs());
      } else {
        // The next call asks why, and until when.
        if (answer.status === 503 && state === usedState) state = undefined;
        return answer;
      }
    }
  }

  return {
    call,
    async ready() {
      await currentState();
      await currentTicket();
    },
    callCount: () => calls,
  };
}

/** A read whose answer was lost is simply repeated later. */
export function asReadFailure(error: unknown): unknown {
  if (!(error instanceof SyncError) || error.kind !== 'unknown-outcome') return error;
  return new SyncError('transient', error.message, { cause: error });
}
