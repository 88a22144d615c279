/**
 * Always true: a record counts as gone only when a second read says so too, for the first may have met a moment in which
 * it could not be seen. Nothing is stored, so a crash leaves nothing. Attacked by test/property/people.test.ts.
 */
import type { RecordBatch, RecordSystem } from '../../ports/record-system.ts';

/** Makes a read, perhaps again after a short wait. */
export type Reading = <Answer>(read: () => Promise<Answer>) => Promise<Answer>;

/** Reads records; those that the first read misses are asked for once more. `readAtMs` is the first read's. */
export async function getConfirmed(
  system: RecordSystem,
  wanted: { readonly type: string; readonly keys: readonly string[]; readonly fields: readonly string[] },
  reading: Reading,
): Promise<RecordBatch> {
  const { type, keys, fields } = wanted;
  const first = await reading(() => system.get(type, keys, fields));
  if (first.missing.length === 0) return first;
  const second = await reading(() => system.get(type, first.missing, fields));
  return {
    ...first,
    records: [...first.records, ...second.records],
    missing: second.missing,
    failed: [...first.failed, ...second.failed],
  };
}
