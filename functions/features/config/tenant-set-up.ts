import { type FieldFault, SyncError } from '../../core/errors.ts';
import type { WholeSetup } from '../../core/model/connection-setup.ts';
import type { Connector } from '../../core/model/connector.ts';
import { nameKey } from '../../core/model/name-key.ts';
import type { Application } from '../application.ts';
import { connectorsOf } from '../connectors/connectors.ts';

/** Connectors and connections that are not deleted, each of another name. */
export interface TenantSetUp {
  readonly connectors: readonly Connector[];
  /** In sync order. */
  readonly setups: readonly WholeSetup[];
}

function sharedNames(kind: string, things: readonly { readonly id: string; readonly name: string }[]): FieldFault[] {
  const byName = Map.groupBy(things, ({ name }) => nameKey(name));
  return [...byName.values()].flatMap((same) => {
    const [{ name } = { name: '' }] = same;
    if (same.length < 2) return [];
    const ids = same.map(({ id }) => id).join(', ');
    return [{ path: kind, message: `Several are called ${JSON.stringify(name)} (${ids}): rename all but one` }];
  });
}

/** SyncError `conflict` where a name is not one thing's, with every such name. */
export async function readTenantSetUp(app: Application, tenantId: string): Promise<TenantSetUp> {
  const [connectors, setups] = await Promise.all([connectorsOf(app, tenantId), app.connections.wholeSetups(tenantId)]);
  const connections = setups.map(({ connection }) => connection);
  const faults = [...sharedNames('connectors', connectors), ...sharedNames('connections', connections)];
  if (faults.length > 0) {
    throw new SyncError('conflict', 'A file knows connectors and connections by name, and some names are shared.', {
      faults,
    });
  }
  return { connectors, setups };
}
