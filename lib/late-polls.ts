import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { metricsNamespace } from './service-function.ts';
import type { Stage } from './stages.ts';

const lateSeconds = 600;

/** Goes off when one poll in twenty comes over ten minutes late: the workers or a system do not keep up. */
export class LatePolls extends Construct {
  constructor(scope: Construct, id: string, { stage, topic }: { stage: Stage; topic: ITopic }) {
    super(scope, id);
    const alarm = new Alarm(this, 'Alarm', {
      alarmName: `erp-sync-${stage.name}-late-polls`,
      alarmDescription:
        'Polls come over ten minutes late (seconds, p95). See "Logs and metrics" in docs/architecture.md.',
      metric: new Metric({
        namespace: metricsNamespace(stage),
        metricName: 'PollLateness',
        dimensionsMap: { service: 'dispatcher' },
        statistic: 'p95',
        period: Duration.minutes(10),
      }),
      threshold: lateSeconds,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      // Where no connection is active there are no polls.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
  }
}
