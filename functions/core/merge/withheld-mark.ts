import { otherSide } from '../model/side.ts';
import { fingerprint } from '../values/fingerprint.ts';
import type { Value } from '../values/value.ts';
import type { FieldPlan } from './field-plan.ts';

/** What tells a value of a field again without being it. */
export function valueMark(field: string, value: Value): string {
  return fingerprint([field, value]);
}

/** Of a planned write: the mark of what it would carry over. */
export function withheldMark(plan: FieldPlan): string | undefined {
  return plan.write && valueMark(plan.field, plan[otherSide(plan.write.side)]);
}
