import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type Alarming, addAlarm } from './add-alarm.ts';
import { metricsNamespace } from './service-function.ts';

const lateSeconds = 600;

/** Goes off when one poll in twenty comes over ten minutes late: the workers or a system do not keep up. */
export class LatePolls extends Construct {
  constructor(scope: Construct, id: string, alarming: Alarming) {
    super(scope, id);
    addAlarm(this, 'Alarm', {
      ...alarming,
      name: 'late-polls',
      means: 'Polls come over ten minutes late (seconds, p95).',
      metric: new Metric({
        namespace: metricsNamespace(alarming.stage),
        metricName: 'PollLateness',
        dimensionsMap: { service: 'dispatcher' },
        statistic: 'p95',
        period: Duration.minutes(10),
      }),
      above: lateSeconds,
    });
  }
}
