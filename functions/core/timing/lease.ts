/**
 * How long one link is one worker's: its function's timeout and the longest call after it, for a write may still land so
 * long after its function was stopped. A lease that has run out therefore means a dead worker and no call under way.
 * Plain values without imports: the HTTP client and the infrastructure read them too.
 */

/** A call's deadline where none is asked for. */
export const defaultDeadlineMs = 8_000;
/** The longest deadline an adapter may ask for: the HTTP client refuses a longer one. */
export const longestDeadlineMs = 10_000;

/** What all remote calls of one request of the API may take together: API Gateway waits for 30 s. */
export const requestCallsMs = 25_000;

export function leaseSeconds(workerTimeoutSeconds: number): number {
  return workerTimeoutSeconds + Math.ceil(longestDeadlineMs / 1000);
}
