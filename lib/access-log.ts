import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { type IAccessLogSettings, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Stage } from './stages.ts';

/**
 * A line holds what API Gateway itself did: the route as it is declared, times, its own errors, and the tenant's id of the
 * authorizer's verdict. Never the path, the query, a header or an address: they hold ids of records, secrets and people.
 * All are texts: what is absent is a dash. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const line = {
  requestId: '$context.requestId',
  tenantId: '$context.authorizer.tenantid',
  route: '$context.routeKey',
  method: '$context.httpMethod',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  bytes: '$context.responseLength',
  integrationStatus: '$context.integrationStatus',
  integrationLatencyMs: '$context.integrationLatency',
  integrationError: '$context.integrationErrorMessage',
  authorizerError: '$context.authorizer.error',
  refusal: '$context.error.responseType',
};

/** One line of JSON for every request, those too that no function hears of; kept as long as what functions log. */
export class AccessLog extends Construct {
  readonly logGroup: LogGroup;
  readonly settings: IAccessLogSettings;

  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', {
      // AWS lets API Gateway write by one policy of the account, which names under this prefix cannot outgrow.
      logGroupName: `/aws/vendedlogs/erp-sync-${stage.name}-access`,
      retention: stage.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.settings = {
      destination: new LogGroupLogDestination(this.logGroup),
      format: AccessLogFormat.custom(JSON.stringify(line)),
    };
  }
}
