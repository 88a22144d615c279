import { Duration } from 'aws-cdk-lib';
import { HttpApi as Api, HttpMethod, HttpNoneAuthorizer, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Stage } from './stages.ts';

/**
 * The functions behind the API and the paths that each answers. `below`: everything below a path too; there a path in
 * full wins over it (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html).
 */
const pathsOf = {
  connections: {
    below: ['/v1/api-keys', '/v1/tenant', '/v1/connectors', '/v1/connections'],
    exact: ['/v1/me', '/v1/connector-types', '/v1/crm/{crmType}/fields'],
  },
  links: { below: ['/v1/links'], exact: ['/v1/connections/{connectionId}/actors/{type}'] },
  sync: { below: ['/v1/sync-runs', '/v1/failures'], exact: ['/v1/changes'] },
} as const;
type ApiFunction = keyof typeof pathsOf;

export interface HttpApiProps {
  readonly stage: Stage;
  readonly functions: Readonly<Record<ApiFunction, IFunction>>;
  readonly authorizer: IFunction;
}

/**
 * The HTTP API. A request without an Authorization header is answered 401 and one that the authorizer refuses 403, both
 * by API Gateway itself. Within a path the function decides, so that its 404 and 405 are problem details too.
 */
export class HttpApi extends Construct {
  readonly api: Api;
  readonly url: string;

  constructor(scope: Construct, id: string, { stage, functions, authorizer }: HttpApiProps) {
    super(scope, id);
    this.api = new Api(this, 'Api', { apiName: `erp-sync-${stage.name}`, createDefaultStage: false });
    const deployed = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: stage.requestsPerSecond, burstLimit: 2 * stage.requestsPerSecond },
    });
    this.url = deployed.url;

    const keyCheck = new HttpLambdaAuthorizer('Authorizer', authorizer, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.Authorization'],
      // A removed key works for so long; noting its last use at most once a minute costs nothing more.
      resultsCacheTtl: Duration.seconds(60),
    });
    const integrationOf = (name: ApiFunction) =>
      // One permission for all paths of a function: one per path would outgrow its resource policy.
      new HttpLambdaIntegration(name, functions[name], { scopePermissionToRoute: false });
    const integrations = {
      connections: integrationOf('connections'),
      links: integrationOf('links'),
      sync: integrationOf('sync'),
    };
    for (const name of ['connections', 'links', 'sync'] as const) {
      const { below, exact } = pathsOf[name];
      for (const path of [...below, ...below.map((start) => `${start}/{rest+}`), ...exact]) {
        this.api.addRoutes({
          path,
          methods: [HttpMethod.ANY],
          integration: integrations[name],
          authorizer: keyCheck,
        });
      }
    }
    this.api.addRoutes({
      path: '/v1/health',
      methods: [HttpMethod.GET],
      integration: integrations.connections,
      authorizer: new HttpNoneAuthorizer(),
    });
  }
}
