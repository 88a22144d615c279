import { Duration } from 'aws-cdk-lib';
import type { HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type Alarming, addAlarm } from './add-alarm.ts';
import { metricsNamespace } from './service-function.ts';

/** Within ten minutes. */
const normallyFailed = 20;

export interface FailingRequestsProps extends Alarming {
  readonly deployed: HttpStage;
  readonly accessLog: LogGroup;
}

/**
 * Goes off at any answer 500, which is a defect or a function that died; and at many 5xx. A few 503 and 504 are part of
 * normal work: they say that a customer's system did not answer.
 */
export class FailingRequests extends Construct {
  constructor(scope: Construct, id: string, { deployed, accessLog, ...alarming }: FailingRequestsProps) {
    super(scope, id);
    const defects = new MetricFilter(this, 'Filter', {
      logGroup: accessLog,
      filterPattern: FilterPattern.stringValue('$.status', '=', '500'),
      metricNamespace: metricsNamespace(alarming.stage),
      metricName: 'RequestsFailed',
    });
    addAlarm(this, 'Defects', {
      ...alarming,
      name: 'api-defects',
      means: 'A request was answered with 500.',
      metric: defects.metric({ statistic: 'sum', period: Duration.minutes(5) }),
      above: 0,
    });
    addAlarm(this, 'Many', {
      ...alarming,
      name: 'api-failing',
      means: `Over ${normallyFailed} requests within ten minutes were answered with 5xx.`,
      metric: deployed.metricServerError({ period: Duration.minutes(10) }),
      above: normallyFailed,
    });
  }
}
