import type { Connection } from '../core/model/connection.ts';
import type { Tenant } from '../core/model/tenant.ts';
import type { Trail } from './audit.ts';
import type { PageRequest } from './page.ts';

/** How many were there, and where to go on; without a cursor the walk is through. */
export interface PurgedPage {
  readonly removed: number;
  readonly cursor?: string | undefined;
}

/**
 * Takes away what a connection left behind, once nothing works for it any more. Each call may be cut off anywhere and is
 * safe to repeat, also beside itself: what a thing is found by goes last.
 */
export interface Purges {
  /** Links, each with its log, values, intent, due item, failures, claims and its place in its CRM record's list. */
  links(tenantId: string, connectionId: string, page: PageRequest): Promise<PurgedPage>;
  /** Runs with their chunks. */
  runs(tenantId: string, connectionId: string, page: PageRequest): Promise<PurgedPage>;
  /** Whether the indexes name no link and no run of it. */
  isEmpty(tenantId: string, connectionId: string): Promise<boolean>;
  /** What hangs on the connection, but for itself, links and runs. */
  rest(tenantId: string, connectionId: string): Promise<void>;
  /** The connection, its name and its part in its connector's count, in one transaction; false = somebody changed it. */
  connection(connection: Connection, trail: Trail): Promise<boolean>;
  /** All API keys of a tenant; how many. */
  apiKeys(tenantId: string): Promise<number>;
  /** What a tenant still has once its connections are gone, the trail too, but for itself; how many items. */
  beside(tenantId: string): Promise<number>;
  /** The tenant and the claim of its CRM context, in one transaction. */
  tenant(tenant: Pick<Tenant, 'id' | 'crmContext'>): Promise<void>;
}
