/**
 * Sign-in of the CRM's users (spec 2.1 to 2.3). Always true: whoever comes out was named by a token that passed every check
 * and is the one that the CRM says of the access token that came with it; nothing that the provider or the CRM answered is in
 * an error. Keys and state are kept in memory: a crash forgets them. Attacked by
 * test/features/sessions/withstands.test.ts.
 */
import * as z from 'zod';
import { asSyncError } from '../../../../core/errors.ts';
import type { HttpAnswer, HttpRequest } from '../../../../ports/http.ts';
import type { AskedUser, IdentityProvider, KnownUser } from '../../../../ports/identity-provider.ts';
import { isPage, parseJson } from '../session/api-error.ts';
import { currentState } from '../session/current-state.ts';
import { signingKeys } from '../session/signing-keys.ts';
import { keyIdOf } from '../session/verify-token.ts';
import type { SuperOfficeParts } from '../settings.ts';
import { refused, silent } from './refusals.ts';
import { userSession } from './user-session.ts';
import { userSight } from './user-sight.ts';
import { type IdToken, refusedToken, verifyIdToken } from './verify-id-token.ts';

/** It is stored, sealed, with the session; a longer one is like none: its user signs in again. */
const longestRefreshToken = 16_000;
const RefreshToken = z
  .string()
  .min(1)
  .transform((token) => (token.length > longestRefreshToken ? undefined : token));

const Tokens = z.object({
  access_token: z.string().min(1),
  id_token: z.string().min(1),
  refresh_token: RefreshToken.optional(),
  expires_in: z.coerce.number().optional(),
});
type Tokens = z.infer<typeof Tokens>;

const Refusal = z.object({ error: z.string() });

/** The principal as the CRM tells any user (GET User/currentPrincipal). */
const Principal = z.object({
  AssociateId: z.number(),
  Associate: z.string().nullish(),
  FullName: z.string().nullish(),
  GroupId: z.number().nullish(),
  SecondaryGroups: z.array(z.number()).nullish(),
});

/** Of the provider's refusals those that are about who signs in; the others are about us (RFC 6749, 5.2). */
const refusalsOfUser: readonly string[] = ['invalid_grant', 'access_denied', 'interaction_required', 'login_required'];

/** Whoever makes up tokens makes nobody read the keys over and over. */
const keysReadEveryMs = 60_000;

/** An access token is used no more so long before its end. */
const marginMs = 120_000;

export function identityProvider(parts: SuperOfficeParts): IdentityProvider {
  const { http, runtime, settings, secrets } = parts;

  /** Nothing of a failure is told on: its words may be theirs. */
  async function send(request: HttpRequest): Promise<HttpAnswer> {
    try {
      return await http.send(request);
    } catch (failure) {
      throw asSyncError(failure).kind === 'misconfigured' ? failure : silent();
    }
  }

  const keys = signingKeys(parts, send, keysReadEveryMs);
  const states = currentState(parts, send);

  async function tokensFor(grant: Readonly<Record<string, string>>): Promise<Tokens> {
    const client = { client_id: settings.clientId, client_secret: secrets.clientSecret };
    const answer = await send({
      method: 'POST',
      url: `${settings.address}/login/common/oauth/tokens`,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
      body: String(new URLSearchParams({ ...grant, ...client })),
    });
    const json = isPage(answer) ? undefined : parseJson(answer.text);
    const refusal = Refusal.safeParse(json).data?.error;
    if (refusal !== undefined && refusalsOfUser.includes(refusal)) throw refused();
    const tokens = answer.status === 200 ? Tokens.safeParse(json) : undefined;
    if (!tokens?.success) throw silent();
    return tokens.data;
  }

  async function checked(token: string): Promise<IdToken> {
    const key = await keys.find(keyIdOf(token)).catch(() => {
      throw silent();
    });
    if (!key) throw refusedToken('key');
    return verifyIdToken(token, key, settings, runtime.nowMs());
  }

  const sessionOf = ({ access_token }: Tokens) => userSession({ runtime, send, states }, access_token);

  async function principalOf(tokens: Tokens): Promise<z.infer<typeof Principal>> {
    const answer = await sessionOf(tokens).call({ method: 'GET', path: 'User/currentPrincipal' });
    // The token is seconds old: it is the user that is refused.
    if ((answer.status === 401 || answer.status === 403) && !isPage(answer)) throw refused();
    const principal = answer.status === 200 ? Principal.safeParse(parseJson(answer.text)) : undefined;
    if (!principal?.success) throw silent();
    return principal.data;
  }

  async function known(tokens: Tokens, { userId, isAdministrator }: IdToken): Promise<KnownUser> {
    const principal = await principalOf(tokens);
    if (String(principal.AssociateId) !== userId) throw refusedToken('user');
    const groups = [principal.GroupId, ...(principal.SecondaryGroups ?? [])].filter((id) => typeof id === 'number');
    return {
      id: userId,
      name: principal.FullName || principal.Associate || userId,
      groups: [...new Set(groups.filter((id) => id > 0).map(String))],
      isAdministrator,
      refreshToken: tokens.refresh_token,
    };
  }

  return {
    async redeem({ code, verifier, redirectUri, nonce }) {
      const grant = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri };
      const tokens = await tokensFor(grant);
      const idToken = await checked(tokens.id_token);
      if (idToken.nonce !== nonce) throw refusedToken('nonce');
      return known(tokens, idToken);
    },

    async readToken(token) {
      const { userId, name, isAdministrator } = await checked(token);
      return { id: userId, name: name || userId, groups: [], isAdministrator };
    },

    async readAgain(userId, refreshToken): Promise<AskedUser> {
      const askedAtMs = runtime.nowMs();
      const tokens = await tokensFor({ grant_type: 'refresh_token', refresh_token: refreshToken });
      const idToken = await checked(tokens.id_token);
      if (idToken.userId !== userId) throw refusedToken('user');
      const user = await known(tokens, idToken);
      const goodUntilMs = askedAtMs + (tokens.expires_in ?? 0) * 1000 - marginMs;
      return { ...user, sight: userSight({ runtime, session: sessionOf(tokens) }, { askedAtMs, goodUntilMs }) };
    },
  };
}
