/**
 * Open failures. Always true: one trouble is one item, under an id made from what it concerns. Each is one write (a link's
 * in its record step), so a crash leaves it or not. Attacked by test/contract/stores-log-suite.ts.
 */

import { Failure } from '../../../../core/model/failure.ts';
import type { Failures } from '../../../../ports/failures.ts';
import type { Item, Table } from '../../../../ports/table.ts';
import { indexPartitions, keys, sortKeys } from '../table/keys.ts';
import { readPage } from '../table/read-page.ts';
import { readItem, storedItem } from '../table/stored-item.ts';

export function failuresStore({ table }: { readonly table: Table }): Failures {
  return {
    async get(tenantId, failureId) {
      const item = await table.get(keys.failure(tenantId, failureId));
      return item && readFailure(item);
    },
    list(tenantId, filter, page) {
      const { index, partition } = listedBy(tenantId, filter);
      return readPage({
        table,
        partitions: [partition],
        query: { index, descending: true },
        page,
        read: (item) => {
          const failure = readFailure(item);
          return matches(failure, filter) ? failure : undefined;
        },
      });
    },
    async open(failure) {
      await table.write({ put: failureItem(failure) });
    },
    async close(tenantId, failureId) {
      await table.write({ delete: keys.failure(tenantId, failureId) });
    },
  };
}

type Filter = Parameters<Failures['list']>[1];

function listedBy(tenantId: string, { linkId, connectionId }: Filter) {
  if (linkId !== undefined)
    return { index: 'gsi3', partition: indexPartitions.failuresOfLink(tenantId, linkId) } as const;
  if (connectionId === undefined) return { index: 'gsi1', partition: indexPartitions.failures(tenantId) } as const;
  return { index: 'gsi2', partition: indexPartitions.failuresOfConnection(tenantId, connectionId) } as const;
}

function matches(failure: Failure, { connectionId, linkId, runId }: Filter): boolean {
  return (
    (connectionId === undefined || failure.connectionId === connectionId) &&
    (linkId === undefined || failure.linkId === linkId) &&
    (runId === undefined || failure.runId === runId)
  );
}

export function failureItem(failure: Failure): Item {
  const { tenantId, connectionId, linkId, id, firstAt } = failure;
  const byTime = sortKeys.byTime(firstAt, id);
  const index = {
    gsi1pk: indexPartitions.failures(tenantId),
    gsi1sk: byTime,
    gsi2pk: indexPartitions.failuresOfConnection(tenantId, connectionId),
    gsi2sk: byTime,
    ...(linkId !== undefined && { gsi3pk: indexPartitions.failuresOfLink(tenantId, linkId), gsi3sk: byTime }),
  };
  return storedItem({ type: 'failure', key: keys.failure(tenantId, id), index }, failure);
}

function readFailure(item: Item): Failure {
  return readItem('failure', Failure, item);
}
