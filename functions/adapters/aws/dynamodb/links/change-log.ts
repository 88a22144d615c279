/**
 * Always true: made changes lie with their link and are listed by link, connection and run; they are written in the link's
 * record step only, so a crash leaves link and log or neither. Planned ones (dry runs) are listed by their run only: they
 * are no part of anything's history, and a crash leaves any of them, for a repeat to write over. Attacked by
 * test/contract/stores-log-suite.ts.
 */
import { SyncError } from '../../../../core/errors.ts';
import type { FieldChange } from '../../../../core/model/field-change.ts';
import type { ChangeFilter, ChangeLog } from '../../../../ports/change-log.ts';
import type { Table } from '../../../../ports/table.ts';
import type { RetentionDays } from '../set-up/retention.ts';
import { indexPartitions, keys, partitions, sortKeys } from '../table/keys.ts';
import type { MergedPartitions } from '../table/merge-partitions.ts';
import { readPage } from '../table/read-page.ts';
import { changesIn, erasedItem, plannedItem } from './change-items.ts';
import { readRows } from './read-rows.ts';

export function changeLogStore(parts: { readonly table: Table; readonly retentionDays: RetentionDays }): ChangeLog {
  const { table, retentionDays } = parts;
  return {
    async list(tenantId, filter, page) {
      const times = sortKeys.timeRange(instant(filter.from), instant(filter.to));
      const source = listedBy(tenantId, filter, times);
      // DynamoDB refuses a range that ends before it begins.
      if (source.range[0] > source.range[1]) return { items: [] };
      return readRows(table, source, page, (change) => matches(change, filter));
    },
    async erase(tenantId, linkId, page) {
      const log = { table, partitions: [partitions.changesOfLink(tenantId, linkId)] };
      const { items, cursor } = await readPage({ ...log, page, read: erasedItem });
      await table.putMany(items.map(({ item }) => item));
      return { erased: items.reduce((sum, { changes }) => sum + changes, 0), cursor };
    },
    async putPlanned(changes) {
      const items = changes.map(async (change) => plannedItem(change, await retentionDays(change.tenantId)));
      await table.putMany(await Promise.all(items));
    },
    async getPlanned({ tenantId, runId }, changes) {
      const items = await table.getMany(
        changes.map(({ linkId, id }) => keys.plannedChange(tenantId, linkId, runId, id)),
      );
      return items.flatMap(changesIn);
    },
  };
}

function listedBy(
  tenantId: string,
  { runId, linkId, connectionId }: ChangeFilter,
  times: readonly [string, string],
): MergedPartitions {
  if (runId !== undefined) {
    return { partitions: indexPartitions.changesOfRun(tenantId, runId), index: 'gsi2', range: times };
  }
  if (linkId !== undefined) {
    const range = [sortKeys.changePrefix + times[0], sortKeys.changePrefix + times[1]] as const;
    return { partitions: [partitions.changesOfLink(tenantId, linkId)], range };
  }
  if (connectionId === undefined) {
    throw new SyncError('invalid', 'The change log is listed by link, connection or run.');
  }
  return {
    partitions: indexPartitions.changesOfConnection(tenantId, connectionId),
    index: 'gsi1',
    range: times,
  };
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
