import type { HttpAnswer, HttpRequest } from '../../../../ports/http.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import type { Kept } from '../../../http/kept.ts';
import { type Calls, signedRequest } from '../session/session.ts';
import type { TenantState } from '../session/tenant-state.ts';
import { silent } from './refusals.ts';

interface UserSessionParts {
  readonly runtime: Runtime;
  /** Tells nothing of a failure on. */
  readonly send: (request: HttpRequest) => Promise<HttpAnswer>;
  readonly states: Kept<TenantState>;
}

/**
 * Calls of the tenant's API as one of its users, with an access token (spec 2.4): what the CRM answers is as far as the
 * user's rights go. Every status but the first 421 is an answer, refusals too; a call that went to the wrong host is sent once more.
 */
export function userSession({ runtime, send, states }: UserSessionParts, accessToken: string): Calls {
  return {
    async call(request) {
      for (let moved = false; ; moved = true) {
        const state = states.get();
        const { apiUrl } = await state.catch(() => {
          throw silent();
        });
        const sentAtMs = runtime.nowMs();
        const answer = await send(signedRequest(request, apiUrl, { Authorization: `Bearer ${accessToken}` }));
        if (answer.status !== 421 || moved) {
          return { ...answer, tookMs: runtime.nowMs() - sentAtMs, waitedTurn: false };
        }
        states.drop(state);
      }
    },
  };
}
