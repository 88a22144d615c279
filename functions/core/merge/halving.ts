/**
 * A system may refuse several values without saying which it does not like. Always true: the one refused value is found by
 * sending half as many each time, and is parked alone; its neighbours are written (docs/decisions.md). Pure, so a crash
 * leaves nothing. Attacked by test/core/merge/halving.test.ts, test/sync/engine.test.ts and test/property/.
 */

import type { FieldState } from '../model/link.ts';
import { sides } from '../model/side.ts';
import type { FieldPlan } from './field-plan.ts';
import type { LookFacts } from './look-facts.ts';
import { type Plan, planOf } from './plan.ts';

/** A refusal that names no field of several: which of them it means is found by sending fewer. */
export function isUnclearRefusal({ plan, answers }: Pick<LookFacts, 'plan' | 'answers'>): boolean {
  return sides.some((side) => {
    const answer = answers[side];
    return answer.outcome === 'rejected' && answer.field === undefined && Object.keys(plan.writes[side]).length > 1;
  });
}

function writesIn({ fields }: Plan): number {
  return fields.filter((field) => field.write).length;
}

export function halfOf(plan: Plan): number {
  return Math.ceil(writesIn(plan) / 2);
}

/** The same plan with its first `most` writes only; the fields left out stay as they were `before` it. */
function withFewerWrites(plan: Plan, most: number, before: Readonly<Record<string, FieldState>>): Plan {
  let left = most;
  const fields = plan.fields.map((field): FieldPlan => {
    if (!field.write) return field;
    left -= 1;
    if (left >= 0) return field;
    const { write: _later, conflict: _with, ...rest } = field;
    return { ...rest, state: before[field.field] ?? {} };
  });
  return planOf(fields);
}

/** As much of a plan as one round may write; `partial`: writes are left out, for a next round. */
export function upTo(
  mostWrites: number | undefined,
  whole: Plan,
  before: Readonly<Record<string, FieldState>>,
): { readonly plan: Plan; readonly partial: boolean } {
  if (mostWrites === undefined || mostWrites >= writesIn(whole)) {
    return { plan: whole, partial: whole.fields.some(({ rule }) => rule === 'resolving') };
  }
  return { plan: withFewerWrites(whole, mostWrites, before), partial: true };
}
