import type { FieldPlan } from '../../core/merge/field-plan.ts';
import { drop, withhold } from '../../core/merge/withhold.ts';
import type { ActKind } from '../../core/model/brake.ts';
import type { Link } from '../../core/model/link.ts';
import type { ActVerdict } from './act-verdict.ts';
import { type Guarded, withheldOf } from './guarded.ts';

/** The plan with what each of the acts may do; those of one link that met the same verdict together. */
export function ruled(kind: ActKind, before: Guarded, link: Link, acts: ReadonlyMap<FieldPlan, ActVerdict>): Guarded {
  const of = (...verdicts: ActVerdict[]) => [...acts].filter(([, one]) => verdicts.includes(one)).map(([act]) => act);
  const dropped = of('dropped');
  const withheld = of('allowance', 'braked');
  if (dropped.length === 0 && withheld.length === 0) return before;
  const reason = of('braked').length > 0 ? 'braked' : 'allowance';
  const kept = withhold(before.plan, withheld, link.fieldStates);
  return {
    plan: drop(kept, dropped, link.fieldStates),
    withheld: withheld.length > 0 ? { ...before.withheld, ...withheldOf(kind, withheld, reason) } : before.withheld,
    dropped: [...(before.dropped ?? []), ...dropped],
  };
}
