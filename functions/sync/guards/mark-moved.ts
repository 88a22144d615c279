/**
 * A connection holds the address that its secrets were tested with. Always true: where its connector is at another one,
 * nothing is asked of either until the secrets were entered again. Who moves a connector and who changes a connection
 * each look here after their own write, so that whichever came last sees the other. A crash in between leaves a
 * connection at its old address with the secrets tested there, until its next use or poll. Attacked by
 * test/features/connectors/moved-connector.test.ts.
 */
import type { Connection } from '../../core/model/connection.ts';
import type { Connector } from '../../core/model/connector.ts';
import { connectionFailureId, failureOf } from '../../core/model/failure.ts';
import { sameAddress } from '../../core/values/same-address.ts';
import type { Engine } from '../engine.ts';

export const movedExplanation =
  'The Sync Connector has moved to another address: enter the secrets of this connection again (PATCH its config).';

/** Its connector stands where the secrets were tested, and nothing says otherwise. */
export function standsWhereTested(connection: Connection, connector: Pick<Connector, 'url'> | undefined): boolean {
  const moved = connector !== undefined && !sameAddress(connector.url, connection.connectorUrl);
  return !moved && connection.secretNeeded !== true;
}

/** Marks and suspends a connection whose connector has moved, takes the mark back where it has not; as it is after that. */
export async function markMoved(engine: Engine, connection: Connection): Promise<Connection> {
  const { tenantId, id, connectorId } = connection;
  const connector = await engine.connectors.get(tenantId, connectorId);
  const moved = connector !== undefined && !sameAddress(connector.url, connection.connectorUrl);
  const stops = moved && connection.state === 'active';
  if (!stops && moved === (connection.secretNeeded === true)) return connection;
  const at = engine.runtime.now();
  if (stops) {
    const failure = failureOf({
      tenantId,
      id: connectionFailureId(id),
      connectionId: id,
      kind: 'misconfigured',
      reason: 'secret-needed',
      explanation: movedExplanation,
      at,
    });
    await engine.failures.open(failure);
  }
  const marked = await engine.connections.replace({
    ...connection,
    secretNeeded: moved ? true : undefined,
    ...(stops && { state: 'suspended', suspension: { kind: 'misconfigured', at } }),
  });
  const current = marked ?? (await engine.connections.get(tenantId, id));
  if (!current) return connection;
  if (stops && current.state !== 'suspended' && current.state !== 'active') {
    await engine.failures.close(tenantId, connectionFailureId(id));
  }
  return markMoved(engine, current);
}
