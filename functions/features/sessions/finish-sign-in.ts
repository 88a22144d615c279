/**
 * The way back from the identity provider. Always true: a state leaves one pass at most, good for the tenant that was asked
 * for and the page that asked; what the provider said is shown to nobody. A crash leaves a pass that nobody knows the code
 * of. Attacked by test/features/sessions/sign-in.test.ts.
 */
import { asSyncError, SyncError } from '../../core/errors.ts';
import { passGoodMs } from '../../core/timing/session.ts';
import type { KnownUser } from '../../ports/identity-provider.ts';
import { hashOfSecret } from '../api-keys/api-key-text.ts';
import { liveTenant } from '../tenants/live-tenant.ts';
import { expectFewFailures, refuseSignIn, type SignInTry } from './refuse-sign-in.ts';
import { pageAddress } from './return-path.ts';
import { newSecret, tokenText } from './session-text.ts';
import type { SignInApplication } from './sign-in-application.ts';
import { openState, type SignInState } from './sign-in-state.ts';
import { publicUrlOf, redirectUriOf } from './start-sign-in.ts';
import { knownAs, passPurpose } from './user-of-session.ts';

export interface WayBack {
  readonly state: string;
  /** Absent where the provider refused. */
  readonly code?: string | undefined;
  readonly from?: string | undefined;
}

/** What the page is told instead of a code. */
type Ending = 'refused' | 'expired' | 'unavailable' | 'too-many';

/** Where the browser goes now: the page that began the sign-in, with a code or an ending in the fragment. */
export async function finishSignIn(app: SignInApplication, back: WayBack): Promise<string> {
  const state = await openState(app.sealer, back.state);
  const page = state && pageAddress(publicUrlOf(app.signIn), state.returnTo);
  if (!state || page === undefined) {
    throw new SyncError('invalid', 'This is not the way back of a sign-in that was begun here: start again.');
  }
  if (app.runtime.nowMs() >= state.goodUntilMs) return ended(page, 'expired');
  const tried = { tenantId: state.tenantId, way: 'provider', from: back.from } as const;
  try {
    return `${page}#code=${await passOf(app, state, back, tried)}`;
  } catch (failure) {
    return ended(page, endingOf(asSyncError(failure)));
  }
}

function ended(page: string, ending: Ending): string {
  return `${page}#signIn=${ending}`;
}

function endingOf(error: SyncError): Ending {
  if (error.kind === 'unauthenticated') return 'refused';
  if (error.kind === 'too-many-requests') return 'too-many';
  if (error.kind === 'transient' || error.kind === 'out-of-time') return 'unavailable';
  throw error;
}

async function passOf(app: SignInApplication, state: SignInState, back: WayBack, tried: SignInTry): Promise<string> {
  expectFewFailures(app, tried);
  const user = await redeemed(app, state, back);
  if (typeof user === 'string') throw await refuseSignIn(app, tried, user);
  const { tenantId, passId: id, challenge } = state;
  const nowMs = app.runtime.nowMs();
  const secret = newSecret();
  const pass = {
    ...{ tenantId, id, secretHash: hashOfSecret(secret), challenge, goodUntilMs: nowMs + passGoodMs },
    ...knownAs(user),
    answeredAtMs: nowMs,
    refreshToken: user.refreshToken && (await app.sealer.seal(passPurpose(tenantId, id), user.refreshToken)),
  };
  if (!(await app.sessions.keepPass(pass))) throw await refuseSignIn(app, tried, 'state was used');
  return tokenText('esc', { tenantId, id, secret });
}

/** Who signed in, or why nobody did. */
async function redeemed(app: SignInApplication, state: SignInState, { code }: WayBack): Promise<KnownUser | string> {
  if (code === undefined) return 'refused by the identity provider';
  const tenant = await liveTenant(app.tenants, state.tenantId);
  const provider = tenant && (await app.identityProviders.of(tenant));
  if (!provider) return 'no identity provider';
  const { verifier, nonce } = state;
  try {
    return await provider.redeem({ code, verifier, nonce, redirectUri: redirectUriOf(app.signIn) });
  } catch (failure) {
    const error = asSyncError(failure);
    if (error.kind === 'unauthorised') return error.message;
    throw error;
  }
}
