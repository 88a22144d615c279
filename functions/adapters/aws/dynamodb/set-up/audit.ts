/**
 * Always true: an entry is there if and only if the change that it tells of was made, for both are one transaction; and
 * nothing here changes or deletes one. The table forgets it after two years. Attacked by test/contract/stores-audit-suite.ts.
 */
import { AuditEntry } from '../../../../core/model/audit.ts';
import type { Audit, Trail } from '../../../../ports/audit.ts';
import type { Item, Table, Write } from '../../../../ports/table.ts';
import { indexPartitions, keys, partitions, sortKeys } from '../table/keys.ts';
import { readPage } from '../table/read-page.ts';
import { readItem, storedItem } from '../table/stored-item.ts';
import { expiryAfter } from './retention.ts';

const keptDays = 731;

/** What a store adds to the transaction of a change. */
export function trailWrites(trail: Trail = []): Write[] {
  return trail.map((entry) => ({ put: auditItem(entry) }));
}

export function auditStore({ table }: { readonly table: Table }): Audit {
  return {
    async note(trail) {
      await table.transact(trailWrites(trail));
    },
    async list(tenantId, { subject, id, from, to }, page) {
      const between = sortKeys.timeRange(from, to);
      // DynamoDB refuses a range that ends before it begins.
      if (between[0] > between[1]) return { items: [] };
      const read = (item: Item) => readItem('audit', AuditEntry, item);
      if (subject !== undefined && id !== undefined) {
        const pk = indexPartitions.auditOf(tenantId, subject, id);
        return readPage({ table, partitions: [pk], query: { index: 'gsi1', between, descending: true }, page, read });
      }
      return readPage({
        table,
        partitions: [partitions.audit(tenantId)],
        query: { between, descending: true },
        page,
        read: (item) => (subject === undefined || read(item).subject.kind === subject ? read(item) : undefined),
      });
    },
  };
}

function auditItem(entry: AuditEntry): Item {
  const { tenantId, subject, at, id } = entry;
  const index = {
    gsi1pk: indexPartitions.auditOf(tenantId, subject.kind, subject.id),
    gsi1sk: sortKeys.byTime(at, id),
  };
  const key = keys.audit(tenantId, at, id);
  return storedItem({ type: 'audit', key, index, expiresAtMs: expiryAfter(at, keptDays) }, entry);
}
