import { Duration } from 'aws-cdk-lib';
import { HttpApi as Api, HttpMethod, HttpNoneAuthorizer, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type ApiFunction, apiFunctions, type Operation, registry } from '../functions/http/registry.ts';
import type { Stage } from './stages.ts';

export interface HttpApiProps {
  readonly stage: Stage;
  readonly functions: Readonly<Record<ApiFunction, IFunction>>;
  readonly authorizer: IFunction;
}

interface ApiRoute {
  readonly path: string;
  readonly method: HttpMethod;
  readonly isPublic: boolean;
}

/** A public operation is a route of its own; for all others of a path the function judges the method. */
function routesOf(operations: readonly Operation[]): ApiRoute[] {
  const withoutKey = operations.filter(({ roles }) => roles === 'public');
  const guarded = new Set(operations.filter(({ roles }) => roles !== 'public').map(({ path }) => path));
  return [
    ...withoutKey.map(({ path, method }) => ({ path, method: HttpMethod[method], isPublic: true })),
    ...[...guarded].map((path) => ({ path, method: HttpMethod.ANY, isPublic: false })),
  ];
}

/**
 * The HTTP API; its paths and what is public come from the registry. API Gateway itself answers 401 to a request without
 * an Authorization header, 404 for a path it does not have and 429 above the stage's rate. A refused key is passed on as
 * nobody, and a wrong method of a guarded path as it is: the function answers both with problem details.
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
      for (const { path, method, isPublic } of routesOf(Object.values(registry[name]))) {
        const authorizer = isPublic ? new HttpNoneAuthorizer() : keyCheck;
        this.api.addRoutes({ path, methods: [method], integration, authorizer });
      }
    }
  }
}
