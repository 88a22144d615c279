import { asSyncError, SyncError } from '../../core/errors.ts';
import { answerText } from '../page-size.ts';
import type { Reply } from '../route.ts';
import type { HttpAnswer, ReadyRoute } from './http-request.ts';

/** What was done is not undone because its answer does not fit: whoever is told so does not do it again. */
function textOf({ method, replay }: ReadyRoute, body: unknown): string {
  try {
    return answerText(body);
  } catch (failure) {
    if (method === 'GET' || replay === 'recompute') throw failure;
    const { kind, message } = asSyncError(failure);
    throw new SyncError(kind, `What was asked for is done; only the answer is left out. ${message}`);
  }
}

/** A page in the form that it is asked for in, where that is not JSON. */
export type PageForm = (page: unknown) => Required<Pick<HttpAnswer, 'headers' | 'body'>>;

/** The answer as it goes out: shown through the route's schema, which leaves out all that it does not name. */
export function answerOf(route: ReadyRoute, reply: Reply, form?: PageForm): HttpAnswer {
  const shown = route.answer?.safeParse(reply.body);
  if (shown && !shown.success) {
    throw new SyncError('defect', 'The answer does not have its form.', { cause: shown.error });
  }
  const headers: HttpAnswer['headers'] = { 'cache-control': 'no-store' };
  if (shown && form) {
    const { headers: ofForm, body } = form(shown.data);
    return { statusCode: route.status ?? 200, headers: { ...headers, ...ofForm }, body };
  }
  if (shown) headers['content-type'] = 'application/json';
  if (reply.revision !== undefined) headers.etag = `"${reply.revision}"`;
  if (reply.location !== undefined) headers.location = reply.location;
  return { statusCode: route.status ?? 200, headers, body: shown && textOf(route, shown.data) };
}
