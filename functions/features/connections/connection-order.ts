import { type FieldFault, invalid } from '../../core/errors.ts';
import type { Application } from '../application.ts';
import { changedAtOnce } from '../expect-revision.ts';

/** Puts the tenant's connections in sync order; the list names each exactly once. */
export async function orderConnections(
  app: Application,
  tenantId: string,
  connectionIds: readonly string[],
): Promise<{ connectionIds: readonly string[] }> {
  const connections = await app.connections.inOrder(tenantId);
  const byId = new Map(connections.map((connection) => [connection.id, connection]));
  const faults: FieldFault[] = connectionIds.flatMap((id, at) => {
    if (!byId.has(id)) return [{ path: `connectionIds.${at}`, message: 'There is no such connection' }];
    return connectionIds.indexOf(id) < at ? [{ path: `connectionIds.${at}`, message: 'Named before' }] : [];
  });
  const absent = connections.filter(({ id }) => !connectionIds.includes(id));
  faults.push(...absent.map(({ id }) => ({ path: 'connectionIds', message: `The connection ${id} is not named` })));
  if (faults.length > 0) {
    throw invalid(faults, 'The list must name every connection once; each fault is listed.');
  }
  const moved = connectionIds.flatMap((id, place) => {
    const connection = byId.get(id);
    return connection && connection.place !== place ? [{ ...connection, place }] : [];
  });
  if (moved.length > 0 && !(await app.connections.reorder(moved))) {
    throw changedAtOnce('order');
  }
  return { connectionIds };
}
