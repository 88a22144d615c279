import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { z } from 'zod';
import { SyncError } from '../../../../core/errors.ts';

/**
 * Checks of a system-user token (spec 2.4, 2.5): RS256 and nothing else, the issuer and the audience we expect and never
 * what the token says of itself, its time, and that it is this tenant's. Attacked by `verify-token.test.ts`.
 */
const claimPrefix = 'http://schemes.superoffice.net/identity/';
const issuer = 'SuperOffice AS';
const leewayMs = 60_000;

const Header = z.object({ alg: z.string(), kid: z.string().optional(), x5t: z.string().optional() });
const Seconds = z.coerce.number();
const Claims = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: Seconds,
  nbf: Seconds.optional(),
  [`${claimPrefix}ctx`]: z.string().optional(),
  [`${claimPrefix}serial`]: z.string().optional(),
  [`${claimPrefix}ticket`]: z.string().optional(),
});

/** A key of the vendor's JWKS: `kid` is the thumbprint that tokens carry as `x5t`. */
export const SigningKey = z.looseObject({ kid: z.string().optional(), x5t: z.string().optional(), kty: z.string() });
export type SigningKey = z.infer<typeof SigningKey>;

export interface Expected {
  readonly clientId: string;
  readonly crmContext: string;
  readonly nowMs: number;
}

const refuse = (reason: string) => new SyncError('misconfigured', `The CRM's sign-in token is refused: ${reason}.`);

function decode(part: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Id of the key that signed it, as the token says. */
export function keyIdOf(token: string): string | undefined {
  const header = Header.safeParse(decode(token.split('.')[0]));
  return header.success ? (header.data.kid ?? header.data.x5t) : undefined;
}

export function findKey(keys: readonly SigningKey[], keyId: string | undefined): SigningKey | undefined {
  return keyId === undefined ? undefined : keys.find((key) => key.kid === keyId || key.x5t === keyId);
}

/** The ticket in a token that passes every check; SyncError `misconfigured` otherwise. */
export function ticketIn(token: string, key: SigningKey, expected: Expected): string {
  const [head, body, signature, ...rest] = token.split('.');
  const header = Header.safeParse(decode(head));
  if (!header.success || rest.length > 0 || signature === undefined) throw refuse('not a token');
  if (header.data.alg !== 'RS256' || key.kty !== 'RSA') throw refuse('algorithm');
  if (!isSigned(`${head}.${body}`, signature, key)) throw refuse('signature');
  const claims = Claims.safeParse(decode(body));
  if (!claims.success) throw refuse('claims');
  const { iss, aud, exp, nbf } = claims.data;
  if (iss !== issuer) throw refuse('issuer');
  // The vendor's pages disagree on whether the audience is the application's id or the tenant's serial number.
  const audiences = [`spn:${expected.clientId}`, `spn:${claims.data[`${claimPrefix}serial`] ?? expected.clientId}`];
  if (![aud].flat().some((one) => audiences.includes(one))) throw refuse('audience');
  if (claims.data[`${claimPrefix}ctx`] !== expected.crmContext) throw refuse('tenant');
  if (exp * 1000 + leewayMs < expected.nowMs) throw refuse('expired');
  if (nbf !== undefined && nbf * 1000 - leewayMs > expected.nowMs) throw refuse('not valid yet');
  const ticket = claims.data[`${claimPrefix}ticket`];
  if (!ticket) throw refuse('no ticket');
  return ticket;
}

function isSigned(content: string, signature: string, key: SigningKey): boolean {
  try {
    const publicKey = createPublicKey({ key: key as JsonWebKey, format: 'jwk' });
    return verify('RSA-SHA256', Buffer.from(content), publicKey, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}
