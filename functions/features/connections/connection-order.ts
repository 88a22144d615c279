import { type FieldFault, invalid } from '../../core/errors.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { trailOf } from '../audit/trail-of.ts';

/** As it is, whatever connections there are by then. */
export async function storeOrder(
  app: Application,
  caller: Caller,
  { before, after }: { readonly before: readonly string[]; readonly after: readonly string[] },
): Promise<void> {
  const { tenantId } = caller;
  const trail = trailOf(app.runtime, caller, {
    act: 'connections.order',
    subject: { kind: 'tenant', id: tenantId },
    before: { connectionIds: before },
    after: { connectionIds: after },
  });
  await app.connections.reorder(tenantId, after, trail);
}

/** Puts the tenant's connections in sync order; the list names each exactly once. */
export async function orderConnections(
  app: Application,
  caller: Caller,
  connectionIds: readonly string[],
): Promise<{ connectionIds: readonly string[] }> {
  const { tenantId } = caller;
  const connections = await app.connections.inOrder(tenantId);
  const known = new Set(connections.map(({ id }) => id));
  const first = new Map(connectionIds.map((id, at) => [id, at] as const).toReversed());
  const faults: FieldFault[] = connectionIds.flatMap((id, at) => {
    if (!known.has(id)) return [{ path: `connectionIds[${at}]`, message: 'There is no such connection' }];
    return (first.get(id) ?? at) < at ? [{ path: `connectionIds[${at}]`, message: 'Named before' }] : [];
  });
  const absent = connections.filter(({ id }) => !first.has(id));
  faults.push(...absent.map(({ id }) => ({ path: 'connectionIds', message: `The connection ${id} is not named` })));
  if (faults.length > 0) {
    throw invalid(faults, 'The list must name every connection once; each fault is listed.');
  }
  await storeOrder(app, caller, { before: connections.map(({ id }) => id), after: connectionIds });
  return { connectionIds };
}
