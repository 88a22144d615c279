/**
 * Deletes a tenant with all that it has, at once. Always true: nobody is let in for it, with a key or a session,
 * and no connection of it works from the beginning on; what was made by somebody who was let in just before is found; its own item and the claim of its CRM context go last, so that what is left is found by them, and the
 * context can be claimed anew only when nothing is left. A crash leaves less than there was: the command goes on when it is
 * given again. Attacked by test/features/tenants/delete-tenant.test.ts.
 */
import { connectionState } from '../../core/audit/set-up-states.ts';
import type { Connection } from '../../core/model/connection.ts';
import { everyConnection } from '../../core/model/run.ts';
import type { Tenant } from '../../core/model/tenant.ts';
import type { Connections } from '../../ports/connections.ts';
import type { PageRequest } from '../../ports/page.ts';
import type { PurgedPage, Purges } from '../../ports/purges.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { Schedules } from '../../ports/schedules.ts';
import type { Tenants } from '../../ports/tenants.ts';
import type { Vault } from '../../ports/vault.ts';
import { takePages } from '../../sync/purge/take-pages.ts';
import { allPages } from '../all-pages.ts';
import { trailOf } from '../audit/trail-of.ts';
import { changedAtOnce } from '../expect-revision.ts';

export interface Leaving {
  readonly tenants: Pick<Tenants, 'get' | 'replace'>;
  readonly connections: Connections;
  readonly purges: Purges;
  readonly vault: Pick<Vault, 'remove' | 'removeAll'>;
  readonly schedules: Pick<Schedules, 'remove'>;
  readonly runtime: Pick<Runtime, 'now' | 'newId' | 'sleep'>;
}

export interface DeletedTenant {
  readonly apiKeys: number;
  readonly connections: number;
  readonly links: number;
  readonly runs: number;
  /** Items of the tenant itself: connectors, trail … */
  readonly others: number;
}

/**
 * Longer than whoever was let in before stays so (60 s), a request lasts (29 s), a worker that began before may write, and
 * an index lags.
 */
const settleMs = 120_000;
const mostTries = 5;

/** Every page, again until a walk finds nothing: what an index shows late is found by the next. */
async function takeAll(take: (page: PageRequest) => Promise<PurgedPage>): Promise<number> {
  let total = 0;
  for (;;) {
    const { removed } = await takePages(take);
    if (removed === 0) return total;
    total += removed;
  }
}

/** It is as one that is deleted and past its time: nothing works for it, and nobody restores it. */
async function stop({ connections, runtime }: Leaving, connection: Connection): Promise<Connection> {
  if (connection.purging) return connection;
  const deletedAt = connection.deletedAt ?? runtime.now();
  const stopped = { ...connection, state: 'deleted', suspension: undefined, deletedAt, purging: true } as const;
  const stored = await connections.replace(stopped);
  if (!stored) throw changedAtOnce('connection');
  return stored;
}

/** From now on whoever calls for it is nobody. */
async function shutOut({ tenants }: Leaving, tenantId: string): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const tenant = await tenants.get(tenantId);
    if (!tenant || tenant.leaving || (await tenants.replace({ ...tenant, leaving: true }))) return;
  }
  throw changedAtOnce('tenant');
}

async function stopAll(app: Leaving, tenantId: string): Promise<Connection[]> {
  const stopped: Connection[] = [];
  const read = (page: PageRequest) => app.connections.list(tenantId, { ...page, includeDeleted: true });
  for await (const { items } of allPages(read)) {
    for (const connection of items) stopped.push(await stop(app, connection));
  }
  return stopped;
}

async function removeConnection(app: Leaving, connection: Connection): Promise<Pick<DeletedTenant, 'links' | 'runs'>> {
  const { tenantId, id, name } = connection;
  const { purges, vault, schedules, runtime } = app;
  await schedules.remove(tenantId, id);
  const links = await takeAll((page) => purges.links(tenantId, id, page));
  const runs = await takeAll((page) => purges.runs(tenantId, id, page));
  await purges.rest(tenantId, id);
  await vault.remove(tenantId, id);
  const subject = { kind: 'connection', id, name } as const;
  const told = { act: 'connection.purge', subject, before: connectionState(connection) } as const;
  if (!(await purges.connection(connection, trailOf(runtime, { operatorOf: tenantId }, told)))) {
    throw changedAtOnce('connection');
  }
  return { links, runs };
}

/** `tell`: what is being done, in a sentence. Safe to repeat after an interruption. */
export async function deleteTenant(
  app: Leaving,
  tenant: Pick<Tenant, 'id' | 'crmContext'>,
  tell: (sentence: string) => void,
): Promise<DeletedTenant> {
  const { purges, vault, runtime } = app;
  await shutOut(app, tenant.id);
  const apiKeys = await purges.apiKeys(tenant.id);
  tell(`${apiKeys} API keys are removed.`);
  let stopped = await stopAll(app, tenant.id);
  for (let before = -1; before < stopped.length; ) {
    tell(`${stopped.length} connections are stopped. Waiting two minutes for what is under way.`);
    await runtime.sleep(settleMs);
    before = stopped.length;
    // Whoever was let in before may have made another one.
    stopped = await stopAll(app, tenant.id);
  }
  const sum = { links: 0, runs: 0 };
  for (const connection of stopped) {
    const { links, runs } = await removeConnection(app, connection);
    sum.links += links;
    sum.runs += runs;
    tell(`Connection ${connection.id} is removed, with ${links} links and ${runs} runs.`);
  }
  sum.runs += await takeAll((page) => purges.runs(tenant.id, everyConnection, page));
  // Of connections, too, that were given up before they were stored.
  await vault.removeAll(tenant.id);
  const others = (await purges.beside(tenant.id)) + (await purges.apiKeys(tenant.id));
  await purges.tenant(tenant);
  return { apiKeys, connections: stopped.length, ...sum, others };
}
