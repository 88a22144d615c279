/**
 * Open failures. Always true: one trouble is one item, under an id made from what it concerns, and a link has one with its
 * fields inside. Each is one write (a link's in its record step), so a crash leaves it or not. Attacked by test/contract/stores-log-suite.ts.
 */

import { Failure, fieldsReason } from '../../../../core/model/failure.ts';
import type { Failures } from '../../../../ports/failures.ts';
import type { Item, Table } from '../../../../ports/table.ts';
import { indexPartitions, keys, lastPart, sortKeys } from '../table/keys.ts';
import { readPage } from '../table/read-page.ts';
import { largestGrowingItemBytes, readItem, storedItem } from '../table/stored-item.ts';

export function failuresStore({ table }: { readonly table: Table }): Failures {
  return {
    async get(tenantId, failureId) {
      const item = await table.get(keys.failure(tenantId, failureId));
      return item && readFailure(item);
    },
    async getMany(tenantId, failureIds) {
      return (await table.getMany(failureIds.map((id) => keys.failure(tenantId, id)))).map(readFailure);
    },
    listIds(tenantId, filter, page) {
      const { index, partition } = listedBy(tenantId, filter);
      const query = { index, descending: true };
      return readPage({ table, partitions: [partition], query, keysOnly: true, page, read: ({ pk }) => lastPart(pk) });
    },
    async ofLink({ tenantId, openFailures }) {
      if (openFailures.length === 0) return undefined;
      const items = await table.getMany(openFailures.map((failureId) => keys.failure(tenantId, failureId)));
      return items.map(readFailure).reduce<Failure | undefined>(asOne, undefined);
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
      const item = await table.get(keys.failure(failure.tenantId, failure.id));
      const { firstAt } = item ? readFailure(item) : failure;
      await table.write({ put: failureItem({ ...failure, firstAt }) });
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
  const parts = { type: 'failure', key: keys.failure(tenantId, id), index, largestBytes: largestGrowingItemBytes };
  return storedItem(parts, failure);
}

function readFailure(item: Item): Failure {
  return readItem('failure', Failure, item, withFields);
}

/** An earlier version stored each field of a link as a failure of its own. */
function withFields({ field, forms, ...failure }: Item): unknown {
  if (failure.fields) return failure;
  const { kind, reason, explanation, firstAt } = failure;
  if (field === undefined) return { ...failure, fields: [] };
  const fields = [{ field, kind, reason, explanation, forms, firstAt }];
  return { ...failure, reason: fieldsReason, explanation: undefined, fields };
}

function asOne(all: Failure | undefined, one: Failure): Failure {
  if (!all) return { ...one, id: one.linkId ?? one.id };
  const whole = one.reason === fieldsReason ? all : one;
  const firstAt = all.firstAt < one.firstAt ? all.firstAt : one.firstAt;
  return { ...whole, id: all.id, firstAt, fields: [...all.fields, ...one.fields] };
}
