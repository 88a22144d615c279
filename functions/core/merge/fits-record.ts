/**
 * Whether what a plan is about to send could be recorded afterwards. Always true: the answer is known before anything is
 * sent, and errs on the side of no. Pure, so a crash leaves nothing. Attacked by test/core/merge/fits-record.test.ts and
 * test/contract/stores-sizes-suite.ts.
 */
import type { Link } from '../model/link.ts';
import { bytesOf } from '../values/bytes-of.ts';
import type { Value } from '../values/value.ts';
import type { FieldPlan } from './field-plan.ts';
import type { Plan } from './plan.ts';

/** A transaction takes 4 MB; the link's other items need little of what is left. */
const mostBytes = 3_500_000;
/** One change has to fit into a part of the log, with its names; a part is one item. */
const mostBytesPerChange = 60_000;
/** Names, marks and rule of one field, wherever it is stored. */
const fieldOverhead = 1_000;

function size(...values: readonly (Value | undefined)[]): number {
  return values.reduce<number>((sum, value) => sum + bytesOf(JSON.stringify(value ?? null)), 0);
}

/** The row of the log: what is replaced and what is stored instead, and of a conflict base and both values. */
function changeBytes({ write, conflict, ...plan }: FieldPlan): number {
  if (!write) return 0;
  const lost = conflict ? size(conflict.crm, conflict.erp, conflict.base?.crm, conflict.base?.erp) : 0;
  return fieldOverhead + size(write.value, plan[write.side]) + lost;
}

/** What the intent has of a field: base, both values, and what is sent. */
function intendedBytes({ write, crm, erp, state }: FieldPlan): number {
  return write ? fieldOverhead + size(write.value, crm, erp, state.agreed?.crm, state.agreed?.erp) : 0;
}

/** Last agreed, as it is and as it may become. */
function agreedBytes({ crm, erp, state, write }: FieldPlan): number {
  return fieldOverhead + Math.max(size(crm, erp), size(state.agreed?.crm, state.agreed?.erp)) + size(write?.value);
}

/** Intent, log and link go through one transaction, the record's: the intent counts there too, as it is taken away. */
export function fitsRecord(link: Pick<Link, 'fieldStates'>, { fields }: Plan): boolean {
  const changes = fields.map(changeBytes);
  const planned = new Set(fields.map(({ field }) => field));
  const unmapped = Object.entries(link.fieldStates).filter(([field]) => !planned.has(field));
  const kept = unmapped.map(([, { agreed }]) => fieldOverhead + size(agreed?.crm, agreed?.erp));
  const all = [...changes, ...fields.map(intendedBytes), ...fields.map(agreedBytes), ...kept];
  return (
    changes.every((bytes) => bytes <= mostBytesPerChange) && all.reduce((sum, bytes) => sum + bytes, 0) <= mostBytes
  );
}
