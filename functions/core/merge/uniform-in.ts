import type { Withheld } from '../model/brake.ts';
import { otherSide } from '../model/side.ts';
import { isBlank } from '../values/value.ts';
import type { FieldPlan } from './field-plan.ts';
import type { Plan } from './plan.ts';
import { isOwnText, isRepeated } from './repeated-values.ts';
import { withheldMark } from './withheld-mark.ts';

/** What is known of texts that come to many links. */
export interface KnownTexts {
  /** Of the links read together with this one (`repeatedValues`). */
  readonly repeated: ReadonlySet<string>;
  /** Too few links of a chunk are left to see what repeats in it: every text may. */
  readonly isRest: boolean;
  /** What was withheld before, of this link or of those that a brake shows: the same text again is the same act. */
  readonly withheld: readonly NonNullable<Withheld['uniform']>['sent'][];
}

/** Fields whose write puts one and the same text over values of their own. */
export function uniformIn({ fields }: Plan, { repeated, isRest, withheld }: KnownTexts): FieldPlan[] {
  return fields.filter((plan) => {
    const { write, rule, mapped } = plan;
    if (!write || rule === 'resolved' || rule === 'resolving') return false;
    if (isBlank(write.value) || isBlank(plan[write.side])) return false;
    const from = otherSide(write.side);
    if (isRest ? isOwnText(mapped) : isRepeated(repeated, mapped, from, plan[from])) return true;
    const mark = withheldMark(plan);
    return withheld.some((sent) => sent?.[plan.field] === mark);
  });
}
