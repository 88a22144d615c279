import { type ApiCall, headerOf } from './api-call.ts';
import { ApiError, notFound } from './api-error.ts';
import { type ArchiveQuery, archiveProvider, runArchive } from './archive.ts';
import { authenticate, jwks } from './authenticate.ts';
import { collectionProviders, type Provider } from './columns.ts';
import { type Crm, companyName } from './crm.ts';
import { udefLayout } from './custom-fields.ts';
import { dateStyleOf } from './date-text.ts';
import { entityReply } from './entity-routes.ts';
import { parseJson, type Reply } from './http.ts';
import { countryCarrier, mdoListItems } from './lists.ts';
import { peopleList, principal, userOfToken } from './people.ts';
import { conditionsFor } from './rights.ts';
import { recordTypeOfEntity } from './shapes.ts';
import { isTenantRunning, tenantRoot, tenantState } from './tenant-state.ts';
import { useTicket } from './tickets.ts';

const isTenant = (crm: Crm, name: string): boolean => name.toLowerCase() === crm.tenant.toLowerCase();

/** Answers one call; throws `ApiError` for everything but success. */
export function apiReply(crm: Crm, origin: string, call: ApiCall): Reply {
  if (call.target.host) return hostReply(crm, origin, call, call.target.path);
  const { tenant, hostNumber, segments } = call.target;
  if (!isTenant(crm, tenant)) throw notFound('Unknown tenant.');
  if (hostNumber !== crm.hostMoves + 1) return { status: 421, html: 'Misdirected Request' };
  if (!isTenantRunning(crm))
    return { status: 503, html: '<html><body>The site is down for maintenance.</body></html>' };
  if (segments.length === 0) return { status: 200, json: versionInfo(crm, origin) };
  const associateId = signedInAs(crm, call);
  if (segments[0]?.toLowerCase() !== 'v1') throw notFound('No such resource.');
  if (call.record !== undefined) return entityReply({ crm, call, ...call.record, associateId });
  return resourceReply(crm, origin, call, { path: segments.slice(1), associateId });
}

function hostReply(crm: Crm, origin: string, call: ApiCall, path: string): Reply {
  if (call.kind === 'state') {
    if (!isTenant(crm, path.slice('/api/state/'.length))) throw notFound('Unknown tenant.');
    return { status: 200, json: tenantState(crm, origin) };
  }
  if (call.kind === 'jwks') return { status: 200, json: jwks(crm) };
  if (call.kind === 'auth' && call.method === 'POST') {
    return { status: 200, json: authenticate(crm, origin, parseJson(call.body)) };
  }
  throw notFound('No such resource.');
}

const versionInfo = (crm: Crm, origin: string) => ({
  v1: `${tenantRoot(crm, origin)}/api/v1`,
  NetServerVersion: '11.4.0.0',
  NetServerLabel: 'Simulator',
  Version: 'v1',
});

/** A system user's call carries its ticket and the application token, a user's call an access token (spec 2.4). */
function signedInAs(crm: Crm, call: ApiCall): number {
  const token = /^Bearer (.+)$/i.exec(headerOf(call, 'Authorization') ?? '')?.[1];
  const user = token === undefined ? undefined : userOfToken(crm, token);
  if (user !== undefined) return user;
  const ticket = /^SOTicket (.+)$/i.exec(headerOf(call, 'Authorization') ?? '')?.[1];
  const hasAppToken = headerOf(call, 'SO-AppToken') === crm.credentials.clientSecret;
  const associateId = ticket === undefined || !hasAppToken ? undefined : useTicket(crm.tickets, ticket, crm.nowMs());
  if (associateId === undefined) throw new ApiError(401, 'SoSessionException', 'Authentication failed.');
  return associateId;
}

interface Asked {
  readonly path: readonly string[];
  readonly associateId: number;
}

function resourceReply(crm: Crm, origin: string, call: ApiCall, { path, associateId }: Asked): Reply {
  const [resource = '', name = '', sub] = path;
  const type = recordTypeOfEntity(resource);
  if (type !== undefined && path.length === 1 && call.method === 'GET') {
    return archiveReply({ crm, origin, call, associateId }, () => collectionProviders[type]);
  }
  if (resource.toLowerCase() === 'archive' && path.length === 2 && ['GET', 'POST'].includes(call.method)) {
    return archiveReply({ crm, origin, call, associateId }, (query) => archiveProvider(name, query));
  }
  if (call.method !== 'GET') throw notFound('No such resource.');
  const language = headerOf(call, 'SO-Language') ?? headerOf(call, 'Accept-Language') ?? '*';
  if (resource.toLowerCase() === 'mdolist' && path.length === 2) {
    const items = peopleList(crm, name, language !== '*') ?? mdoListItems(name, crm.countries, language);
    if (items === undefined) throw notFound(`There is no list '${name}'.`);
    return { status: 200, json: items };
  }
  const route = path.join('/').toLowerCase();
  if (type !== undefined && /^\w+\/udeflayout(\/published)?$/.test(route)) {
    return { status: 200, json: udefLayout(type, sub !== undefined, crm.faults.customFields) };
  }
  if (route === 'list/country/items') {
    return { status: 200, json: crm.countries.map((country) => countryCarrier(country, language)) };
  }
  if (route === 'user/currentprincipal') return { status: 200, json: principal(crm, associateId) };
  throw notFound(`No such resource: ${[resource, name, sub].filter(Boolean).join('/')}.`);
}

interface ArchiveCall {
  readonly crm: Crm;
  readonly origin: string;
  readonly call: ApiCall;
  readonly associateId: number;
}

function archiveReply(
  { crm, origin, call, associateId }: ArchiveCall,
  providerOf: (query: ArchiveQuery) => Provider,
): Reply {
  const parameters = call.method === 'POST' ? new URLSearchParams(call.body) : call.url.searchParams;
  const option = (name: string) => parameters.get(name) ?? undefined;
  const query: ArchiveQuery = {
    select: option('$select'),
    filter: option('$filter'),
    orderBy: option('$orderBy') ?? option('$orderby'),
    top: option('$top'),
    skip: option('$skip'),
    entities: option('$entities'),
    mode: option('$mode'),
  };
  const nextLink = (skip: number): string => {
    const link = new URL(`${origin}${call.url.pathname}${call.url.search}`);
    link.searchParams.set('$skip', `${skip}`);
    return link.href;
  };
  const json = runArchive(providerOf(query), query, {
    database: crm.database,
    dates: dateStyleOf(headerOf(call, 'SO-TimeZone'), crm.faults),
    conditions: conditionsFor(crm, associateId),
    countries: crm.countries,
    companyName: (companyId) => companyName(crm, companyId),
    nextLink: call.method === 'GET' ? nextLink : undefined,
  });
  return { status: 200, json };
}
