import { SyncError } from '../../core/errors.ts';
import type { RateRefusal } from '../../ports/rates.ts';
import { trailOf } from '../audit/trail-of.ts';
import { liveTenant } from '../tenants/live-tenant.ts';
import type { SignInApplication } from './sign-in-application.ts';

/** What was shown: a code for the page, an id_token, an API key; or the way back from the identity provider. */
type SignInWay = 'provider' | 'code' | 'id-token' | 'api-key';

export interface SignInTry {
  readonly tenantId: string;
  readonly way: SignInWay;
  /** Address that it came from. */
  readonly from?: string | undefined;
}

function tooMany({ waitMs }: RateRefusal): SyncError {
  const words = 'Too many sign-ins have failed within a minute.';
  return new SyncError('too-many-requests', words, { retryAfterMs: waitMs });
}

/** Throws where too many have failed already: then nobody is asked any more. */
export function expectFewFailures({ rates }: SignInApplication, { tenantId, from }: SignInTry): void {
  const refusal = rates?.refusal('failed-sign-ins', { tenantId, caller: from });
  if (refusal) throw tooMany(refusal);
}

/**
 * Counts a sign-in that came to nothing, also for a tenant that there is not, and tells it in the trail of a tenant that there is; answers what is said of it,
 * which is the same whatever was wrong. What is beyond the limit is neither told nor counted.
 */
export async function refuseSignIn(app: SignInApplication, tried: SignInTry, reason: string): Promise<SyncError> {
  const refused = new SyncError('unauthenticated', 'The sign-in was refused: start again.');
  const { tenantId, way, from } = tried;
  const refusal = await app.rates?.take('failed-sign-ins', { tenantId, caller: from });
  if (refusal) return tooMany(refusal);
  if (!(await liveTenant(app.tenants, tenantId))) return refused;
  const subject = { kind: 'tenant', id: tenantId } as const;
  const act = { act: 'session.refused', subject, after: { way, reason } } as const;
  await app.audit.note(trailOf(app.runtime, { somebodyOf: tenantId, from }, act));
  return refused;
}
