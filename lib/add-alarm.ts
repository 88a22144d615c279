import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Stage } from './stages.ts';

/** What every alarm needs. */
export interface Alarming {
  readonly stage: Stage;
  readonly topic: ITopic;
}

export interface AlarmProps extends Alarming {
  /** After `erp-sync-{stage}-`; what is to be done stands at this name in docs/deploy.md. */
  readonly name: string;
  /** A sentence. */
  readonly means: string;
  readonly metric: IMetric;
  /** Goes off above it. */
  readonly above: number;
  /** So many periods of the metric in a row; one by default. */
  readonly periods?: number;
}

/** Tells operators by the topic. What is not used tells nothing: no data is no alarm. */
export function addAlarm(
  scope: Construct,
  id: string,
  { stage, topic, name, means, metric, above, periods = 1 }: AlarmProps,
): void {
  const alarm = new Alarm(scope, id, {
    alarmName: `erp-sync-${stage.name}-${name}`,
    alarmDescription: `${means} See "Alarms" in docs/deploy.md.`,
    metric,
    threshold: above,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: periods,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(topic));
}
