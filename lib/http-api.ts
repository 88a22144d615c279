import { Duration } from 'aws-cdk-lib';
import {
  HttpApi as Api,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { verdictKeptSeconds } from '../functions/core/timing/session.ts';
import { type ApiFunction, apiFunctions, type Operation, registry } from '../functions/http/registry.ts';
import { AccessLog } from './access-log.ts';
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

/** The function judges the method. Where only some operations of a path are public, they are routes of their own. */
function routesOf(operations: readonly Operation[]): ApiRoute[] {
  const guarded = new Set(operations.filter(({ roles }) => roles !== 'public').map(({ path }) => path));
  const withoutKey = operations.filter(({ roles }) => roles === 'public');
  const whole = new Set(withoutKey.map(({ path }) => path).filter((path) => !guarded.has(path)));
  return [
    ...[...whole].map((path) => ({ path, method: HttpMethod.ANY, isPublic: true })),
    ...withoutKey
      .filter(({ path }) => guarded.has(path))
      .map(({ path, method }) => ({ path, method: HttpMethod[method], isPublic: true })),
    ...[...guarded].map((path) => ({ path, method: HttpMethod.ANY, isPublic: false })),
  ];
}

/** Answers for paths that no function has. */
const functionForUnknownPaths: ApiFunction = 'connections';

/**
 * The HTTP API; its paths and what is public come from the registry. API Gateway itself answers 401 to a request without
 * an Authorization header and 429 above the stage's rate. A refused key is passed on as nobody, a wrong method and an unknown
 * path as they are: a function answers them with problem details.
 */
export class HttpApi extends Construct {
  readonly api: Api;
  readonly deployed: HttpStage;
  readonly accessLog: AccessLog;

  constructor(scope: Construct, id: string, { stage, functions, authorizer }: HttpApiProps) {
    super(scope, id);
    this.api = new Api(this, 'Api', { apiName: `erp-sync-${stage.name}`, createDefaultStage: false });
    this.accessLog = new AccessLog(this, 'AccessLog', { stage });
    this.deployed = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: stage.requestsPerSecond, burstLimit: 2 * stage.requestsPerSecond },
      accessLogSettings: this.accessLog.settings,
    });

    const keyCheck = new HttpLambdaAuthorizer('Authorizer', authorizer, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.Authorization'],
      // A removed key works for so long; noting its last use at most once a minute costs nothing more.
      resultsCacheTtl: Duration.seconds(verdictKeptSeconds),
    });
    for (const name of apiFunctions) {
      // One permission for all paths of a function: one per path would outgrow its resource policy.
      const integration = new HttpLambdaIntegration(name, functions[name], { scopePermissionToRoute: false });
      for (const { path, method, isPublic } of routesOf(Object.values(registry[name]))) {
        const authorizer = isPublic ? new HttpNoneAuthorizer() : keyCheck;
        this.api.addRoutes({ path, methods: [method], integration, authorizer });
      }
      if (name !== functionForUnknownPaths) continue;
      const routeKey = HttpRouteKey.DEFAULT;
      new HttpRoute(this, 'UnknownPaths', {
        httpApi: this.api,
        routeKey,
        integration,
        authorizer: new HttpNoneAuthorizer(),
      });
    }
  }
}
