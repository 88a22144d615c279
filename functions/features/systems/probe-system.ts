import { asSyncError, SyncError } from '../../core/errors.ts';
import { inParallel } from '../../core/in-parallel.ts';
import type { FieldMetadata } from '../../core/model/field.ts';
import type { RecordSystem, RecordType } from '../../ports/record-system.ts';

/** What a system that answers says of one of its record types. */
export interface ProbedType extends RecordType {
  readonly fields: readonly FieldMetadata[];
}

/** What both systems say of themselves; the CRM's part is absent while the tenant has no CRM settings. */
export interface ProbedEnds {
  readonly erp: readonly ProbedType[];
  readonly crm: readonly ProbedType[] | undefined;
}

/** No system here has more types or tables: whoever tests it waits for all answers, and one may take seconds. */
const askedAtOnce = 5;

/** Uses a system as the engine will: signs in, asks every table for its cursor of now and describes every type. */
export async function probeSystem(system: RecordSystem): Promise<ProbedType[]> {
  const { types } = await system.capabilities();
  const tables = [...new Set(types.map((type) => type.table))];
  const [described] = await Promise.all([
    inParallel(types, askedAtOnce, async (type) => ({ ...type, fields: await system.describe(type.type) })),
    inParallel(tables, askedAtOnce, (table) => system.start(table)),
  ]);
  return described;
}

/**
 * The failure of a test as its caller sees it: refused, with the system's own explanation. A defect without one is ours, and
 * stays one; with one the system failed, and says how.
 */
export function testFailed(what: string, failure: unknown): SyncError {
  const error = asSyncError(failure);
  if (error.kind === 'defect' && error.explanation === undefined) return error;
  return new SyncError('rejected', `The test of ${what} failed (${error.kind}): ${error.message}`, {
    cause: error,
    explanation: error.explanation,
    retryAfterMs: error.retryAfterMs,
  });
}
