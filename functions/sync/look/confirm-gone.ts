/**
 * Always true: a record counts as gone only when a second read says so too, for the first may have met a moment in which
 * it could not be seen. Nothing is stored, so a crash leaves nothing. Attacked by test/property/people.test.ts.
 */
import type { RecordBatch, RecordSystem } from '../../ports/record-system.ts';

/** Reads records; those that the first read misses are asked for once more. `readAtMs` is the first read's. */
export async function getConfirmed(
  system: RecordSystem,
  type: string,
  keys: readonly string[],
  fields: readonly string[],
): Promise<RecordBatch> {
  const first = await system.get(type, keys, fields);
  if (first.missing.length === 0) return first;
  const second = await system.get(type, first.missing, fields);
  return { ...first, records: [...first.records, ...second.records], missing: second.missing };
}
