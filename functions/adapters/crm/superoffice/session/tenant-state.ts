import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import { withoutSlashes } from '../../../../core/values/without-slashes.ts';
import type { HttpAnswer } from '../../../../ports/http.ts';
import { instantMs } from '../fields/instants.ts';
import type { SuperOfficeSettings } from '../settings.ts';
import { apiError, parseJson } from './api-error.ts';

/** Answer of `GET {address}/api/state/{context}` (spec 1.2). `State` comes as a name or as a number. */
const StateAnswer = z.object({
  State: z.union([z.string(), z.number()]).nullish(),
  IsRunning: z.boolean(),
  ValidUntil: z.string().nullish(),
  Api: z.string().nullish(),
});

/** States that pass by themselves; in all others somebody has to act. */
const passingStates: readonly (string | number)[] = [
  'OfflineMaintenance',
  6,
  'Provisioning',
  1,
  'MigrationPending',
  12,
];
/** It does not come back. */
const deletedStates: readonly (string | number)[] = ['Deleted', 3, 'Deleting', 10, 'DeleteFailed', 11];
const runningStates: readonly (string | number)[] = ['Running', 2, 'OnlineMaintenance', 5];
/** Second-level domains that a country gives to everybody, such as `co.uk`: their names are no neighbours. */
const sharedDomain = /^(com?|net|org|edu|gov|ac|or|ne|go|ltd|plc|gob|nom)\.[a-z]{2}$/;
const defaultValidMs = 60_000;
const shortestValidMs = 10_000;
const longestValidMs = 3_600_000;

export interface TenantState {
  /** Root of the tenant's API, without a slash at its end. It moves: never stored. */
  readonly apiUrl: string;
  readonly validUntilMs: number;
}

/** Where the tenant's API is now; SyncError `transient` or `misconfigured` while it does not run. */
export function readTenantState(answer: HttpAnswer, settings: SuperOfficeSettings, nowMs: number): TenantState {
  if (answer.status !== 200) {
    const error = apiError(answer, 'the state call', nowMs);
    throw error.kind === 'missing' ? unknownTenant(error) : error;
  }
  const state = StateAnswer.safeParse(parseJson(answer.text));
  if (!state.success) throw new SyncError('transient', "The answer on the CRM tenant's state cannot be read.");
  const { IsRunning, State, ValidUntil, Api } = state.data;
  const validMs = Math.min(
    Math.max((validUntil(ValidUntil) ?? nowMs + defaultValidMs) - nowMs, shortestValidMs),
    longestValidMs,
  );
  if (!IsRunning) {
    if (State != null && deletedStates.includes(State)) {
      throw new SyncError('misconfigured', `The CRM has deleted this tenant (state ${State}).`, {
        explanation: 'The CRM has deleted this tenant.',
        retryAfterMs: validMs,
        isTenantDeleted: true,
      });
    }
    const passing = State != null && [...passingStates, ...runningStates].includes(State);
    throw new SyncError(passing ? 'transient' : 'misconfigured', `The CRM tenant does not run (state ${State}).`, {
      retryAfterMs: validMs,
    });
  }
  const api = URL.parse(Api ?? '');
  if (!api) {
    const words = 'The CRM names no address of its API for this tenant.';
    throw new SyncError('transient', words, { retryAfterMs: validMs });
  }
  if (!isOwnHost(api, settings)) {
    throw new SyncError('misconfigured', "The CRM tenant's API is at an address outside the CRM's own domain.");
  }
  return { apiUrl: withoutSlashes(api.href), validUntilMs: nowMs + validMs };
}

function unknownTenant(error: SyncError): SyncError {
  return new SyncError('misconfigured', 'The CRM does not know this tenant.', { explanation: error.explanation });
}

/** Documented as UTC; some builds leave out the offset. */
function validUntil(text: string | null | undefined): number | undefined {
  return instantMs(text) ?? instantMs(`${text}Z`) ?? undefined;
}

/**
 * Ticket and client secret go to the API's host, so a state answer must not send them anywhere: only to the host that was
 * asked, its neighbours in the same domain (`online2.` beside `online.superoffice.com`), or hosts that are named.
 */
function isOwnHost(api: URL, settings: SuperOfficeSettings): boolean {
  const asked = new URL(settings.address);
  if (api.protocol !== asked.protocol) return false;
  if (api.hostname === asked.hostname || settings.allowApiHosts?.includes(api.hostname)) return true;
  const domain = asked.hostname.split('.').slice(1).join('.');
  if (sharedDomain.test(domain)) return false;
  return domain.split('.').length >= 2 && /[a-z]$/.test(domain) && api.hostname.endsWith(`.${domain}`);
}
