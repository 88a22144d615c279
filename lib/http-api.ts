import { Duration } from 'aws-cdk-lib';
import { HttpApi as Api, HttpMethod, HttpNoneAuthorizer, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type ApiFunction, apiFunctions, apiPaths, publicPaths } from './api-paths.ts';
import type { Stage } from './stages.ts';

export interface HttpApiProps {
  readonly stage: Stage;
  readonly functions: Readonly<Record<ApiFunction, IFunction>>;
  readonly authorizer: IFunction;
}

/**
 * The HTTP API. API Gateway itself answers 401 to a request without an Authorization header, 403 to one that the
 * authorizer refuses and 404 for a path it does not have; the methods of a path are the function's to judge.
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
    for (const name of apiFunctions) {
      // One permission for all paths of a function: one per path would outgrow its resource policy.
      const integration = new HttpLambdaIntegration(name, functions[name], { scopePermissionToRoute: false });
      for (const path of apiPaths[name]) {
        const isPublic = publicPaths.includes(path);
        this.api.addRoutes({
          path,
          methods: [isPublic ? HttpMethod.GET : HttpMethod.ANY],
          integration,
          authorizer: isPublic ? new HttpNoneAuthorizer() : keyCheck,
        });
      }
    }
  }
}
