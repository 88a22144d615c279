import type { MiddlewareObj } from '@middy/core';
import { asSyncError } from '../core/errors.ts';
import type { Telemetry } from '../ports/telemetry.ts';

/**
 * For authorizer and dispatcher, whose failure Lambda itself sees: it prints an error with all its properties, and a
 * SyncError's may hold a vendor's text. The failure is logged as everywhere, and Lambda gets its kind only. Neither has a
 * queue: what handlers share belongs further in, and this folder is the way in for all that the API's chain does not answer.
 */
export function logFailure(telemetry: Telemetry, event: string): MiddlewareObj {
  return {
    onError: (request) => {
      const failure = asSyncError(request.error);
      telemetry.failure(event, failure, { requestId: request.context.awsRequestId });
      request.error = new Error(`${event}: ${failure.kind}`);
    },
  };
}
