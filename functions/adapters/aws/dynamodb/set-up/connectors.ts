/**
 * Always true: a connector counts every connection made on it, deleted ones too until they are purged, and is removed only
 * at none. A connection arrives and goes together with its count (connections.ts, adapters/aws/dynamodb/purge/purges.ts), and a replacement leaves the
 * count alone, so a crash cannot part them. Attacked by test/contract/stores-set-up-suite.ts.
 */
import { SyncError } from '../../../../core/errors.ts';
import { Connector } from '../../../../core/model/connector.ts';
import type { Connectors } from '../../../../ports/connectors.ts';
import type { Item, Table } from '../../../../ports/table.ts';
import { keys, partitions } from '../table/keys.ts';
import { readPage } from '../table/read-page.ts';
import { replacing } from '../table/replace-item.ts';
import { numberIn, readItem, storedItem } from '../table/stored-item.ts';
import { trailWrites } from './audit.ts';
import { withName } from './name-claims.ts';

export function connectorsStore({ table }: { readonly table: Table }): Connectors {
  return {
    async create(connector, trail) {
      const key = keys.connector(connector.tenantId, connector.id);
      const item = storedItem({ type: 'connector', key }, connector);
      const change = { put: item, when: { exists: false } };
      const isMade = await withName(
        table,
        holder(connector),
        { takes: connector.name },
        { change, along: trailWrites(trail) },
      );
      if (!isMade) throw new SyncError('defect', `Connector ${connector.id} exists already.`);
    },
    async get(tenantId, connectorId) {
      const item = await table.get(keys.connector(tenantId, connectorId));
      return item && readConnector(item);
    },
    list: (tenantId, page) =>
      readPage({ table, partitions: [partitions.connectors(tenantId)], page, read: readConnector }),
    async replace(connector, trail, move = {}) {
      const key = keys.connector(connector.tenantId, connector.id);
      // The count is changed by connections being made, at any time.
      const { write: change, after } = replacing({ type: 'connector', key, keep: ['connections'] }, connector);
      const isReplaced = await withName(table, holder(connector), move, { change, along: trailWrites(trail) });
      const item = isReplaced ? await table.get(key) : undefined;
      return item && { ...after, connections: numberIn(item, 'connections') };
    },
    async remove(connector, trail) {
      const { tenantId, id, revision } = connector;
      const key = keys.connector(tenantId, id);
      const removal = { delete: key, when: { equals: { revision, connections: 0 } } };
      const along = trailWrites(trail);
      if (await withName(table, holder(connector), { gives: connector.name }, { change: removal, along }))
        return 'removed';
      const item = await table.get(key);
      return item && numberIn(item, 'revision') === revision ? 'in-use' : 'superseded';
    },
  };
}

function holder({ tenantId, id }: Connector) {
  return { kind: 'connector', tenantId, id } as const;
}

function readConnector(item: Item): Connector {
  return readItem('connector', Connector, item);
}
