import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import type { HttpAnswer } from '../../../../ports/http.ts';
import { retryAfterMs } from '../../../http/retry-after.ts';

/** Error body of the REST API (spec 3.1). */
const ErrorBody = z.object({ ErrorType: z.string().nullish(), ErrorMessage: z.string().nullish() });

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The vendor's own words in an answer, if it has any. */
export function explanationOf(answer: HttpAnswer): string | undefined {
  const body = ErrorBody.safeParse(parseJson(answer.text));
  return body.success ? (body.data.ErrorMessage ?? undefined) : undefined;
}

/** A page for people: of something in front of the CRM, or of its web server. It says nothing of records or users. */
export function isPage({ text }: HttpAnswer): boolean {
  return text.trimStart().startsWith('<');
}

export function isNotFound(answer: HttpAnswer): boolean {
  const body = ErrorBody.safeParse(parseJson(answer.text));
  if (body.success && body.data.ErrorType === 'SoNotFoundException') return true;
  return answer.status === 404 && !isPage(answer);
}

/** An answer that is no success, as an error. `ids` say which call it was. */
export function apiError(answer: HttpAnswer, call: string, nowMs: number): SyncError {
  const details = { explanation: explanationOf(answer), retryAfterMs: retryAfterMs(answer.headers, nowMs) };
  const message = `The CRM answered ${answer.status} to ${call}.`;
  if (isNotFound(answer)) return new SyncError('missing', message, details);
  if (isPage(answer) && ![409, 412, 429].includes(answer.status)) return new SyncError('transient', message, details);
  if (answer.status === 401 || answer.status === 403) return new SyncError('unauthorised', message, details);
  if (answer.status === 429) return new SyncError('throttled', message, details);
  if (answer.status === 409 || answer.status === 412) return new SyncError('stale', message, details);
  if (answer.status >= 500 || answer.status === 421 || answer.status === 408)
    return new SyncError('transient', message, details);
  if (answer.status >= 300 && answer.status < 400) return new SyncError('transient', message, details);
  return new SyncError('misconfigured', message, details);
}
