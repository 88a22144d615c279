/**
 * The vendor's sign-in and API behind one HttpClient, as far as the adapter calls them: codes and refresh tokens, tokens
 * signed with `x5t` and no `kid`, the tenant's state and the principal. Tests forge what it signs, remove users and switch it
 * off.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { SyncError } from '../../../functions/core/errors.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../../functions/ports/http.ts';

export const claimPrefix = 'http://schemes.superoffice.net/identity/';
const thumbprint = 'thumb-1';
const tokenSeconds = 360;
/** What the provider says when it refuses: it must never be seen. */
export const words = 'words of the provider';

let keys: { privateKey: KeyObject; publicKey: KeyObject } | undefined;
/** One for the whole process: making it takes a while. */
export function vendorKeys() {
  keys ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
  return keys;
}

export type Claims = Record<string, unknown>;
interface SignedIn {
  readonly userId: string;
  readonly tenant: string;
}
interface Grant extends SignedIn {
  readonly nonce: string;
  readonly challenge: string;
  readonly redirectUri: string;
}

export interface CrmUserDouble {
  name: string;
  groups: number[];
  isAdministrator: boolean;
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

export function signedToken(claims: Claims, header: object = {}): string {
  const data = `${encoded({ typ: 'JWT', alg: 'RS256', x5t: thumbprint, ...header })}.${encoded(claims)}`;
  return `${data}.${sign('RSA-SHA256', Buffer.from(data), vendorKeys().privateKey).toString('base64url')}`;
}

export class ProviderDouble implements HttpClient {
  readonly users = new Map<string, CrmUserDouble>([
    ['10', { name: 'Anna Lund', groups: [1], isAdministrator: true }],
    ['5', { name: 'Tom Berg', groups: [2, 7], isAdministrator: false }],
  ]);
  readonly asked: HttpRequest[] = [];
  /** Every code and token that was given. */
  readonly tokensGiven: string[] = [];
  /** Nothing answers. */
  down = false;
  /** Makes of the claims of an id_token what is sent. */
  forge: ((claims: Claims) => string) | undefined;
  /** Our application's own secret is refused. */
  refusesClient = false;
  /** Instead of the principal. */
  principalStatus = 200;
  /** Each refresh token is good once, and its answer has another. */
  rotates = false;
  /** Of each one that is given, in bytes. */
  refreshTokenLength = 9;
  /** Records that a user's rights keep from them: user and key. */
  readonly hidden = new Set<string>();
  /** Records over which every list fails. */
  readonly troubled = new Set<string>();
  /** Instead of a list. */
  archiveStatus = 200;
  /** No access token that was given is good any more. */
  forgetAccessTokens(): void {
    this.signedIn.clear();
  }
  private readonly grants = new Map<string, Grant>();
  private readonly refreshable = new Map<string, SignedIn>();
  private readonly signedIn = new Map<string, SignedIn>();
  private readonly nowMs: () => number;

  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  /** What a browser does at the address: the user signs in, and comes back with a code. */
  signIn(location: string, userId: string, tenant?: string): { code: string; state: string } {
    const { searchParams } = new URL(location);
    const asked = (name: string) => searchParams.get(name) ?? '';
    const code = randomBytes(9).toString('base64url');
    this.grants.set(code, {
      userId,
      tenant: tenant ?? asked('acr_values').replace('tenant:', ''),
      nonce: asked('nonce'),
      challenge: asked('code_challenge'),
      redirectUri: asked('redirect_uri'),
    });
    return { code, state: asked('state') };
  }

  claimsOf({ userId, tenant }: SignedIn, nonce?: string): Claims {
    const nowSeconds = Math.floor(this.nowMs() / 1000);
    return {
      sub: userId,
      iss: 'https://online.example.com',
      aud: 'app-1',
      iat: nowSeconds,
      nbf: nowSeconds,
      exp: nowSeconds + tokenSeconds,
      nonce,
      [`${claimPrefix}ctx`]: tenant,
      [`${claimPrefix}associateid`]: userId,
      [`${claimPrefix}is_administrator`]: this.users.get(userId)?.isAdministrator ? 'True' : 'False',
    };
  }

  /** An id_token that somebody got elsewhere. */
  idToken(userId: string, tenant: string): string {
    const claims = this.claimsOf({ userId, tenant });
    return this.forge?.(claims) ?? signedToken(claims);
  }

  async send(request: HttpRequest): Promise<HttpAnswer> {
    this.asked.push(request);
    if (this.down) throw new SyncError('unknown-outcome', `No answer (${words}).`, { explanation: words });
    const { pathname, origin } = new URL(request.url);
    if (pathname.endsWith('/oauth/tokens')) return this.tokens(new URLSearchParams(request.body));
    if (pathname.endsWith('/jwks')) return json(200, { keys: [{ ...vendorJwk(), kid: thumbprint }] });
    if (pathname.startsWith('/api/state/')) {
      const validUntil = new Date(this.nowMs() + 600_000).toISOString();
      return json(200, { State: 'Running', IsRunning: true, ValidUntil: validUntil, Api: `${origin}/api` });
    }
    return pathname.includes('/Archive/') ? this.archive(request) : this.principal(request);
  }

  private tokens(form: URLSearchParams): HttpAnswer {
    if (this.refusesClient || form.get('client_secret') !== 'client-secret') return refusal(401, 'invalid_client');
    if (form.get('grant_type') === 'refresh_token') {
      const shown = form.get('refresh_token') ?? '';
      const who = this.refreshable.get(shown);
      if (!who || !this.users.has(who.userId)) return refusal(400, 'invalid_grant');
      if (!this.rotates) return this.issued(who);
      this.refreshable.delete(shown);
      return this.issued(who, undefined, this.newRefreshToken(who));
    }
    const code = form.get('code') ?? '';
    const grant = this.grants.get(code);
    this.grants.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const fits = grant?.challenge === challenge && grant.redirectUri === form.get('redirect_uri');
    if (!grant || !fits) return refusal(400, 'invalid_grant');
    return this.issued(grant, grant.nonce, this.newRefreshToken(grant));
  }

  private newRefreshToken(who: SignedIn): string {
    const refreshToken = randomBytes(this.refreshTokenLength).toString('base64url');
    this.refreshable.set(refreshToken, who);
    return refreshToken;
  }

  private issued(who: SignedIn, nonce?: string, refreshToken?: string): HttpAnswer {
    const accessToken = `8A:${who.tenant}.${randomBytes(9).toString('base64url')}`;
    this.signedIn.set(accessToken, who);
    const claims = this.claimsOf(who, nonce);
    const idToken = this.forge?.(claims) ?? signedToken(claims);
    this.tokensGiven.push(accessToken, idToken, ...(refreshToken === undefined ? [] : [refreshToken]));
    return json(200, { access_token: accessToken, id_token: idToken, refresh_token: refreshToken, expires_in: 3600 });
  }

  private userOf({ headers = {} }: HttpRequest): { id: string; user: CrmUserDouble } | undefined {
    const id = this.signedIn.get((headers.Authorization ?? '').replace('Bearer ', ''))?.userId ?? '';
    const user = this.users.get(id);
    return user && { id, user };
  }

  /** The rows of the ids in the filter that the user may see. */
  private archive(request: HttpRequest): HttpAnswer {
    const who = this.userOf(request);
    if (!who) return json(401, { Error: true, ErrorType: 'SoSessionException', ErrorMessage: words });
    if (this.archiveStatus !== 200) return json(this.archiveStatus, { Error: true, ErrorMessage: words });
    const options = request.body ? new URLSearchParams(request.body) : new URL(request.url).searchParams;
    const [, key = '', ids = ''] = /^(\w+) in \(([\d,]+)\)$/.exec(options.get('$filter') ?? '') ?? [];
    const asked = ids.split(',');
    if (asked.some((id) => this.troubled.has(id))) return json(500, { Error: true, ErrorMessage: words });
    const shown = asked.filter((id) => !this.hidden.has(`${who.id} ${id}`));
    const answer = json(200, { value: shown.map((id) => ({ [key]: Number(id) })) });
    return { ...answer, headers: { date: new Date(this.nowMs()).toUTCString() } };
  }

  private principal(request: HttpRequest): HttpAnswer {
    const who = this.userOf(request);
    if (!who) return json(401, { Error: true, ErrorType: 'SoSessionException', ErrorMessage: words });
    const { id, user } = who;
    if (this.principalStatus !== 200) return json(this.principalStatus, { Error: true, ErrorMessage: words });
    const [GroupId, ...SecondaryGroups] = user.groups;
    return json(200, { AssociateId: Number(id), FullName: user.name, GroupId, SecondaryGroups });
  }
}

function vendorJwk() {
  const { kty, n, e } = vendorKeys().publicKey.export({ format: 'jwk' });
  return { kty, n, e, use: 'sig', alg: 'RS256', x5t: thumbprint };
}

const json = (status: number, body: object): HttpAnswer => ({ status, headers: {}, text: JSON.stringify(body) });
const refusal = (status: number, error: string) => json(status, { error, error_description: words });
