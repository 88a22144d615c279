/**
 * Always true: a connection has its actor types, its name in the tenant's list and its part in the connector's count from
 * its first moment, and never a connector that is gone; an order holds for all its connections or none. Each is one
 * transaction, so a crash leaves all of it or nothing. Attacked by test/contract/stores-set-up-suite.ts.
 */
import { SyncError } from '../../../../core/errors.ts';
import { Connection } from '../../../../core/model/connection.ts';
import type { Connections } from '../../../../ports/connections.ts';
import type { Item, Table, Write } from '../../../../ports/table.ts';
import { sumOfCounters } from '../links/summary-counters.ts';
import { keys, partitions } from '../table/keys.ts';
import { readPage, readWhole } from '../table/read-page.ts';
import { replaceItem } from '../table/replace-item.ts';
import { readItem, storedItem, textIn } from '../table/stored-item.ts';
import { getActivity, noteActivity, noteChainWait } from './connection-activity.ts';
import { actorTypeItem, listPairingItem, putActorTypes, replaceActorType, setupOf } from './connection-setup.ts';

/** What one transaction holds. */
const mostConnectionsInOrder = 100;

export function connectionsStore({ table }: { readonly table: Table }): Connections {
  const readMany = async (tenantId: string, entries: readonly Item[]): Promise<Connection[]> => {
    const ids = entries.flatMap((entry) => textIn(entry, 'connectionId') ?? []);
    const items = await table.getMany(ids.map((id) => keys.connection(tenantId, id)));
    const byId = new Map(items.map(readConnection).map((connection) => [connection.id, connection]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  };
  return {
    async create(connection, actorTypes) {
      const { tenantId, id, connectorId } = connection;
      const entry = storedItem(
        { type: 'connection-entry', key: keys.connectionEntry(tenantId, id) },
        { connectionId: id },
      );
      const outcome = await table.transact([
        { update: keys.connector(tenantId, connectorId), add: { connections: 1 }, when: { exists: true } },
        { put: connectionItem(connection), when: { exists: false } },
        { put: entry },
        ...actorTypes.map((setup): Write => ({ put: actorTypeItem(setup) })),
      ]);
      if (outcome.ok) return true;
      if (outcome.failed.includes(1)) throw new SyncError('defect', `Connection ${id} exists already.`);
      return false;
    },
    async get(tenantId, connectionId) {
      const item = await table.get(keys.connection(tenantId, connectionId));
      return item && readConnection(item);
    },
    async getSetup(tenantId, connectionId) {
      return setupOf(await readWhole(table, { pk: partitions.connection(tenantId, connectionId) }), readConnection);
    },
    async list(tenantId, { includeDeleted, ...page }) {
      const entries = await readPage({
        table,
        partitions: [partitions.connectionEntries(tenantId)],
        page,
        read: (entry) => entry,
      });
      const connections = await readMany(tenantId, entries.items);
      const items = connections.filter((connection) => includeDeleted || connection.state !== 'deleted');
      return { ...entries, items };
    },
    async inOrder(tenantId) {
      const entries = await readWhole(table, { pk: partitions.connectionEntries(tenantId) });
      const connections = await readMany(tenantId, entries);
      return connections
        .filter((connection) => connection.state !== 'deleted')
        .sort((one, other) => one.place - other.place || (one.id < other.id ? -1 : 1));
    },
    replace: (connection) =>
      replaceItem(table, { type: 'connection', key: keys.connection(connection.tenantId, connection.id) }, connection),
    async reorder(connections) {
      if (connections.length > mostConnectionsInOrder) {
        throw new SyncError('invalid', `At most ${mostConnectionsInOrder} connections can be put in order at once.`);
      }
      const { ok } = await table.transact(
        connections.map(({ tenantId, id, place, revision }) => ({
          update: keys.connection(tenantId, id),
          set: { place, revision: revision + 1 },
          when: { equals: { revision } },
        })),
      );
      return ok;
    },
    putActorTypes: (actorTypes) => putActorTypes(table, actorTypes),
    replaceActorType: (setup) => replaceActorType(table, setup),
    putListPairings: (pairings) => table.putMany(pairings.map(listPairingItem)),
    activity: (tenantId, connectionId) => getActivity(table, tenantId, connectionId),
    notePolled: (tenantId, connectionId, at) => noteActivity(table, { tenantId, connectionId }, { lastPolledAt: at }),
    noteSynced: (tenantId, connectionId, at) => noteActivity(table, { tenantId, connectionId }, { lastSyncAt: at }),
    noteCompared: (tenantId, connectionId, day) =>
      noteActivity(table, { tenantId, connectionId }, { lastComparedDay: day }),
    noteTried: (tenantId, connectionId, at) => noteActivity(table, { tenantId, connectionId }, { lastTriedAt: at }),
    noteChainWait: (tenantId, connectionId, chain, notBefore) =>
      noteChainWait(table, { tenantId, connectionId }, chain, notBefore),
    async summary(tenantId, connectionId) {
      return sumOfCounters(await readWhole(table, { pk: partitions.summary(tenantId, connectionId) }));
    },
  };
}

function connectionItem(connection: Connection): Item {
  return storedItem({ type: 'connection', key: keys.connection(connection.tenantId, connection.id) }, connection);
}

function readConnection(item: Item): Connection {
  return readItem('connection', Connection, item);
}
