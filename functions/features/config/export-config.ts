import type { Application } from '../application.ts';
import type { ConfigFile, ConnectionEntry } from './config-file.ts';
import { connectionEntry, toldOf } from './connection-entry.ts';
import { placeholdersFor } from './placeholders.ts';
import { readTenantSetUp } from './tenant-set-up.ts';

/** The tenant's set-up as a file; of secrets where the sender is to take them from. */
export async function exportConfig(app: Application, tenantId: string): Promise<ConfigFile> {
  const { connectors, setups } = await readTenantSetUp(app, tenantId);
  const nameOf = new Map(connectors.map(({ id, name }) => [id, name]));
  const placeholder = placeholdersFor(
    setups.flatMap(({ connection: { name, secretsSet } }) => secretsSet.map((key) => ({ connection: name, key }))),
  );
  const withPlaceholders = (entry: ConnectionEntry): ConnectionEntry => ({
    ...entry,
    config: Object.fromEntries(
      Object.entries(entry.config)
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([key, value]) => [key, typeof value === 'object' ? placeholder({ connection: entry.name, key }) : value]),
    ),
  });
  return {
    version: 1,
    connectors: connectors
      .map(({ name, kind, url }) => ({ name, kind, url }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    connections: setups.map((setup) =>
      withPlaceholders(connectionEntry(toldOf(setup), nameOf.get(setup.connection.connectorId) ?? '')),
    ),
  };
}
