import type { IncomingHttpHeaders } from 'node:http';
import type { CallKind } from './journal.ts';
import { type RecordType, recordTypeOfEntity } from './shapes.ts';

/** A request to the API, as far as it is understood before it is processed. */
export type ApiCall = {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: string;
  kind: CallKind;
  /** Where it goes: a path of the vendor's own host, or `api` with the path below the tenant's API root. */
  target: { host: true; path: string } | { host: false; tenant: string; hostNumber: number; segments: string[] };
  record?: { type: RecordType; id: number };
};

/** Paths are not case-sensitive; segments keep their case for names of lists and providers. */
export function classifyCall(request: Pick<ApiCall, 'method' | 'url' | 'headers' | 'body'>): ApiCall {
  const path = decodeURIComponent(request.url.pathname);
  const api = /^\/(?:online(\d+)\/)?(cust[^/]*)\/api(?:\/(.*))?$/i.exec(path);
  if (api === null) {
    return { ...request, kind: hostKind(path.toLowerCase()), target: { host: true, path: path.toLowerCase() } };
  }
  const segments = (api[3] ?? '').split('/').filter((segment) => segment !== '');
  const target = { host: false, tenant: api[2] ?? '', hostNumber: Number(api[1] ?? 1), segments } as const;
  const [version, resource = '', id] = segments;
  if (version === undefined) return { ...request, kind: 'version', target };
  const type = recordTypeOfEntity(resource);
  if (type !== undefined && id !== undefined && /^\d+$/.test(id) && segments.length === 3) {
    return { ...request, kind: entityKind(request.method), target, record: { type, id: Number(id) } };
  }
  const kind = id?.toLowerCase() === 'udeflayout' ? 'other' : resourceKind(resource.toLowerCase(), type);
  return { ...request, kind, target };
}

function hostKind(path: string): CallKind {
  if (path.startsWith('/api/state/')) return 'state';
  if (path === '/login/api/partnersystemuser/authenticate') return 'auth';
  return path === '/login/.well-known/jwks' ? 'jwks' : 'other';
}

function entityKind(method: string): CallKind {
  if (method === 'PATCH') return 'patch';
  if (method === 'DELETE') return 'delete';
  return method === 'GET' ? 'get' : 'other';
}

function resourceKind(resource: string, type: RecordType | undefined): CallKind {
  if (type !== undefined || resource === 'archive') return 'list';
  if (resource === 'mdolist' || resource === 'list') return 'mdolist';
  return resource === 'user' ? 'principal' : 'other';
}

export function headerOf(call: Pick<ApiCall, 'headers'>, name: string): string | undefined {
  const value = call.headers[name.toLowerCase()];
  return Array.isArray(value) ? value[0] : value;
}
