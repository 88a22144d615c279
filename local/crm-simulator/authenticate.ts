import { createPublicKey, createSign, createVerify } from 'node:crypto';
import { associateLogin, systemUserId } from './associates.ts';
import { keyThumbprint, tokenAudience } from './credentials.ts';
import type { Crm } from './crm.ts';
import { isJsonObject, type Json, type JsonObject, memberOf, textOf } from './json.ts';
import { tenantRoot } from './tenant-state.ts';
import { issueTicket } from './tickets.ts';

const allowedSkewMs = 10 * 60_000;
const tokenLifetimeSeconds = 300;
const claimPrefix = 'http://schemes.superoffice.net/identity/';

/** The system user's login (spec 2.4). A refusal is an answer with `IsSuccessful` false, under status 200. */
export function authenticate(crm: Crm, origin: string, body: Json): JsonObject {
  const request = isJsonObject(body) ? body : {};
  const refusal = refusalOf(crm, request);
  if (refusal !== undefined) return { IsSuccessful: false, Token: null, ErrorMessage: refusal };
  return { IsSuccessful: true, Token: issueToken(crm, origin), ErrorMessage: null };
}

function refusalOf(crm: Crm, request: JsonObject): string | undefined {
  const field = (name: string) => textOf(memberOf(request, name));
  if (field('ApplicationToken') !== crm.credentials.clientSecret) return 'Invalid application token.';
  if (field('ContextIdentifier').toLowerCase() !== crm.tenant.toLowerCase()) return 'Unknown context identifier.';
  if (!['', 'jwt'].includes(field('ReturnTokenType').toLowerCase())) return 'Unsupported token type.';
  const signed = field('SignedSystemToken');
  const data = signed.slice(0, Math.max(signed.lastIndexOf('.'), 0));
  const signature = signed.slice(data.length + 1);
  const token = data.slice(0, Math.max(data.lastIndexOf('.'), 0));
  if (token !== crm.credentials.systemToken) return 'Unknown system token.';
  const stampMs = parseStamp(data.slice(token.length + 1));
  if (stampMs === undefined || Math.abs(crm.nowMs() - stampMs) > allowedSkewMs) return 'Invalid timestamp.';
  const verifier = createVerify('RSA-SHA256').update(data, 'utf8');
  return verifier.verify(createPublicKey(crm.credentials.privateKeyPem), signature, 'base64')
    ? undefined
    : 'Invalid signature.';
}

/** `yyyyMMddHHmm`, UTC. */
function parseStamp(text: string): number | undefined {
  const [, year, month, day, hour, minute] = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text) ?? [];
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** A short-lived JWT whose ticket is the credential; its header names the key by `x5t` (spec 2.5). */
function issueToken(crm: Crm, origin: string): string {
  const nowSeconds = Math.floor(crm.nowMs() / 1000);
  const header = { typ: 'JWT', alg: 'RS256', x5t: keyThumbprint(crm.credentials.signingKeyPem) };
  const claims = {
    sub: associateLogin(systemUserId),
    iss: 'SuperOffice AS',
    aud: tokenAudience(crm.credentials),
    nbf: nowSeconds,
    iat: nowSeconds,
    exp: nowSeconds + tokenLifetimeSeconds,
    [`${claimPrefix}ctx`]: crm.tenant,
    [`${claimPrefix}associateid`]: `${systemUserId}`,
    [`${claimPrefix}webapi_url`]: `${tenantRoot(crm, origin)}/api/`,
    [`${claimPrefix}ticket`]: issueTicket(crm.tickets, crm.nowMs()),
  };
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const data = `${encode(header)}.${encode(claims)}`;
  return `${data}.${createSign('RSA-SHA256').update(data).sign(crm.credentials.signingKeyPem, 'base64url')}`;
}

/** `GET /login/.well-known/jwks`: the `kid` is the thumbprint that tokens carry as `x5t`. */
export function jwks(crm: Crm): Json {
  const { kty, n, e } = createPublicKey(crm.credentials.signingKeyPem).export({ format: 'jwk' });
  const thumbprint = keyThumbprint(crm.credentials.signingKeyPem);
  return {
    keys: [{ kty: kty ?? 'RSA', use: 'sig', alg: 'RS256', kid: thumbprint, x5t: thumbprint, n: n ?? '', e: e ?? '' }],
  };
}
