import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type Alarming, addAlarm } from './add-alarm.ts';
import type { ServiceFunction } from './service-function.ts';

/** Those that others than API Gateway call; the failures of the rest are its answers 500. */
const unseen = ['session', 'dispatcher', 'worker'] as const;

/** One that fails now and then is tried again, and not told. */
const tolerated = 2;

export interface FailingFunctionsProps extends Alarming {
  readonly functions: Readonly<Record<(typeof unseen)[number], ServiceFunction['lambda']>>;
}

/**
 * Goes off where functions fail (a crash, time or memory that ran out; of the dispatcher any call that came to no end), or
 * where AWS has no place to run the worker. A message that failed is no error of the worker's function: it comes back, and
 * ends as a dead letter.
 */
export class FailingFunctions extends Construct {
  constructor(scope: Construct, id: string, { functions, ...alarming }: FailingFunctionsProps) {
    super(scope, id);
    for (const name of unseen) {
      addAlarm(this, name, {
        ...alarming,
        name: `${name}-failing`,
        means: `The function ${name} failed, over twice within a quarter of an hour.`,
        metric: functions[name].metricErrors({ period: Duration.minutes(15) }),
        above: tolerated,
      });
    }
    // The lanes hand out no more than the worker has places for: who throttles it is the limit of the account.
    addAlarm(this, 'Throttled', {
      ...alarming,
      name: 'worker-throttled',
      means: 'AWS has had no place for the worker for a quarter of an hour.',
      metric: functions.worker.metricThrottles({ period: Duration.minutes(5) }),
      above: 0,
      periods: 3,
    });
  }
}
