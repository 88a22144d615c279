/**
 * The vendor's sign-in for the demo: a real provider, with the vendor's paths, claims and kind of token (spec 2.1 to 2.3):
 * signed again with the vendor's key, `x5t` and no `kid` in the header, and the CRM's host as issuer.
 */
import { createPrivateKey, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { decodeJwt, importPKCS8, SignJWT } from 'jose';
import Provider, { type Configuration, errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { asksForPage, listen, pageHeaders, type RunningServer, send } from '../crm-simulator/http.ts';
import { frontPage } from '../front-page.ts';
import { type CrmAccounts, crmAccounts } from './crm-accounts.ts';
import { keptInMemory } from './kept-in-memory.ts';
import { accountOf, formPath, loginForm } from './login-form.ts';
import { signInPage } from './sign-in-page.ts';

const claimPrefix = 'http://schemes.superoffice.net/identity/';
const vendorClaims = ['ctx', 'associateid', 'is_administrator', 'upn'].map((name) => claimPrefix + name);
const tokenPath = '/login/common/oauth/tokens';

export interface IdentityProviderOptions {
  /** 0 or left out: a free port. */
  readonly port?: number;
  readonly crm: { readonly url: string; readonly controlUrl: string };
  /** Where our pages are: it sends people back there and nowhere else. */
  readonly publicUrl: string;
}

/** Starts it on loopback; the CRM's own address leads to it from then on. */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<RunningServer> {
  const { port = 0, crm, publicUrl } = options;
  const accounts = await crmAccounts(crm.controlUrl);
  let provider: Provider | undefined;
  const server = await listen(port, (request, response) => {
    const isForm = request.url?.startsWith(formPath);
    for (const [name, value] of Object.entries(pageHeaders)) response.setHeader(name, value);
    if (asksForPage(request)) send(response, { status: 200, html: signInPage() });
    else if (!provider) response.destroy();
    else if (isForm) loginForm(provider, accounts, request, response).catch((error) => endOf(error, response));
    else provider.callback()(request, response);
  });
  provider = new Provider(server.url, configuration(accounts, publicUrl));
  provider.use(async (context, next) => {
    await next();
    if (context.path === tokenPath) context.body = await asTheVendor(accounts, crm.url, context.body);
  });
  await accounts.leadHere(server.url);
  return server;
}

/** A form that was left open for long, or is somebody else's. */
function endOf(error: unknown, response: ServerResponse): void {
  if (!(error instanceof errors.OIDCProviderError) || response.headersSent) response.destroy();
  else
    send(response, {
      status: 400,
      html: refusalPage('This sign-in is over, or was begun in another browser: start again.'),
    });
}

function refusalPage(text: string): string {
  return frontPage({ title: 'The sign-in of the demo’s CRM', text, parts: [] });
}

function configuration(crm: CrmAccounts, publicUrl: string): Configuration {
  return {
    adapter: keptInMemory(),
    clients: [
      {
        client_id: crm.credentials.clientId,
        client_secret: crm.credentials.clientSecret,
        redirect_uris: [`${publicUrl}/v1/session/callback`],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    routes: { authorization: '/login/common/oauth/authorize', token: tokenPath, jwks: '/login/.well-known/jwks' },
    jwks: { keys: [{ ...createPrivateKey(crm.signingKeyPem).export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
    cookies: { keys: [randomBytes(24).toString('base64url')] },
    scopes: ['openid'],
    claims: { openid: ['sub', ...vendorClaims] },
    conformIdTokenClaims: false,
    issueRefreshToken: async () => true,
    rotateRefreshToken: false,
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 600,
      IdToken: 360,
      Interaction: 600,
      Session: 600,
      Grant: 86_400,
      RefreshToken: 86_400,
    },
    features: { devInteractions: { enabled: false } },
    interactions: { policy: askingEachTime(), url: (_, { uid }) => `${formPath}${uid}` },
    findAccount: async (_, id) => findAccount(crm, id),
    loadExistingGrant: allowed,
    renderError(context, { error, error_description: words = '' }) {
      context.type = 'html';
      context.body = refusalPage(`The sign-in was refused: ${error}. ${words}`);
    },
  };
}

/** So that two users can sign in one after the other in one browser. */
function askingEachTime() {
  const prompts = interactionPolicy.base();
  const isAsked = (context: KoaContextWithOIDC) => context.oidc.result?.login === undefined;
  const ask = new interactionPolicy.Check('each_time', 'sign in', 'login_required', isAsked);
  prompts.get('login')?.checks.add(ask);
  return prompts;
}

/** The tenant's administrator has approved the application for all. */
async function allowed(context: KoaContextWithOIDC) {
  const { client, session, provider } = context.oidc;
  const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
  grant.addOIDCScope('openid');
  await grant.save();
  return grant;
}

async function findAccount(crm: CrmAccounts, id: string) {
  const { tenant, userId } = accountOf(id);
  const person = (await crm.people()).find((one) => one.id === userId);
  if (!person) return undefined;
  const claims = {
    sub: id,
    [`${claimPrefix}ctx`]: tenant,
    [`${claimPrefix}associateid`]: String(userId),
    [`${claimPrefix}is_administrator`]: person.isAdministrator ? 'True' : 'False',
    [`${claimPrefix}upn`]: `${person.login.toLowerCase()}@crm.example`,
  };
  return { accountId: id, claims: async () => claims };
}

/** The answer of the token call in the vendor's form; the CRM learns whose the access token is. */
async function asTheVendor(crm: CrmAccounts, issuer: string, body: unknown): Promise<unknown> {
  if (typeof body !== 'object' || body === null || !('id_token' in body) || !('access_token' in body)) return body;
  const { at_hash: _hash, ...claims } = decodeJwt(String(body.id_token));
  const { tenant, userId } = accountOf(claims.sub ?? '');
  const accessToken = `8A:${tenant}.${body.access_token}`;
  await crm.noteAccessToken(accessToken, userId, 3600);
  const key = await importPKCS8(crm.signingKeyPem, 'RS256');
  const signed = { ...claims, iss: issuer, nbf: claims.iat };
  const token = await new SignJWT(signed).setProtectedHeader({ typ: 'JWT', alg: 'RS256', x5t: crm.x5t }).sign(key);
  return { ...body, access_token: accessToken, id_token: token };
}
