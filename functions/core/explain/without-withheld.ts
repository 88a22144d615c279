import type { FieldPlan } from '../merge/field-plan.ts';
import type { Plan } from '../merge/plan.ts';
import { withheldMark } from '../merge/withheld-mark.ts';
import { withhold } from '../merge/withhold.ts';
import { type ActKind, actKinds, type WithheldAct } from '../model/brake.ts';
import type { Link } from '../model/link.ts';
import { isBlank } from '../values/value.ts';

/** The write would be the act that the last look withheld; one whose value was put right since is none. */
function isStill(kind: ActKind, { fields, sent }: WithheldAct, plan: FieldPlan): boolean {
  if (!plan.write || !fields.includes(plan.field)) return false;
  if (kind === 'blanks') return isBlank(plan.crm) || isBlank(plan.erp);
  // What is refused link after link is refused whatever the value.
  return kind === 'refusals' || sent === undefined || sent[plan.field] === withheldMark(plan);
}

/** The plan of the next look without what the last one withheld, and without the rest of its groups. */
export function withoutWithheld(plan: Plan, { withheld, fieldStates }: Pick<Link, 'withheld' | 'fieldStates'>): Plan {
  if (!withheld) return plan;
  const acts = actKinds.flatMap((kind) => {
    const act = withheld[kind];
    return act ? plan.fields.filter((field) => isStill(kind, act, field)) : [];
  });
  return acts.length > 0 ? withhold(plan, acts, fieldStates) : plan;
}
