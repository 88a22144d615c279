import { SyncError } from '../../../../core/errors.ts';
import { awsErrorName, awsFailure } from '../../aws-failure.ts';

/**
 * What DynamoDB calls too much, under names of its own. The SDK has made its retries before any of these arrives here.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const throttledNames = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'LimitExceededException',
]);

const retryAfterMs = 1_000;

export function dynamoDbError(cause: unknown): SyncError {
  const name = awsErrorName(cause);
  return throttledNames.has(name) ? dynamoDbThrottled(name, cause) : awsFailure('A DynamoDB call', cause);
}

export function dynamoDbThrottled(name: string, cause?: unknown): SyncError {
  return new SyncError('throttled', `A DynamoDB call failed (${name}).`, { cause, retryAfterMs });
}
