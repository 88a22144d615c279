/**
 * What a resync makes of one group of fields: the values of one side replace the other's, whatever their times and whoever
 * changed them. Always true: every value that is replaced is logged as losing, with its base; a group goes whole or not at
 * all; without blanks none replaces a value. Where the mapping does not let the group go that way it is planned as in any
 * look, so that nobody's edit is passed over. Pure. Attacked by test/core/merge/resync.test.ts and test/sync/resync.test.ts.
 */
import { writesSide } from '../mapping/writes-side.ts';
import type { Conflict } from '../model/field-change.ts';
import type { Resync } from '../model/run.ts';
import { otherSide, type Side } from '../model/side.ts';
import { isBlank } from '../values/value.ts';
import { type FieldFacts, type FieldPlan, write } from './field-plan.ts';
import { keepBlanksBack } from './keep-blanks-back.ts';
import { agreeing, type Group, markOf, planAgreeing, wholeOrNothing } from './plan-group.ts';
import type { PlanInput } from './plan-input.ts';
import { valueMark } from './withheld-mark.ts';

/** A blank is nothing that anybody loses. */
function losing({ state, crm, erp }: FieldFacts, winner: Side): Conflict | undefined {
  const lost = winner === 'crm' ? erp : crm;
  return isBlank(lost) ? undefined : { winner, policy: 'resync', base: state.agreed, crm, erp };
}

/** What differs is among the fields that the resync is about. */
function covers({ fields }: Resync, group: Group): boolean {
  return !fields || group.every((facts) => agreeing(facts) || fields.includes(facts.mapped.crm.key));
}

/** The resync that the group is planned in: that of the run, or an earlier one whose value waits for a person's answer. */
export function resyncFor({ resync, leftOfResync }: PlanInput, group: Group): Resync | undefined {
  if (resync && covers(resync, group)) return resync;
  if (!leftOfResync) return undefined;
  const { winner, fields, sent = {} } = leftOfResync;
  const isLeft = ({ field, ...facts }: FieldFacts) =>
    isBlank(facts[winner]) || valueMark(field, facts[winner]) === sent[field];
  const waits = (facts: FieldFacts) =>
    fields.includes(facts.field) && isLeft(facts) && !isBlank(facts[otherSide(winner)]);
  return group.some(waits) ? { winner, noBlanks: false } : undefined;
}

/** Nothing: the group is planned as usual. A choice made at connect, and what a person dropped, stand. */
export function planResync(
  { choices }: Pick<PlanInput, 'choices'>,
  { winner, noBlanks }: Resync,
  group: Group,
): FieldPlan[] | undefined {
  const side = otherSide(winner);
  const differing = group.filter((facts) => !agreeing(facts));
  const isPersons = ({ field, state }: FieldFacts) => state.held === 'dropped' || (!state.agreed && choices[field]);
  const goesThere = group.every(({ mapped }) => writesSide(mapped.direction, side));
  if (!goesThere || differing.length === 0 || group.some(isPersons)) return undefined;
  const mark = () => markOf(group, side);
  const plans = differing.map((facts) => write(facts, side, 'resync', mark, losing(facts, winner)));
  const whole = keepBlanksBack(wholeOrNothing(plans), noBlanks);
  return group.map((facts) => whole.find(({ field }) => field === facts.field) ?? planAgreeing(facts));
}
