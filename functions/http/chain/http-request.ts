import type middy from '@middy/core';
import type {
  APIGatewayProxyEventV2WithLambdaAuthorizer,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import type { Caller } from '../../features/api-keys/authenticate.ts';
import type { Binding, Route } from '../route.ts';

/** A request of the HTTP API (payload format 2.0); `run` is set by the last middleware before the handler. */
export type HttpEvent = APIGatewayProxyEventV2WithLambdaAuthorizer<unknown> & { run?: () => Promise<HttpAnswer> };
export type HttpAnswer = APIGatewayProxyStructuredResultV2;

/** A route whose use case has its dependencies. */
export type ReadyRoute = Omit<Route<unknown>, 'bind'> & { bind(input: Parameters<Route<unknown>['bind']>[1]): Binding };

/** What one middleware leaves for those after it. */
export type HttpState = {
  route?: ReadyRoute;
  params?: Readonly<Record<string, string>>;
  caller?: Caller;
  bodyText?: string;
  body?: unknown;
  idempotency?: { tenantId: string; key: string; requestHash: string };
};

export type HttpMiddleware = middy.MiddlewareObj<HttpEvent, HttpAnswer, Error, Context, HttpState>;

export function header(event: HttpEvent, name: string): string | undefined {
  return event.headers[name] ?? undefined;
}
