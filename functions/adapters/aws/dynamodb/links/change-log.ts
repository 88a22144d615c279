/**
 * Always true: made changes lie with their link and are listed by link, connection and run; they are written in the link's
 * record step only, so a crash leaves link and log or neither. Planned ones (dry runs) are listed by their run only: they
 * are no part of anything's history, and a crash leaves any of them, for a repeat to write over. Attacked by
 * test/contract/stores-log-suite.ts.
 */
import { SyncError } from '../../../../core/errors.ts';
import { FieldChange } from '../../../../core/model/field-change.ts';
import type { ChangeFilter, ChangeLog } from '../../../../ports/change-log.ts';
import type { Item, QueryRequest, Table } from '../../../../ports/table.ts';
import type { RetentionDays } from '../set-up/retention.ts';
import { expiryAfter } from '../set-up/retention.ts';
import { indexPartitions, keys, partitions, sortKeys } from '../table/keys.ts';
import { readPage } from '../table/read-page.ts';
import { readItem, storedItem } from '../table/stored-item.ts';

export function changeLogStore(parts: { readonly table: Table; readonly retentionDays: RetentionDays }): ChangeLog {
  const { table, retentionDays } = parts;
  return {
    async list(tenantId, filter, page) {
      const range = sortKeys.timeRange(instant(filter.from), instant(filter.to));
      const { partition, query } = listedBy(tenantId, filter, range);
      // DynamoDB refuses a range that ends before it begins.
      if (range[0] > range[1]) return { items: [] };
      return readPage({
        table,
        partitions: [partition],
        query: { ...query, descending: true },
        page,
        read: (item) => {
          const change = readItem('change', FieldChange, item);
          return matches(change, filter) ? change : undefined;
        },
      });
    },
    async putPlanned(changes) {
      const items = changes.map(async (change) => {
        const { tenantId, linkId, runId, id, at } = change;
        const key = keys.plannedChange(tenantId, linkId, runId, id);
        const expiresAtMs = expiryAfter(at, await retentionDays(tenantId));
        return storedItem({ type: 'change', key, index: runIndex(change), expiresAtMs }, change);
      });
      await table.putMany(await Promise.all(items));
    },
  };
}

/** The item of a change that was made; written in its link's record transaction. */
export function changeItem(change: FieldChange, retentionDays: number): Item {
  const { tenantId, connectionId, linkId, at, id } = change;
  const index = {
    gsi1pk: indexPartitions.changesOfConnection(tenantId, connectionId),
    gsi1sk: sortKeys.byTime(at, id),
    ...runIndex(change),
  };
  const expiresAtMs = expiryAfter(at, retentionDays);
  return storedItem({ type: 'change', key: keys.change(tenantId, linkId, at, id), index, expiresAtMs }, change);
}

function runIndex({ tenantId, runId, at, id }: FieldChange) {
  return { gsi2pk: indexPartitions.changesOfRun(tenantId, runId), gsi2sk: sortKeys.byTime(at, id) };
}

function listedBy(
  tenantId: string,
  { runId, linkId, connectionId }: ChangeFilter,
  range: readonly [string, string],
): { partition: string; query: Pick<QueryRequest, 'between' | 'index'> } {
  if (runId !== undefined) {
    return { partition: indexPartitions.changesOfRun(tenantId, runId), query: { index: 'gsi2', between: range } };
  }
  if (linkId !== undefined) {
    const between = [sortKeys.changePrefix + range[0], sortKeys.changePrefix + range[1]] as const;
    return { partition: partitions.changesOfLink(tenantId, linkId), query: { between } };
  }
  if (connectionId === undefined) {
    throw new SyncError('invalid', 'The change log is listed by link, connection or run.');
  }
  const partition = indexPartitions.changesOfConnection(tenantId, connectionId);
  return { partition, query: { index: 'gsi1', between: range } };
}

function matches(change: FieldChange, { runId, linkId, connectionId, field }: ChangeFilter): boolean {
  return (
    (runId === undefined || change.runId === runId) &&
    (linkId === undefined || change.linkId === linkId) &&
    (connectionId === undefined || change.connectionId === connectionId) &&
    (field === undefined || change.erpField === field || change.crmField === field)
  );
}

/** Sort keys hold instants in one form, milliseconds and `Z`. */
function instant(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new SyncError('invalid', 'A time of the change filter is not an instant.');
  return new Date(ms).toISOString();
}
