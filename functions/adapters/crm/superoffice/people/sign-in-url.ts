import type { SignInRequest } from '../../../../ports/identity-provider.ts';

/** Where a user signs in (spec 2.1, 2.2); the tenant is named, so that nobody has to pick it. */
export function signInUrl(
  { address, clientId, crmContext }: { address: string; clientId: string; crmContext: string },
  { redirectUri, state, nonce, challenge }: SignInRequest,
): string {
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: redirectUri,
    state,
    nonce,
    code_challenge: challenge,
    // Without it the provider takes the challenge for the verifier itself.
    code_challenge_method: 'S256',
    acr_values: `tenant:${crmContext}`,
  });
  return `${address}/login/common/oauth/authorize?${query}`;
}
