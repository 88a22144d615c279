import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type Alarming, addAlarm } from './add-alarm.ts';
import type { Schedules } from './schedules.ts';

/** A lost call is made up for by the next one. */
const tolerated = 2;

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
    const period = Duration.hours(1);
    addAlarm(this, 'Alarm', {
      ...alarming,
      name: 'lost-calls',
      means: 'Calls of schedules were given up.',
      metric: new MathExpression({
        expression: 'FILL(undelivered, 0) + FILL(dropped, 0)',
        usingMetrics: {
          undelivered: schedules.group.metricDropped({ period }),
          dropped: dispatcher.metric('AsyncEventsDropped', { statistic: 'sum', period }),
        },
        period,
        label: 'calls',
      }),
      above: tolerated,
    });
  }
}
