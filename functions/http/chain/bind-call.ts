import { type FieldFault, invalid, SyncError } from '../../core/errors.ts';
import type { Caller } from '../../features/api-keys/authenticate.ts';
import { changedAtOnce, type IfMatch } from '../../features/expect-revision.ts';
import { placeOf } from '../input-faults.ts';
import { answerOf, type PageForm } from './http-answer.ts';
import { type HttpEvent, type HttpMiddleware, type HttpRequest, header } from './http-request.ts';
import { pageCursors } from './page-cursors.ts';
import { preferredLanguage } from './preferred-language.ts';

/** Nobody: what routes without authentication run as. */
const nobody: Caller = { tenantId: '', caller: '', role: 'user' };

function queryOf(event: HttpEvent): { query: Record<string, string>; faults: FieldFault[] } {
  // A map: an object would also know the names of its prototype.
  const query = new Map<string, string>();
  const faults: FieldFault[] = [];
  for (const [name, value] of new URLSearchParams(event.rawQueryString)) {
    if (query.has(name)) faults.push({ path: placeOf(['query', name]), message: 'Given more than once' });
    query.set(name, value);
  }
  return { query: Object.fromEntries(query), faults };
}

/**
 * Revisions that the entity tags name: ours holds one, weak (`W/"3"`) and bare (`3`) ones mean the same, and several may
 * stand in a list. Another's tag matches nothing.
 */
function ifMatchOf(request: HttpRequest, required: boolean): IfMatch {
  const text = header(request, 'if-match')?.trim();
  if (text === undefined && required) {
    throw new SyncError('precondition-required', 'Send the ETag you read as If-Match.');
  }
  if (text === undefined || text === '*') return 'any';
  const tags = [...text.matchAll(/(?:W\/)?"([^"]*)"|([^",\s]+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  return tags.flatMap((tag) => (/^\d{1,15}$/.test(tag) ? [Number(tag)] : []));
}

function idempotencyFaults(request: HttpRequest): FieldFault[] {
  const key = header(request, 'idempotency-key');
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return [];
  return [{ path: 'header.Idempotency-Key', message: 'Must be 1 to 255 visible ASCII characters' }];
}

/** Its faults are no faults of an input: the thing is looked for, and is not there. */
function noSuchThing(ofPath: readonly FieldFault[]): SyncError {
  const reasons = ofPath.map(({ path, message }) => `${path.replace(/^params\./, '')}: ${message}`).join('. ');
  return new SyncError('not-found', `There is no such thing. In the path, ${reasons}.`);
}

/** Who says "whatever there is" cannot have read the wrong one: another change came between reading and writing. */
async function withoutTag<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof SyncError && error.kind === 'precondition' ? changedAtOnce('thing') : error;
  }
}

/** Tables are asked for seldom: what makes them is loaded only then. */
async function formAskedFor(request: HttpRequest, query: Record<string, string>): Promise<PageForm | undefined> {
  const { route, event } = request;
  const columns = route?.csv;
  const accept = header(request, 'accept')?.toLowerCase();
  if (!columns || !accept?.includes('csv')) return undefined;
  const { csvAnswer, prefersCsv } = await import('./csv-answer.ts');
  return prefersCsv(accept) ? (page) => csvAnswer(page, columns, { path: event.rawPath, query }) : undefined;
}

/** Checks the input against the route's schemas, all faults at once, and leaves the call ready to run. */
export function bindCall(signingKey: () => Promise<string>): HttpMiddleware {
  return {
    before({ event: request }) {
      const { event, route, params = {}, caller = nobody, body } = request;
      if (!route) throw new SyncError('defect', 'No route was found before the call.');
      const { query, faults: queryFaults } = queryOf(event);
      const binding = route.bind({ params, query, body });
      if (!binding.ok && binding.ofPath.length > 0) throw noSuchThing(binding.ofPath);
      const faults = [...(binding.ok ? [] : binding.faults), ...queryFaults, ...idempotencyFaults(request)];
      if (!binding.ok || faults.length > 0) throw invalid(faults);
      const ifMatch = ifMatchOf(request, route.ifMatch === true);
      const { limit: _limit, cursor: _cursor, ...filter } = query;
      // A user's list has less than another's: a cursor of one leads nowhere in the other.
      const whose = caller.role === 'user' ? caller.caller : undefined;
      const cursors = pageCursors(signingKey, [caller.tenantId, event.rawPath, filter, whose]);
      const from = event.requestContext.http.sourceIp;
      const language = preferredLanguage(header(request, 'accept-language'));
      const run = () => binding.run({ caller, ifMatch, from, language, cursors });
      request.run = async () => {
        const form = await formAskedFor(request, query);
        return answerOf(route, await (route.ifMatch && ifMatch === 'any' ? withoutTag(run) : run()), form);
      };
    },
  };
}
