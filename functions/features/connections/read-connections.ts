import { driftOfTypes } from '../../core/model/connection-setup.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { isReachable } from '../access/reachable-connections.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';
import { pageOf } from '../page-of.ts';
import { type ConnectionForUser, type ConnectionView, connectionForUser, connectionView } from './connection-view.ts';
import { namedBrakes } from './named-brakes.ts';

export async function readConnection(app: Application, tenantId: string, id: string): Promise<ConnectionView> {
  const { connection, brakes, actorTypes } = found(await app.connections.getWithTypes(tenantId, id), 'connection', id);
  const named = await namedBrakes(app, tenantId, brakes);
  return { ...connectionView(connection), brakes: named, drift: driftOfTypes(actorTypes) };
}

/** As users see it, who get no more. */
export async function readConnectionAsUser(app: Application, tenantId: string, id: string): Promise<ConnectionForUser> {
  return connectionForUser(found(await app.connections.get(tenantId, id), 'connection', id));
}

export async function listConnections(
  app: Application,
  tenantId: string,
  page: PageRequest & { includeDeleted: boolean },
): Promise<Page<ConnectionView>> {
  const { items, cursor } = await app.connections.list(tenantId, page);
  return { items: items.map(connectionView), cursor };
}

/** Those that a user reaches; neither a page nor its cursor tells of others. */
export async function listConnectionsAsUser(
  app: Application,
  caller: Caller,
  page: PageRequest,
): Promise<Page<ConnectionForUser>> {
  const all = await app.connections.inOrder(caller.tenantId);
  return pageOf(all.filter((one) => isReachable(one, caller)).map(connectionForUser), page);
}
