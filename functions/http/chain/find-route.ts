import { SyncError } from '../../core/errors.ts';
import type { RawInput } from '../route.ts';
import type { HttpMiddleware, ReadyRoute } from './http-request.ts';
import { problemAnswer } from './problem-details.ts';

interface Match {
  readonly route: ReadyRoute;
  readonly params: RawInput['params'];
}

/** An HTTP API decodes every escape of `rawPath` but `%25` (AWS: payload format 2.0), so that is all that is left to undo. */
function decode(segment: string): string {
  return segment.replaceAll('%25', '%');
}

function paramsOf(path: string, segments: readonly string[]): RawInput['params'] | undefined {
  const params: Record<string, string> = {};
  const parts = path.split('/');
  for (const [at, part] of parts.entries()) {
    const segment = segments[at];
    if (segment === undefined) return undefined;
    const [, name, rest] = /^\{(\w+)(\+)?\}$/.exec(part) ?? [];
    if (name === undefined) {
      if (part !== segment) return undefined;
    } else if (rest) {
      params[name] = decode(segments.slice(at).join('/'));
      return params[name] === '' ? undefined : params;
    } else {
      if (segment === '') return undefined;
      params[name] = decode(segment);
    }
  }
  return parts.length === segments.length ? params : undefined;
}

/** Fixed words win over names in braces. */
function bySpecificity(one: ReadyRoute, other: ReadyRoute): number {
  return placeholders(one) - placeholders(other);
}

function placeholders(route: ReadyRoute): number {
  return route.path.split('{').length;
}

/** Finds the route; 404 for a path that none has, 405 for one that is there with other methods. */
export function findRoute(routes: readonly ReadyRoute[]): HttpMiddleware {
  const ordered = routes.toSorted(bySpecificity);
  return {
    before({ event: request }) {
      const { rawPath, requestContext } = request.event;
      const { method } = requestContext.http;
      const segments = rawPath.split('/');
      const matches = ordered.flatMap((route): Match[] => {
        const params = paramsOf(route.path, segments);
        return params ? [{ route, params }] : [];
      });
      const match = matches.find(({ route }) => route.method === method);
      if (match) {
        request.route = match.route;
        request.params = match.params;
        return;
      }
      if (matches.length === 0) throw new SyncError('not-found', 'There is no such path.');
      const allow = [...new Set(matches.map(({ route }) => route.method))].sort().join(', ');
      return problemAnswer(
        request,
        { type: 'method-not-allowed', title: 'Method not allowed', status: 405, detail: `Allowed here: ${allow}.` },
        { allow },
      );
    },
  };
}
