import type { Connection } from '../../core/model/connection.ts';
import { isInScope } from '../../core/model/scope.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';

/** A user reaches the connections in whose scope they are, but for deleted ones. */
export function isReachable({ state, scope }: Connection, caller: Caller): boolean {
  return caller.role !== 'user' || (state !== 'deleted' && isInScope(scope, caller));
}

/** Those of the connections that the caller reaches. */
export async function reachableConnections(
  app: Pick<Application, 'connections'>,
  caller: Caller,
  connectionIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const distinct = [...new Set(connectionIds)];
  if (caller.role !== 'user') return new Set(distinct);
  // At one moment: as deployed they are one call.
  const read = await Promise.all(distinct.map((id) => app.connections.get(caller.tenantId, id)));
  return new Set(read.flatMap((one) => (one && isReachable(one, caller) ? [one.id] : [])));
}
