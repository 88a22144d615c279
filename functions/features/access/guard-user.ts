/**
 * What a user of the CRM reaches. Always true: no use case sees what is out of a user's reach, for every operation of
 * users comes through here before it (functions/http/application-routes.ts does not compile otherwise); what is out of
 * reach is like what does not exist, and is left out of lists. It reads only. Attacked by test/features/access/reach.test.ts.
 */
import { invalid, SyncError } from '../../core/errors.ts';
import type { Connection } from '../../core/model/connection.ts';
import type { LinkHead } from '../../core/model/link.ts';
import type { Run } from '../../core/model/run.ts';
import type { Tenant } from '../../core/model/tenant.ts';
import type { LinkRef } from '../../ports/links.ts';
import type { CrmRecordName } from '../../ports/record-sight.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';
import { linksJoiningCrmRecord } from '../links/list-links.ts';
import { type BesideLinks, type LinksAsked, type NamedLinks, readNamed, refsOf } from '../links/named-links.ts';
import type { AskedRun } from '../runs/trigger-run.ts';
import { whyNoErpTab } from './erp-tab.ts';
import { isReachable, reachableConnections } from './reachable-connections.ts';
import { type RunOfUser, runOfUser } from './run-of-user.ts';
import { isRunInSight, linksInSight, type OwnRun } from './within-sight.ts';

/** What a request is about. */
export type Touched =
  /** Connections, whichever there are. */
  | { readonly kind: 'connections' }
  | { readonly kind: 'connection'; readonly connectionId: string }
  /** `as`: what hangs on the link and its id, where that is what was asked for. */
  | { readonly kind: 'link'; readonly linkId: string; readonly as?: readonly [what: string, id: string] }
  /** A link that was read already, with its connection and the tenant, as far as there are. */
  | ({ readonly kind: 'read-link'; readonly linkId: string } & Partial<ReadAlready>)
  /** `beside`: what the list is made of is read with the links. */
  | { readonly kind: 'list'; readonly of: LinksAsked; readonly beside?: BesideLinks }
  | { readonly kind: 'failure'; readonly failureId: string }
  | { readonly kind: 'run'; readonly runId: string }
  | { readonly kind: 'new-run'; readonly asked: AskedRun };

interface ReadAlready {
  readonly link: LinkHead | undefined;
  readonly connection: Connection | undefined;
  readonly tenant: Tenant | undefined;
}

/** What a use case may work with. */
export interface Reached {
  /** Absent: nothing limits it. */
  readonly links?: readonly LinkHead[] | undefined;
  /** These links, with what was read beside them. */
  readonly named?: NamedLinks | undefined;
  /** The run that was asked for, as it was read. */
  readonly run?: Run | undefined;
}

/**
 * SyncError `not-found` for what is out of reach, `forbidden` for who does not have the ERP tab and for a run that is no
 * user's to start, `invalid` for a list of more than one record. Whoever is no user reaches everything.
 */
export async function guardUser(app: Application, caller: Caller, touched: Touched): Promise<Reached> {
  if (caller.role !== 'user') return {};
  const { tenantId } = caller;
  const [naming] = await Promise.allSettled([refsTouched(app, tenantId, touched)]);
  // At one moment: as deployed what is read by key is one call.
  const [reading, reaching] = await Promise.allSettled([
    tenantRead(touched) ?? app.tenants.get(tenantId),
    naming.status === 'rejected' ? Promise.reject(naming.reason) : linksReached(app, caller, touched, naming.value),
  ]);
  if (reading.status === 'rejected') throw reading.reason;
  const refusal = whyNoErpTab(found(reading.value, 'tenant', tenantId), caller);
  if (refusal !== undefined) throw new SyncError('forbidden', refusal);
  if (reaching.status === 'rejected') throw reaching.reason;
  const reached = reaching.value;
  if (reached && 'named' in reached) {
    const links = await shown(app, caller, touched, reached.named.links);
    return { links, named: links && { ...reached.named, links } };
  }
  return {
    links: await shown(app, caller, touched, reached),
    run: reached && 'run' in reached ? reached.run : undefined,
  };
}

function tenantRead(touched: Touched): Tenant | undefined {
  return touched.kind === 'read-link' ? touched.tenant : undefined;
}

/** What was reached as far as the CRM shows it to the user: nobody is asked for what is out of scope. */
async function shown(
  app: Application,
  caller: Caller,
  touched: Touched,
  reached: readonly LinkHead[] | OwnRun | undefined,
): Promise<readonly LinkHead[] | undefined> {
  if (reached === undefined) return undefined;
  if ('run' in reached) {
    found((await isRunInSight(app, caller, reached)) || undefined, 'sync run', reached.run.id);
    return undefined;
  }
  const links = await linksInSight(app, caller, reached, recordNamed(touched));
  if (touched.kind === 'list' || recordNamed(touched)) return links;
  const ids = new Set(links.map(({ id }) => id));
  const [what, id] = nameOf(touched);
  for (const link of reached) found(ids.has(link.id) || undefined, what, id ?? link.id);
  return links;
}

/** The record of the CRM by which something was asked for. */
function recordNamed(touched: Touched): CrmRecordName | undefined {
  if (touched.kind === 'new-run') return touched.asked.scope.kind === 'crm-record' ? touched.asked.scope : undefined;
  if (touched.kind !== 'list') return undefined;
  const { crmType, crmKey } = touched.of;
  return crmType === undefined || crmKey === undefined ? undefined : { crmType, crmKey };
}

/** What a refusal calls a thing that is asked for by its id. */
function nameOf(touched: Touched): readonly [what: string, id?: string] {
  if (touched.kind === 'failure') return ['failure', touched.failureId];
  return touched.kind === 'link' ? nameOfLink(touched) : ['link'];
}

function nameOfLink({ linkId, as }: Extract<Touched, { kind: 'link' }>): readonly [what: string, id: string] {
  return as ?? ['link', linkId];
}

/** The links of which a list is asked for, by their ids: the tenant is read with the links themselves. */
async function refsTouched(app: Application, tenantId: string, touched: Touched): Promise<readonly LinkRef[]> {
  if (touched.kind !== 'list') return [];
  const refs = await refsOf(app, tenantId, touched.of);
  if (refs) return refs;
  const others = 'linkId' in touched.of ? ', or linkId' : '';
  throw invalid([{ path: 'query.crmKey', message: `Needed with the role user, and crmType with it${others}` }]);
}

async function linksReached(
  app: Application,
  caller: Caller,
  touched: Touched,
  refs: readonly LinkRef[],
): Promise<readonly LinkHead[] | OwnRun | { readonly named: NamedLinks } | undefined> {
  const { tenantId } = caller;
  switch (touched.kind) {
    case 'connections':
      return undefined;
    case 'connection': {
      const { connectionId } = touched;
      expectReached(await reachableConnections(app, caller, [connectionId]), connectionId);
      return undefined;
    }
    case 'link': {
      const [link] = await within(app, caller, await app.links.getHeads(tenantId, [touched.linkId]));
      return [found(link, ...nameOfLink(touched))];
    }
    case 'read-link': {
      const { linkId, link, connection } = touched;
      const isReached = link && connection && isReachable(connection, caller);
      return [found(isReached ? link : undefined, 'link', linkId)];
    }
    case 'list':
      return { named: await namedWithin(app, caller, refs, touched.beside) };
    case 'failure': {
      const { failureId } = touched;
      return [found(await linkOfFailure(app, caller, failureId), 'failure', failureId)];
    }
    case 'run':
      return ownRun(app, caller, touched.runId);
    case 'new-run':
      return linksOfRun(app, caller, runOfUser(touched.asked));
  }
}

function expectReached(reachable: ReadonlySet<string>, connectionId: string): void {
  found(reachable.has(connectionId) || undefined, 'connection', connectionId);
}

/** Those of the links whose connections are in reach. */
async function within(app: Application, caller: Caller, links: readonly LinkHead[]): Promise<LinkHead[]> {
  const reachable = await reachableConnections(
    app,
    caller,
    links.map(({ connectionId }) => connectionId),
  );
  return links.filter(({ connectionId }) => reachable.has(connectionId));
}

/** Connections that the refs tell are read with the links. */
async function namedWithin(
  app: Application,
  caller: Caller,
  refs: readonly LinkRef[],
  beside: BesideLinks | undefined,
): Promise<NamedLinks> {
  const told = refs.flatMap(({ connectionId }) => connectionId ?? []);
  const [reachable, named] = await Promise.all([
    reachableConnections(app, caller, told),
    readNamed(app, caller.tenantId, refs, beside),
  ]);
  const further = await within(
    app,
    caller,
    named.links.filter(({ connectionId }) => !told.includes(connectionId)),
  );
  const links = named.links.filter((link) => reachable.has(link.connectionId) || further.includes(link));
  return { ...named, links };
}

/** Only those of links: connections and their lists are an administrator's. */
async function linkOfFailure(app: Application, caller: Caller, failureId: string): Promise<LinkHead | undefined> {
  const { tenantId } = caller;
  const failure = await app.failures.get(tenantId, failureId);
  if (failure?.linkId === undefined) return undefined;
  const { connectionId, linkId } = failure;
  const [reachable, [link]] = await Promise.all([
    reachableConnections(app, caller, [connectionId]),
    app.links.getHeads(tenantId, [linkId]),
  ]);
  return link && reachable.has(link.connectionId) ? link : undefined;
}

/** A run that the user started, while all that it covers is in reach. */
async function ownRun(app: Application, caller: Caller, runId: string): Promise<OwnRun> {
  const { tenantId } = caller;
  const read = await app.runs.get(tenantId, runId);
  const own = read?.trigger.caller === caller.caller ? read : undefined;
  const covered = own?.children?.map(({ connectionId }) => connectionId) ?? (own ? [own.connectionId] : []);
  // At one moment: as deployed they are one call.
  const [reachable, links] = await Promise.all([
    reachableConnections(app, caller, covered),
    own?.scope.kind === 'links' ? app.links.getHeads(tenantId, own.scope.linkIds) : [],
  ]);
  const run = found(own && covered.every((id) => reachable.has(id)) ? own : undefined, 'sync run', runId);
  return { run, links };
}

async function linksOfRun(app: Application, caller: Caller, { scope, connectionId }: RunOfUser): Promise<LinkHead[]> {
  const { tenantId } = caller;
  if (scope.kind === 'crm-record') {
    return within(app, caller, await linksJoiningCrmRecord(app, tenantId, scope.crmType, scope.crmKey));
  }
  const links = new Map((await within(app, caller, await app.links.getHeads(tenantId, scope.linkIds))).map(byId));
  if (connectionId !== undefined) {
    expectReached(await reachableConnections(app, caller, [connectionId]), connectionId);
  }
  for (const linkId of scope.linkIds) found(links.get(linkId), 'link', linkId);
  return [...links.values()];
}

function byId(link: LinkHead): [string, LinkHead] {
  return [link.id, link];
}
