/**
 * What a caller and its tenant may ask in a minute. Always true: a refused request has cost no storage call, and says when
 * to come again. It keeps nothing. Attacked by test/http/chain/rate-limit.test.ts.
 */
import type { RateRefusal, Rates } from '../../ports/rates.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { HttpAnswer, HttpMiddleware, HttpRequest } from './http-request.ts';
import { problemAnswer } from './problem-details.ts';

export interface RateLimitDeps {
  /** Absent: nothing is limited here. */
  readonly rates?: Rates;
  readonly telemetry: Telemetry;
}

const details: Readonly<Record<RateRefusal['of'], string>> = {
  caller: 'This API key, or this user, has sent too many requests within a minute.',
  tenant: 'The API keys and users of this tenant have together sent too many requests within a minute.',
};

function tooManyRequests(request: HttpRequest, { of, waitMs }: RateRefusal): HttpAnswer {
  const problem = { type: 'too-many-requests', title: 'Too many requests', status: 429, detail: details[of] };
  return problemAnswer(request, problem, { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) });
}

export function rateLimit({ rates, telemetry }: RateLimitDeps): HttpMiddleware {
  return {
    async before({ event: request }) {
      const { caller } = request;
      const refusal = caller && (await rates?.take('requests', caller));
      if (!refusal) return;
      telemetry.count('RequestsOverLimit', 1, { of: refusal.of });
      return tooManyRequests(request, refusal);
    },
  };
}
