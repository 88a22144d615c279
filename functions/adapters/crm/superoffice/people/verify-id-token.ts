/**
 * Checks of an id_token (spec 2.3, 2.5). Always true: what passes is RS256 by a key that the tenant's own address
 * publishes, with the issuer, audience and context of the tenant's settings: nothing that a token says of itself chooses
 * what it is checked by. Clocks may be a minute apart. Attacked by
 * test/features/sessions/withstands.test.ts.
 */
import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import { parseJson } from '../session/api-error.ts';
import { signedContent } from '../session/signed-content.ts';
import { claimPrefix, leewayMs, Seconds, type SigningKey } from '../session/verify-token.ts';
import type { SuperOfficeSettings } from '../settings.ts';

const Claims = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: Seconds,
  nbf: Seconds.optional(),
  iat: Seconds.optional(),
  nonce: z.string().optional(),
  [`${claimPrefix}ctx`]: z.string(),
  [`${claimPrefix}associateid`]: z.coerce.string(),
  [`${claimPrefix}is_administrator`]: z.union([z.string(), z.boolean()]).optional(),
});

/** Of a token that passed. */
export interface IdToken {
  readonly userId: string;
  readonly isAdministrator: boolean;
  readonly nonce: string | undefined;
  readonly name: string | undefined;
}

const Names = z.object({ name: z.string().optional(), [`${claimPrefix}upn`]: z.string().optional() });

export function refusedToken(reason: string): SyncError {
  return new SyncError('unauthorised', `The id_token is refused: ${reason}.`);
}

/** SyncError `unauthorised` says which check failed. */
export async function verifyIdToken(
  token: string,
  key: SigningKey,
  { address, clientId, crmContext }: SuperOfficeSettings,
  nowMs: number,
): Promise<IdToken> {
  const content = parseJson(await signedContent(token, key, refusedToken));
  const parsed = Claims.safeParse(content);
  if (!parsed.success) throw refusedToken('claims');
  const { iss, aud, exp, nbf, iat, nonce } = parsed.data;
  if (iss !== address) throw refusedToken('issuer');
  const audiences = [aud].flat();
  if (audiences.length !== 1 || audiences[0] !== clientId) throw refusedToken('audience');
  if (parsed.data[`${claimPrefix}ctx`] !== crmContext) throw refusedToken('tenant');
  if (exp * 1000 + leewayMs <= nowMs) throw refusedToken('expired');
  if (Math.max(nbf ?? 0, iat ?? 0) * 1000 - leewayMs > nowMs) throw refusedToken('not valid yet');
  const names = Names.safeParse(content).data;
  return {
    userId: String(parsed.data[`${claimPrefix}associateid`]),
    isAdministrator: String(parsed.data[`${claimPrefix}is_administrator`] ?? '').toLowerCase() === 'true',
    nonce,
    name: names?.name ?? names?.[`${claimPrefix}upn`],
  };
}
