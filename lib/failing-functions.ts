import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type Alarming, addAlarm } from './add-alarm.ts';

/** A function that dies once is tried again, and is not told. */
const tolerated = 2;
const periods = 3;

export interface FailingFunctionsProps extends Alarming {
  /** Those that others than API Gateway call; the failures of the rest are its answers 500. */
  readonly unseen: readonly LambdaFunction[];
  readonly worker: LambdaFunction;
}

/**
 * Goes off where functions die (a crash, time or memory that ran out), or where AWS has no place to run the worker. A
 * message that failed is no error of the worker's function: it comes back, and ends as a dead letter.
 */
export class FailingFunctions extends Construct {
  constructor(scope: Construct, id: string, { unseen, worker, ...alarming }: FailingFunctionsProps) {
    super(scope, id);
    const period = Duration.minutes(15);
    const errors = unseen.map((one, place) => [`errors${place}`, one.metricErrors({ period })] as const);
    addAlarm(this, 'Errors', {
      ...alarming,
      name: 'functions-failing',
      means: 'Functions ended without an answer.',
      metric: new MathExpression({
        // A function that was not called has no number.
        expression: errors.map(([name]) => `FILL(${name}, 0)`).join(' + '),
        usingMetrics: Object.fromEntries(errors),
        period,
        label: 'errors',
      }),
      above: tolerated,
    });
    // The lanes hand out no more than the worker has places for: who throttles it is the limit of the account.
    addAlarm(this, 'Throttles', {
      ...alarming,
      name: 'worker-throttled',
      means: 'The account has had no place for the worker for a quarter of an hour.',
      metric: worker.metricThrottles({ period: Duration.minutes(5) }),
      above: 0,
      periods,
    });
  }
}
