import { createHash } from 'node:crypto';
import { invalid, SyncError } from '../../core/errors.ts';
import { stateGoodMs } from '../../core/timing/session.ts';
import { liveTenant } from '../tenants/live-tenant.ts';
import { pageAddress } from './return-path.ts';
import { newSecret } from './session-text.ts';
import type { SignInApplication, SignInSettings } from './sign-in-application.ts';
import { sealState } from './sign-in-state.ts';

export interface SignInStart {
  readonly crmContext: string;
  /** SHA-256 of a verifier that the page keeps, base64url. */
  readonly challenge: string;
  /** A path of our own pages. */
  readonly returnTo: string;
}

export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

/** As the id of the tenant that there is not: what fails for it is counted as for one that there is. */
export function nobodyOf(app: SignInApplication, crmContext: string): string {
  return challengeOf(crmContext).replaceAll(/\W/g, '0').slice(0, app.runtime.newId().length);
}

export function publicUrlOf({ publicUrl }: SignInSettings): string {
  if (publicUrl !== undefined) return publicUrl;
  throw new SyncError('misconfigured', 'This service was deployed without the address of its pages (-c publicUrl=…).');
}

export function redirectUriOf(settings: SignInSettings): string {
  return `${publicUrlOf(settings)}/v1/session/callback`;
}

/** Where the browser goes to sign in. Whether there is such a tenant is told by nothing in it. */
export async function startSignIn(app: SignInApplication, start: SignInStart): Promise<string> {
  const { crmContext, challenge, returnTo } = start;
  const redirectUri = redirectUriOf(app.signIn);
  if (pageAddress(publicUrlOf(app.signIn), returnTo) === undefined) {
    throw invalid([{ path: 'query.return', message: 'Must be a path of our own pages, as /erp-tab?lang=nl' }]);
  }
  const nobody = nobodyOf(app, crmContext);
  // Read for nobody too: the time that an answer takes tells nothing.
  const tenant = await liveTenant(app.tenants, (await app.tenants.whoClaims(crmContext)) ?? nobody);
  const verifier = newSecret();
  const nonce = newSecret();
  const state = await sealState(app.sealer, {
    tenantId: tenant?.id ?? nobody,
    passId: app.runtime.newId(),
    challenge,
    verifier,
    nonce,
    returnTo,
    goodUntilMs: app.runtime.nowMs() + stateGoodMs,
  });
  const request = { redirectUri, state, nonce, challenge: challengeOf(verifier) };
  const own = tenant?.crm && app.identityProviders.signInUrl(tenant.crm, crmContext, request);
  if (own !== undefined) return own;
  const { clientId = challengeOf(crmContext).slice(0, 32) } = app.signIn;
  const address = app.identityProviders.addressOfNobody(clientId);
  const others = app.identityProviders.signInUrl(address, crmContext, request);
  if (others !== undefined) return others;
  throw new SyncError('misconfigured', 'No kind of CRM is built in whose users can sign in.');
}
