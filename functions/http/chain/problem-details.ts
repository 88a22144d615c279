import { asSyncError, type ErrorKind, type SyncError } from '../../core/errors.ts';
import type { HttpAnswer, HttpMiddleware, HttpRequest } from './http-request.ts';

/** What a caller sees of each kind of failure. Those above 499 say nothing of their cause. */
const answers: Readonly<Record<ErrorKind, { readonly status: number; readonly title: string }>> = {
  invalid: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'Not authenticated' },
  forbidden: { status: 403, title: 'Not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  missing: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Conflict' },
  stale: { status: 409, title: 'Changed meanwhile' },
  precondition: { status: 412, title: 'Changed meanwhile' },
  'too-large': { status: 413, title: 'Too large' },
  rejected: { status: 422, title: 'Refused' },
  unauthorised: { status: 422, title: 'The remote system refused the credentials' },
  misconfigured: { status: 422, title: 'The set-up is not complete' },
  'precondition-required': { status: 428, title: 'If-Match is required' },
  defect: { status: 500, title: 'Unexpected failure' },
  throttled: { status: 503, title: 'Too busy' },
  transient: { status: 503, title: 'A system needed for this does not answer' },
  'unknown-outcome': { status: 503, title: 'The outcome is not known' },
};

const retryAfterDefaultMs = 5_000;

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

function problemOf(error: SyncError): Problem {
  const { status, title } = answers[error.kind];
  return {
    type: error.kind,
    title,
    status,
    detail:
      error.kind === 'defect'
        ? 'Something went wrong on our side; the request id helps to find out what.'
        : error.message,
    explanation: error.explanation || undefined,
    errors: error.faults.length > 0 ? error.faults : undefined,
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
