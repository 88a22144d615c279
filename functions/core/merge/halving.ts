/**
 * A system may refuse several values without saying which it does not like. Always true: the one refused value is found by
 * sending half as many each time, and is parked alone; its neighbours are written (docs/decisions.md). Fields of one group
 * are sent together or not at all. Pure, so a crash
 * leaves nothing. Attacked by test/core/merge/halving.test.ts, test/sync/engine.test.ts and test/property/.
 */

import type { FieldState } from '../model/link.ts';
import { type Side, sides } from '../model/side.ts';
import type { FieldPlan } from './field-plan.ts';
import type { LookFacts } from './look-facts.ts';
import { type Plan, planOf } from './plan.ts';

/** The groups of which something is to be written, in order. */
function groupsWritten({ fields }: Plan, side?: Side): string[] {
  const writes = fields.filter(({ write }) => write && (side === undefined || write.side === side));
  return [...new Set(writes.map(({ group }) => group))];
}

/** A refusal that names nothing of what was sent: which of several groups it means is found by sending fewer. */
export function isUnclearRefusal({ plan, answers }: Pick<LookFacts, 'plan' | 'answers'>): boolean {
  return sides.some((side) => {
    const answer = answers[side];
    if (answer.outcome !== 'rejected') return false;
    const named = answer.field !== undefined && Object.hasOwn(plan.writes[side], answer.field);
    return !named && groupsWritten(plan, side).length > 1;
  });
}

export function halfOf(plan: Plan): number {
  return Math.ceil(groupsWritten(plan).length / 2);
}

/** The same plan with the writes of its first `most` groups only; the fields left out stay as they were `before` it. */
function withFewerWrites(plan: Plan, most: number, before: Readonly<Record<string, FieldState>>): Plan {
  const sent = groupsWritten(plan).slice(0, most);
  const fields = plan.fields.map((field): FieldPlan => {
    if (!field.write || sent.includes(field.group)) return field;
    const { write: _later, conflict: _with, mark: _mark, ...rest } = field;
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
  if (mostWrites === undefined || mostWrites >= groupsWritten(whole).length) {
    return { plan: whole, partial: whole.fields.some(({ rule }) => rule === 'resolving') };
  }
  return { plan: withFewerWrites(whole, mostWrites, before), partial: true };
}
