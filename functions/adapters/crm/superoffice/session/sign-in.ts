import { type KeyObject, sign } from 'node:crypto';
import * as z from 'zod';
import { asSyncError, SyncError } from '../../../../core/errors.ts';
import type { HttpAnswer, HttpRequest } from '../../../../ports/http.ts';
import { httpDateMs } from '../../../http/retry-after.ts';
import type { SuperOfficeParts } from '../settings.ts';
import { apiError, isPage, parseJson } from './api-error.ts';
import { rsaPrivateKey } from './private-key.ts';
import { signingKeys } from './signing-keys.ts';
import { keyIdOf, leewayMs, type SigningKey, ticketIn } from './verify-token.ts';

const SignInAnswer = z.object({
  IsSuccessful: z.boolean(),
  Token: z.string().nullish(),
  ErrorMessage: z.string().nullish(),
});

/** `yyyyMMddHHmm` in UTC: part of what is signed, so the clock must be right. */
function minuteStamp(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 16).replaceAll(/\D/g, '');
}

function signedSystemToken(systemToken: string, privateKey: KeyObject, nowMs: number): string {
  const content = `${systemToken}.${minuteStamp(nowMs)}`;
  return `${content}.${sign('RSA-SHA256', Buffer.from(content), privateKey).toString('base64')}`;
}

/**
 * A system-user sign-in (spec 2.4): answers the ticket that later calls carry. The token is checked at once, for it lives
 * for minutes only. `send` counts the call; the vendor's keys are kept between sign-ins and read again for an unknown one.
 */
export function systemUserSignIn(
  { runtime, settings, secrets }: SuperOfficeParts,
  send: (request: HttpRequest) => Promise<HttpAnswer>,
): () => Promise<string> {
  const keys = signingKeys({ runtime, settings }, send);

  async function keyFor(token: string): Promise<SigningKey> {
    const keyId = keyIdOf(token);
    const found = await keys.find(keyId);
    if (found) return found;
    if (keyId === undefined) throw new SyncError('misconfigured', "The CRM's sign-in token names no signing key.");
    // Its key set is read anew by the next sign-in: keys are published a little late at times.
    throw new SyncError('transient', 'The CRM has not published the signing key of its token yet.');
  }

  return async () => {
    const answer = await send({
      method: 'POST',
      url: `${settings.address}/Login/api/PartnerSystemUser/Authenticate`,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({
        SignedSystemToken: signedSystemToken(secrets.systemToken, rsaPrivateKey(secrets.privateKey), runtime.nowMs()),
        ApplicationToken: secrets.clientSecret,
        ContextIdentifier: settings.crmContext,
        ReturnTokenType: 'JWT',
      }),
    });
    const apartMs = clocksApartMs(answer, runtime.nowMs());
    if (answer.status === 400 && !isPage(answer)) throw refused(answer.text, apartMs);
    if (answer.status !== 200) throw apiError(answer, 'the sign-in', runtime.nowMs());
    const signIn = SignInAnswer.safeParse(parseJson(answer.text));
    if (!signIn.success) throw new SyncError('transient', "The CRM's sign-in answer cannot be read.");
    const { IsSuccessful, Token } = signIn.data;
    if (!IsSuccessful) throw refused(answer.text, apartMs);
    if (!Token) throw new SyncError('transient', "The CRM's sign-in answer holds no token.");
    const key = await keyFor(Token);
    const { clientId, crmContext } = settings;
    const nowMs = runtime.nowMs();
    try {
      return await ticketIn(Token, key, { clientId, crmContext, nowMs });
    } catch (error) {
      if (apartMs <= leewayMs) throw error;
      // Only the clocks are at fault if it is good by the CRM's own.
      await ticketIn(Token, key, { clientId, crmContext, nowMs: httpDateMs(answer.headers.date) ?? nowMs });
      throw clocksApart(apartMs, asSyncError(error));
    }
  };
}

/** The present is part of what is signed and of the token's claims: 0 where the CRM does not tell its time. */
function clocksApartMs({ headers }: HttpAnswer, nowMs: number): number {
  return Math.abs((httpDateMs(headers.date) ?? nowMs) - nowMs);
}

/** It is over once the clock is put right, so it takes nobody's sign-in away. */
function clocksApart(apartMs: number, cause?: SyncError): SyncError {
  return new SyncError('transient', 'The clock of the CRM is not right.', {
    explanation: `The clock of the CRM and ours are ${Math.round(apartMs / 60_000)} minutes apart: nobody can sign in until it is put right.`,
    cause,
  });
}

/** Also with status 200: then `IsSuccessful` is false. Where the clocks are apart it says nothing of the secrets. */
function refused(text: string, apartMs: number): SyncError {
  const body = z.object({ ErrorMessage: z.string().nullish() }).safeParse(parseJson(text));
  const error = new SyncError('unauthorised', "The CRM refuses the application's sign-in.", {
    explanation: body.success ? (body.data.ErrorMessage ?? undefined) : undefined,
  });
  return apartMs > leewayMs ? clocksApart(apartMs, error) : error;
}
