import { decodeProtectedHeader } from 'jose';
import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import { parseJson } from './api-error.ts';
import { signedContent } from './signed-content.ts';

/**
 * Checks of a system-user token (spec 2.4, 2.5): RS256 and nothing else, the issuer and the audience we expect and never
 * what the token says of itself, its time, and that it is this tenant's. The claims are ours to check: the vendor writes
 * some times as text, which jose's `jwtVerify` refuses. Attacked by
 * `test/adapters/crm/superoffice/session/verify-token.test.ts`.
 */
export const claimPrefix = 'http://schemes.superoffice.net/identity/';
const issuer = 'SuperOffice AS';
export const leewayMs = 60_000;

/** The vendor writes some times as text. */
export const Seconds = z.coerce.number();
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
export const SigningKey = z.object({
  kid: z.string().optional(),
  x5t: z.string().optional(),
  kty: z.string(),
  n: z.string().optional(),
  e: z.string().optional(),
});
export type SigningKey = z.infer<typeof SigningKey>;

export interface Expected {
  readonly clientId: string;
  readonly crmContext: string;
  readonly nowMs: number;
}

const refuse = (reason: string) => new SyncError('misconfigured', `The CRM's sign-in token is refused: ${reason}.`);

/** Id of the key that signed it, as the token says. */
export function keyIdOf(token: string): string | undefined {
  try {
    const { kid, x5t } = decodeProtectedHeader(token);
    return kid ?? x5t;
  } catch {
    return undefined;
  }
}

export function findKey(keys: readonly SigningKey[], keyId: string | undefined): SigningKey | undefined {
  return keyId === undefined ? undefined : keys.find((key) => key.kid === keyId || key.x5t === keyId);
}

/** The ticket in a token that passes every check; SyncError `misconfigured` otherwise. */
export async function ticketIn(token: string, key: SigningKey, expected: Expected): Promise<string> {
  const claims = Claims.safeParse(parseJson(await signedContent(token, key, refuse)));
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
