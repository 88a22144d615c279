import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { lanes } from '../functions/core/timing/lanes.ts';
import { type Alarming, addAlarm } from './add-alarm.ts';
import type { PriorityQueues } from './priority-queues.ts';

/** Goes off where a message was given up, of any lane: nobody else looks there, and it is gone after 14 days. */
export class DeadLetters extends Construct {
  constructor(scope: Construct, id: string, { queues, ...alarming }: Alarming & { readonly queues: PriorityQueues }) {
    super(scope, id);
    for (const lane of lanes) {
      addAlarm(this, lane, {
        ...alarming,
        name: `${lane}-dead`,
        means: 'A message was given up after its last receive.',
        metric: queues.deadLetterQueues[lane].metricApproximateNumberOfMessagesVisible({
          statistic: 'max',
          period: Duration.minutes(5),
        }),
        above: 0,
      });
    }
  }
}
