import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type Alarming, addAlarm } from './add-alarm.ts';
import type { Schedules } from './schedules.ts';

/** A lost call is made up for by the next one. */
const tolerated = 2;
/** Schedules call every hour at least: within so many, three lost calls are seen where there is only one connection. */
const hours = 3;

export interface LostCallsProps extends Alarming {
  readonly schedules: Schedules;
  readonly dispatcher: LambdaFunction;
}

/**
 * Goes off where calls of schedules do not come to an end: given up by the scheduler, which could not call, or by Lambda,
 * where the dispatcher died each time or found no place. A connection that is never called tells no lateness.
 */
export class LostCalls extends Construct {
  constructor(scope: Construct, id: string, { schedules, dispatcher, ...alarming }: LostCallsProps) {
    super(scope, id);
    const period = Duration.hours(hours);
    addAlarm(this, 'Undelivered', {
      ...alarming,
      name: 'calls-undelivered',
      means: `The scheduler gave up calls, over twice within ${hours} hours: it could not hand them to Lambda.`,
      metric: schedules.group.metricDropped({ period }),
      above: tolerated,
    });
    addAlarm(this, 'Dropped', {
      ...alarming,
      name: 'calls-dropped',
      means: `Lambda gave up calls of the dispatcher, over twice within ${hours} hours.`,
      metric: dispatcher.metric('AsyncEventsDropped', { statistic: 'sum', period }),
      above: tolerated,
    });
  }
}
