import type middy from '@middy/core';
import type {
  APIGatewayProxyEventV2WithLambdaAuthorizer,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import type { SyncError } from '../../core/errors.ts';
import type { Caller } from '../../features/api-keys/authenticate.ts';
import type { IdempotencyEntry } from '../../ports/idempotency-keys.ts';
import type { Binding, DescribedOperation, RawInput } from '../route.ts';

/** As API Gateway sends it (payload format 2.0). */
export type HttpEvent = APIGatewayProxyEventV2WithLambdaAuthorizer<unknown>;
export type HttpAnswer = APIGatewayProxyStructuredResultV2;

/** A route whose use case has its dependencies. */
export interface ReadyRoute extends DescribedOperation {
  bind(input: RawInput): Binding;
}

/** One request on its way through the chain: what came, and what each middleware leaves for those after it. */
export interface HttpRequest {
  readonly event: HttpEvent;
  route?: ReadyRoute;
  params?: RawInput['params'];
  caller?: Caller;
  bodyText?: string;
  body?: unknown;
  /** The use case with its input, ready to be called. */
  run?: () => Promise<HttpAnswer>;
  /** The key that this request has taken. */
  idempotency?: IdempotencyEntry;
  failure?: SyncError;
}

/** What middy calls the event is our request. */
export type HttpMiddleware = middy.MiddlewareObj<HttpRequest, HttpAnswer, Error, Context>;

export function header({ event }: HttpRequest, name: string): string | undefined {
  return event.headers[name] ?? undefined;
}
