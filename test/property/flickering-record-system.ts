import { MemoryRecordSystem } from '../../functions/adapters/memory/memory-record-system.ts';
import type { RecordBatch, RecordWrite, WriteAnswer } from '../../functions/ports/record-system.ts';

/**
 * A record system that may say "missing" of a record which the next read finds, as a replica behind its primary does, and
 * whose adapter may break over the answer to a write that was made.
 */
export class FlickeringRecordSystem extends MemoryRecordSystem {
  private readonly hidden = new Set<string>();
  private breaks = false;

  /** The next read does not find the record; the one after it does. */
  hideOnce(key: string): void {
    this.hidden.add(key);
  }

  /** The next write is made, and then its call throws what nobody expects. */
  breakOverNextWrite(): void {
    this.breaks = true;
  }

  override async update(
    type: string,
    writes: readonly RecordWrite[],
    fields: readonly string[],
  ): Promise<WriteAnswer[]> {
    const answers = await super.update(type, writes, fields);
    if (!this.breaks) return answers;
    this.breaks = false;
    throw new TypeError('an answer that cannot be read');
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
