import { type ErrorKind, SyncError } from '../../core/errors.ts';

/** What the SDK's errors have in common (`ServiceException` of @smithy/types); other errors have none of it. */
interface AwsError {
  readonly name?: string;
  readonly $fault?: 'client' | 'server';
  readonly $retryable?: { readonly throttling?: boolean };
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** The error's own name, e.g. `ResourceNotFoundException`: what tells AWS errors apart. */
export function awsErrorName(error: unknown): string {
  return error instanceof Error && /^[A-Za-z.]{1,80}$/.test(error.name) ? error.name : 'UnknownError';
}

function kindOf(error: AwsError): ErrorKind {
  const status = error.$metadata?.httpStatusCode;
  if (error.$retryable?.throttling || status === 429 || /Throttl|TooManyRequests/.test(error.name ?? '')) {
    return 'throttled';
  }
  // Without a fault no service answered: no connection, or the time was up.
  return error.$fault === undefined || error.$fault === 'server' ? 'transient' : 'defect';
}

/** An AWS call failed after the SDK's own retries. Its text may hold request data and is kept as the cause only. */
export function awsFailure(call: string, error: unknown): SyncError {
  if (error instanceof SyncError) return error;
  const kind = error instanceof Error ? kindOf(error) : 'defect';
  return new SyncError(kind, `${call} failed (${awsErrorName(error)}).`, { cause: error });
}
