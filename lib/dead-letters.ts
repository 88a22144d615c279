import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { lanes } from '../functions/core/timing/lanes.ts';
import type { PriorityQueues } from './priority-queues.ts';
import type { Stage } from './stages.ts';

/** Goes off where a message was given up, of any lane: nobody else looks there, and it is gone after 14 days. */
export class DeadLetters extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { stage, queues, topic }: { stage: Stage; queues: PriorityQueues; topic: ITopic },
  ) {
    super(scope, id);
    for (const lane of lanes) {
      const alarm = new Alarm(this, lane, {
        alarmName: `erp-sync-${stage.name}-${lane}-dead`,
        alarmDescription:
          'A message was given up after its last receive. See "Logs and metrics" in docs/architecture.md.',
        metric: queues.deadLetterQueues[lane].metricApproximateNumberOfMessagesVisible({
          statistic: 'max',
          period: Duration.minutes(5),
        }),
        threshold: 0,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        // A queue that nobody uses for long tells nothing.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(new SnsAction(topic));
    }
  }
}
