/**
 * Whether what a plan is about to send could be recorded afterwards. Always true: the answer is known before anything is
 * sent, and errs on the side of no. Pure, so a crash leaves nothing. Attacked by test/core/merge/fits-record.test.ts and
 * test/contract/stores-sizes-suite.ts.
 */
import type { Link } from '../model/link.ts';
import { bytesOf } from '../values/bytes-of.ts';
import { mostJsonBytes } from '../values/most-json-bytes.ts';
import type { Value } from '../values/value.ts';
import type { FieldPlan } from './field-plan.ts';
import type { Plan } from './plan.ts';

/** A transaction takes 4 MB; the link's other items need little of what is left. */
const mostBytes = 3_500_000;
/** One change has to fit into a part of the log, with its names; a part is one item. */
const mostBytesPerChange = 60_000;
/** Names, marks and rule of one field, wherever it is stored. */
const fieldOverhead = 1_000;

/** Bytes of a value as JSON. */
type Measure = (value: Value) => number;

const exactly: Measure = (value) => bytesOf(JSON.stringify(value));

function sizeBy(measure: Measure, ...values: readonly (Value | undefined)[]): number {
  return values.reduce<number>((sum, value) => sum + measure(value ?? null), 0);
}

/** The row of the log: what is replaced and what is stored instead, and of a conflict base and both values. */
function changeBytes(measure: Measure, plan: FieldPlan): number {
  const { write, conflict } = plan;
  if (!write) return 0;
  const lost = conflict ? sizeBy(measure, conflict.crm, conflict.erp, conflict.base?.crm, conflict.base?.erp) : 0;
  return fieldOverhead + sizeBy(measure, write.value, plan[write.side]) + lost;
}

/** What the intent has of a field: base, both values, and what is sent. */
function intendedBytes(measure: Measure, { write, crm, erp, state }: FieldPlan): number {
  return write ? fieldOverhead + sizeBy(measure, write.value, crm, erp, state.agreed?.crm, state.agreed?.erp) : 0;
}

/** Last agreed, as it is and as it may become. */
function agreedBytes(measure: Measure, { crm, erp, state, write }: FieldPlan): number {
  const agreed = sizeBy(measure, state.agreed?.crm, state.agreed?.erp);
  return fieldOverhead + Math.max(sizeBy(measure, crm, erp), agreed) + sizeBy(measure, write?.value);
}

/** Intent, log and link go through one transaction, the record's: the intent counts there too, as it is taken away. */
function fitsBy(measure: Measure, link: Pick<Link, 'fieldStates'>, { fields }: Plan): boolean {
  const changes = fields.map((field) => changeBytes(measure, field));
  const planned = new Set(fields.map(({ field }) => field));
  const unmapped = Object.entries(link.fieldStates).filter(([field]) => !planned.has(field));
  const kept = unmapped.map(([, { agreed }]) => fieldOverhead + sizeBy(measure, agreed?.crm, agreed?.erp));
  const intended = fields.map((field) => intendedBytes(measure, field));
  const agreed = fields.map((field) => agreedBytes(measure, field));
  const all = [...changes, ...intended, ...agreed, ...kept];
  return (
    changes.every((bytes) => bytes <= mostBytesPerChange) && all.reduce((sum, bytes) => sum + bytes, 0) <= mostBytes
  );
}

/** Bytes are counted only where the most that there may be would not fit. */
export function fitsRecord(link: Pick<Link, 'fieldStates'>, plan: Plan): boolean {
  return fitsBy(mostJsonBytes, link, plan) || fitsBy(exactly, link, plan);
}
