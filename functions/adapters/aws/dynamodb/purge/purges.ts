/**
 * Always true: a connection goes after all that hangs on it, so that whatever is left can be found by it; its name, its part
 * in its connector's count and the entry of the trail go and come with it. A crash leaves a connection with less than it
 * had, which a repeat makes good. Attacked by test/contract/stores-purge-suite.ts and test/features/connections/purge-connection.test.ts.
 */
import { SyncError } from '../../../../core/errors.ts';
import { inParallel } from '../../../../core/in-parallel.ts';
import type { Connection } from '../../../../core/model/connection.ts';
import type { Purges } from '../../../../ports/purges.ts';
import type { Key, QueryRequest, Table } from '../../../../ports/table.ts';
import { trailWrites } from '../set-up/audit.ts';
import { indexPartitions, keys, lastPart, partitions } from '../table/keys.ts';
import { readPage } from '../table/read-page.ts';
import { deletePartition } from './delete-partition.ts';
import { purgeLink } from './purge-link.ts';

/** At a time; each is a few calls. */
const width = 10;

type Index = NonNullable<QueryRequest['index']>;

export function purgesStore({ table }: { readonly table: Table }): Purges {
  const names = async (all: readonly string[], index: Index): Promise<boolean> => {
    const pages = await Promise.all(all.map((pk) => table.query({ pk, index, limit: 1 })));
    return pages.some(({ items }) => items.length > 0);
  };
  return {
    async links(tenantId, connectionId, page) {
      const query = { index: 'gsi3' } as const;
      const found = { table, partitions: indexPartitions.links(tenantId, connectionId), query, page, read: keyOf };
      const { items, cursor } = await readPage(found);
      const gone = await inParallel(items, width, ({ pk }) => purgeLink(table, tenantId, lastPart(pk)));
      return { removed: gone.filter(Boolean).length, cursor };
    },
    async runs(tenantId, connectionId, page) {
      const query = { index: 'gsi2' } as const;
      const listed = { partitions: [indexPartitions.runsOfConnection(tenantId, connectionId)], query };
      const { items, cursor } = await readPage({ table, ...listed, page, read: keyOf });
      await inParallel(items, width, ({ pk }) => purgeRun(table, tenantId, lastPart(pk)));
      return { removed: items.length, cursor };
    },
    async isEmpty(tenantId, connectionId) {
      const [links, runs] = await Promise.all([
        names(indexPartitions.links(tenantId, connectionId), 'gsi3'),
        names([indexPartitions.runsOfConnection(tenantId, connectionId)], 'gsi2'),
      ]);
      return !links && !runs;
    },
    async rest(tenantId, connectionId) {
      const own = partitions.connection(tenantId, connectionId);
      const connection = keys.connection(tenantId, connectionId);
      const failures = indexPartitions.failuresOfConnection(tenantId, connectionId);
      await Promise.all([
        ...partitions.besideConnection(tenantId, connectionId).map((pk) => deletePartition(table, { pk })),
        deletePartition(table, { pk: failures, index: 'gsi2' }),
        deletePartition(table, { pk: own }, ({ sk }) => sk !== connection.sk),
      ]);
    },
    async connection({ tenantId, id, connectorId, revision }: Connection, trail) {
      const { ok } = await table.transact([
        { delete: keys.connection(tenantId, id), when: { equals: { revision, purging: true } } },
        { delete: keys.connectionEntry(tenantId, id) },
        { update: keys.connector(tenantId, connectorId), add: { connections: -1 }, when: { exists: true } },
        ...trailWrites(trail),
      ]);
      return ok;
    },
    apiKeys: (tenantId) => deletePartition(table, { pk: partitions.apiKeys(tenantId) }),
    async beside(tenantId) {
      const counts = await Promise.all([
        ...partitions.besideTenant(tenantId).map((pk) => deletePartition(table, { pk })),
        deletePartition(table, { pk: indexPartitions.failures(tenantId), index: 'gsi1' }),
      ]);
      return counts.reduce((sum, count) => sum + count, 0);
    },
    async tenant({ id, crmContext }) {
      const { ok } = await table.transact([
        { delete: keys.tenant(id) },
        { delete: keys.crmContext(crmContext), when: { equals: { tenantId: id } } },
      ]);
      if (!ok) throw new SyncError('defect', `The CRM context of tenant ${id} is not claimed by it.`);
    },
  };
}

function keyOf({ pk, sk }: Key): Key {
  return { pk, sk };
}

/** The run is found until all of it has gone. What links came to in its closed chunks the table forgets by itself. */
async function purgeRun(table: Table, tenantId: string, runId: string): Promise<void> {
  const run = keys.run(tenantId, runId);
  await deletePartition(table, { pk: run.pk }, ({ sk }) => sk !== run.sk);
  await table.deleteMany([run]);
}
