import { SyncError } from '../../core/errors.ts';
import type { Reply } from '../route.ts';
import type { HttpAnswer, ReadyRoute } from './http-request.ts';

/** The answer as it goes out: shown through the route's schema, which leaves out all that it does not name. */
export function answerOf(route: ReadyRoute, reply: Reply): HttpAnswer {
  const shown = route.answer?.safeParse(reply.body);
  if (shown && !shown.success) {
    throw new SyncError('defect', 'The answer does not have its form.', { cause: shown.error });
  }
  return {
    statusCode: route.status ?? 200,
    headers: {
      'cache-control': 'no-store',
      ...(shown && { 'content-type': 'application/json' }),
      ...(reply.revision !== undefined && { etag: `"${reply.revision}"` }),
      ...(reply.location !== undefined && { location: reply.location }),
    },
    ...(shown && { body: JSON.stringify(shown.data) }),
  };
}
