import { asSyncError, type ErrorKind, type SyncError } from '../../core/errors.ts';
import type { HttpAnswer, HttpMiddleware, HttpRequest } from './http-request.ts';

/** What a caller sees of each kind of failure. Those above 499 say nothing of their cause. */
export const answersByKind: Readonly<Record<ErrorKind, { readonly status: number; readonly title: string }>> = {
  invalid: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'Not authenticated' },
  forbidden: { status: 403, title: 'Not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  missing: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Conflict' },
  stale: { status: 409, title: 'Changed meanwhile' },
  precondition: { status: 412, title: 'Changed meanwhile' },
  'too-large': { status: 413, title: 'Too large' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  rejected: { status: 422, title: 'Refused' },
  unauthorised: { status: 422, title: 'The remote system refused the credentials' },
  misconfigured: { status: 422, title: 'The set-up is not complete' },
  'precondition-required': { status: 428, title: 'If-Match is required' },
  defect: { status: 500, title: 'Unexpected failure' },
  'out-of-time': { status: 504, title: 'A system needed for this did not answer in time' },
  throttled: { status: 503, title: 'Too busy' },
  transient: { status: 503, title: 'A system needed for this does not answer' },
  'unknown-outcome': { status: 503, title: 'The outcome is not known' },
};

const retryAfterDefaultMs = 5_000;

/** More faults than anybody mends at a time: the rest is counted. */
const mostFaults = 100;
const longestWords = 1_000;

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly explanation?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** An answer of RFC 9457; `type` is a stable word, `instance` the id of the request. */
export function problemAnswer(
  { event }: HttpRequest,
  problem: Problem,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return {
    statusCode: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify({ ...problem, instance: event.requestContext.requestId }),
  };
}

function detailOf({ kind, message, faults }: SyncError): string {
  if (kind === 'defect') return 'Something went wrong on our side; the request id helps to find out what.';
  const rest = faults.length > mostFaults ? ` (${faults.length} faults: the first ${mostFaults} are listed.)` : '';
  return short(message) + rest;
}

/** Places hold names that the caller chose, and may be long. */
function short(words: string): string {
  return words.length > longestWords ? `${words.slice(0, longestWords)}…` : words;
}

function problemOf(error: SyncError): Problem {
  const { status, title } = answersByKind[error.kind];
  const listed = error.faults
    .slice(0, mostFaults)
    .map(({ path, message }) => ({ path: short(path), message: short(message) }));
  return {
    type: error.kind,
    title,
    status,
    detail: detailOf(error),
    explanation: error.explanation || undefined,
    errors: listed.length > 0 ? listed : undefined,
  };
}

/** Every failure below becomes a problem document. */
export function problemDetails(): HttpMiddleware {
  return {
    onError(handled) {
      const error = asSyncError(handled.error);
      const problem = problemOf(error);
      const waits = problem.status === 503 || error.retryAfterMs !== undefined;
      const seconds = Math.max(1, Math.ceil((error.retryAfterMs ?? retryAfterDefaultMs) / 1000));
      handled.event.failure = error;
      const headers: Record<string, string> = {};
      if (waits) headers['retry-after'] = String(seconds);
      if (problem.status === 401) headers['www-authenticate'] = 'Bearer';
      handled.response = problemAnswer(handled.event, problem, headers);
    },
  };
}
