import type { Telemetry } from '../../ports/telemetry.ts';
import type { HttpAnswer, HttpRequest } from './http-request.ts';

/** Every request leaves one line of ids for operators, never a body; also one that was answered before its use case. */
export function tellOfRequest(telemetry: Telemetry, request: HttpRequest, answer: HttpAnswer): void {
  const { event, route, caller, failure } = request;
  const status = answer.statusCode ?? 0;
  const ids = {
    requestId: event.requestContext.requestId,
    route: route ? `${route.method} ${route.path}` : 'none',
    status,
    ...(caller && { tenantId: caller.tenantId, caller: caller.caller }),
  };
  if (!failure) telemetry.info('request-answered', ids);
  else if (status >= 500) telemetry.failure('request-failed', failure, ids);
  else telemetry.info('request-refused', { ...ids, kind: failure.kind });
}
