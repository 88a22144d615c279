/**
 * A refused password is never tried twice in a row: Tryton answers each failure more slowly and then locks the user out
 * (0.2, 0.2, 2, 7, 7, 23 s, then 429). Sessions live in this instance's memory only and end on the server after 30 days.
 * Test: test/adapters/erp/tryton/wire/answers.test.ts, test/contract/tryton.test.ts.
 */
import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import { longestDeadlineMs } from '../../../../core/timing/lease.ts';
import type { GuardSignIn } from '../../../../ports/record-systems.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import { isUnauthorised, signInOnce } from '../../../http/sign-in-once.ts';
import { turns } from '../../../http/turns.ts';
import { answerAs } from './answer-as.ts';
import type { Effect } from './answer-error.ts';
import type { JsonRpc, RpcAnswer } from './json-rpc.ts';
import { isToldByStatus, keptFromTryton, outOfReach, tooManySignIns } from './status-error.ts';

interface Credentials {
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
  /** A call got past its check. */
  proven: boolean;
}

/** A refusal arrives after at most 7 s, unless somebody else goes on failing. */
const loginDeadlineMs = longestDeadlineMs;

const refused = (): SyncError =>
  new SyncError('unauthorised', 'Tryton refused the sign-in.', {
    explanation: 'Tryton does not accept this user name and password.',
  });

/** Every user may call it. */
const probeMethod = 'model.res.user.get_preferences';

/** `[userId, key, busUrl]` on 8.2, `[userId, key]` before. */
const LoginResult = z.tuple([z.number(), z.string()]).rest(z.unknown());

interface SessionParts {
  readonly rpc: JsonRpc;
  readonly runtime: Runtime;
  readonly guardSignIn?: GuardSignIn | undefined;
  readonly credentials: () => Credentials;
}

const isThrottled = (error: unknown): error is SyncError => error instanceof SyncError && error.kind === 'throttled';

async function login({ rpc, credentials }: SessionParts): Promise<SignedIn> {
  const { database, user, password } = credentials();
  const path = `/${encodeURIComponent(database)}/rpc/`;
  const ask = () =>
    rpc({
      path,
      method: 'common.db.login',
      params: [user, { password }, 'en'],
      effect: 'read',
      deadlineMs: loginDeadlineMs,
    });
  const { result } = await ask().catch((error: unknown) => {
    // No Tryton has seen the password: one page of something in front of it is no reason to suspend.
    if (isToldByStatus(error) && !isUnauthorised(error)) return ask();
    throw isThrottled(error) ? tooManySignIns(error) : error;
  });
  const [userId, key] = answerAs(LoginResult, result);
  const token = Buffer.from(`${user}:${userId}:${key}`).toString('base64');
  return { path, header: `Session ${token}`, userId, proven: false };
}

export function session(parts: SessionParts): Session {
  const logins = signInOnce(parts, async () => {
    try {
      return await login(parts);
    } catch (error) {
      throw isUnauthorised(error) && error.explanation === undefined ? refused() : error;
    }
  });

  const turn = turns(parts.runtime);

  /** Whether Tryton itself answers this session, whatever it says. */
  async function getsThrough({ path, header }: SignedIn): Promise<boolean> {
    try {
      await parts.rpc({ path, method: probeMethod, params: [true, {}], effect: 'read', authorization: header });
      return true;
    } catch (error) {
      return !isToldByStatus(error);
    }
  }

  async function send(as: SignedIn, method: string, params: readonly unknown[], effect: Effect): Promise<RpcAnswer> {
    const ask = async () => {
      const answer = await parts.rpc({ path: as.path, method, params, effect, authorization: as.header });
      turn.noteThrough();
      return answer;
    };
    try {
      const answer = await ask().catch(async (error: unknown) => {
        if (isThrottled(error) && (await turn.await(error.retryAfterMs))) return ask();
        throw error;
      });
      as.proven = true;
      return answer;
    } catch (error) {
      const worked = as.proven;
      as.proven ||= !isUnauthorised(error);
      if (!isToldByStatus(error)) throw error;
      if (await getsThrough(as)) throw keptFromTryton(error, effect);
      throw worked ? outOfReach(error) : error;
    }
  }

  return {
    async call(method, params, effect) {
      const used = logins.get();
      const as = await used;
      try {
        return await send(as, method, params, effect);
      } catch (error) {
        // In front of a sign-in a page would count as a refused password.
        if (!isUnauthorised(error) || (isToldByStatus(error) && !as.proven)) throw error;
        logins.drop(used);
        return send(await logins.get(), method, params, effect);
      }
    },
    async userId() {
      return (await logins.get()).userId;
    },
  };
}
