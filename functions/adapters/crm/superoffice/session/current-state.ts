import type { HttpAnswer, HttpRequest } from '../../../../ports/http.ts';
import { type Kept, kept } from '../../../http/kept.ts';
import type { SuperOfficeParts } from '../settings.ts';
import { readTenantState, type TenantState } from './tenant-state.ts';

/** Where the tenant's API is, asked once and again when the answer has run out. */
export function currentState(
  { runtime, settings }: SuperOfficeParts,
  read: (request: HttpRequest) => Promise<HttpAnswer>,
): Kept<TenantState> {
  let validUntilMs = Number.POSITIVE_INFINITY;
  const states = kept(async () => {
    const url = `${settings.address}/api/state/${encodeURIComponent(settings.crmContext)}`;
    const answer = await read({ method: 'GET', url, headers: { Accept: 'application/json' } });
    const state = readTenantState(answer, settings, runtime.nowMs());
    validUntilMs = state.validUntilMs;
    return state;
  });
  return {
    get() {
      if (runtime.nowMs() >= validUntilMs) {
        validUntilMs = Number.POSITIVE_INFINITY;
        states.drop();
      }
      return states.get();
    },
    drop: states.drop,
  };
}
