import { MemoryRecordSystem } from '../../functions/adapters/memory/memory-record-system.ts';
import type { RecordBatch } from '../../functions/ports/record-system.ts';

/** A record system that may say "missing" of a record which the next read finds, as a replica behind its primary does. */
export class FlickeringRecordSystem extends MemoryRecordSystem {
  private readonly hidden = new Set<string>();

  /** The next read does not find the record; the one after it does. */
  hideOnce(key: string): void {
    this.hidden.add(key);
  }

  override async get(type: string, keys: readonly string[], fields: readonly string[]): Promise<RecordBatch> {
    const hidden = new Set(keys.filter((key) => this.hidden.delete(key)));
    const batch = await super.get(type, keys, fields);
    return {
      ...batch,
      records: batch.records.filter((record) => !hidden.has(record.key)),
      missing: keys.filter((key) => hidden.has(key) || batch.missing.includes(key)),
    };
  }
}
