/**
 * A refused password is never tried twice in a row: Tryton answers each failure more slowly and then locks the user out
 * (0.2, 0.2, 2, 7, 7, 23 s, then 429). Sessions live in this instance's memory only and end on the server after 30 days.
 * Test: test/adapters/erp/tryton/wire/answers.test.ts, test/contract/tryton.test.ts.
 */
import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import { longestDeadlineMs } from '../../../../core/timing/lease.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import type { Effect } from './answer-error.ts';
import type { JsonRpc, RpcAnswer } from './json-rpc.ts';

export interface Credentials {
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

export interface Session {
  /** A method of the database, e.g. `model.party.party.read`; signs in when needed. The last parameter is the context. */
  call(method: string, params: readonly unknown[], effect: Effect): Promise<RpcAnswer>;
  userId(): Promise<number>;
}

interface SignedIn {
  readonly path: string;
  readonly header: string;
  readonly userId: number;
  /** A call got past its check: a 401 now means that it has ended, not that the user may not sign in. */
  proven: boolean;
}

/** A refusal arrives after at most 7 s, unless somebody else goes on failing. */
const loginDeadlineMs = longestDeadlineMs;
/** What is under way when a password is refused shares that refusal; a later call, after it was put right, does not. */
const refusalKeptMs = 60_000;

const refused = (): SyncError =>
  new SyncError('unauthorised', 'Tryton refused the sign-in.', {
    explanation: 'Tryton does not accept this user name and password.',
  });

function isUnauthorised(error: unknown): error is SyncError {
  return error instanceof SyncError && error.kind === 'unauthorised';
}

/** `[userId, key, busUrl]` on 8.2, `[userId, key]` before. */
const LoginResult = z.tuple([z.number(), z.string()]).rest(z.unknown());

export function session(deps: { rpc: JsonRpc; runtime: Runtime; credentials: () => Credentials }): Session {
  const { rpc, runtime } = deps;
  let current: Promise<SignedIn> | undefined;
  let refusal: { readonly error: SyncError; readonly atMs: number } | undefined;

  async function login(): Promise<SignedIn> {
    const { database, user, password } = deps.credentials();
    const path = `/${encodeURIComponent(database)}/rpc/`;
    const params = [user, { password }, 'en'];
    const { result } = await rpc({
      path,
      method: 'common.db.login',
      params,
      effect: 'read',
      deadlineMs: loginDeadlineMs,
    });
    const answer = LoginResult.safeParse(result);
    if (!answer.success) throw refused();
    const [userId, key] = answer.data;
    const token = Buffer.from(`${user}:${userId}:${key}`).toString('base64');
    return { path, header: `Session ${token}`, userId, proven: false };
  }

  async function firstLogin(): Promise<SignedIn> {
    try {
      return await login();
    } catch (error) {
      current = undefined;
      if (!isUnauthorised(error)) throw error;
      const shown = error.explanation === undefined ? refused() : error;
      refusal = { error: shown, atMs: runtime.nowMs() };
      throw shown;
    }
  }

  function signedIn(): Promise<SignedIn> {
    if (refusal !== undefined && runtime.nowMs() - refusal.atMs < refusalKeptMs) return Promise.reject(refusal.error);
    current ??= firstLogin();
    return current;
  }

  async function send(as: SignedIn, method: string, params: readonly unknown[], effect: Effect): Promise<RpcAnswer> {
    try {
      const answer = await rpc({ path: as.path, method, params, effect, authorization: as.header });
      as.proven = true;
      return answer;
    } catch (error) {
      as.proven ||= !isUnauthorised(error);
      throw error;
    }
  }

  return {
    async call(method, params, effect) {
      const used = signedIn();
      const as = await used;
      try {
        return await send(as, method, params, effect);
      } catch (error) {
        if (!(isUnauthorised(error) && as.proven)) throw error;
        if (current === used) current = undefined;
        return send(await signedIn(), method, params, effect);
      }
    },
    async userId() {
      return (await signedIn()).userId;
    },
  };
}
