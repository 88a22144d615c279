/**
 * Fields whose mapping says *no blanks*, and resyncs without them. Always true: no blank of the engine's own accord replaces
 * a value there; both stay and are agreed to differ, a group whole, so that nothing is planned again until somebody edits
 * one of them. An edit that could not travel because of it is logged as losing once it is replaced. What a person chose on
 * just these values is theirs. Pure, so a crash leaves nothing. Attacked by test/core/merge/keep-blanks-back.test.ts and
 * test/property/flags.test.ts.
 */
import { sides } from '../model/side.ts';
import { isBlank, sameValue } from '../values/value.ts';
import { type FieldPlan, type Rule, still } from './field-plan.ts';

const persons: readonly Rule[] = ['chosen-at-connect', 'resolved', 'resolving'];

function blanksValue({ write, rule, mapped, ...now }: FieldPlan, everywhere: boolean): boolean {
  if (!write || persons.includes(rule) || !(everywhere || mapped.noBlanks)) return false;
  return isBlank(write.value) && !isBlank(now[write.side]);
}

/** What stands on either side may be an edit that the other has never held; a blank that may not travel is none. */
function hasUntravelled({ state, mapped, ...now }: FieldPlan): boolean {
  const { agreed, overtaken, untravelled } = state;
  if (overtaken || untravelled) return true;
  return sides.some((side) => {
    if (isBlank(now[side]) && (mapped.noBlanks || !agreed)) return false;
    return !(agreed && sameValue(now[side], agreed[side]));
  });
}

function keptBack(plan: FieldPlan): FieldPlan {
  const { crm, erp } = plan;
  const untravelled = hasUntravelled(plan) || undefined;
  return still(plan, 'blank-kept-back', { agreed: { crm, erp }, differs: true, keptBack: true, untravelled });
}

/** The plans of one group, whole; `everywhere`: whatever their mapping says. */
export function keepBlanksBack(plans: readonly FieldPlan[], everywhere = false): readonly FieldPlan[] {
  if (!plans.some((plan) => blanksValue(plan, everywhere))) return plans;
  return plans.map((plan) => (plan.write ? keptBack(plan) : plan));
}
