/**
 * A value that a person entered for a held field, written on both sides in turn. Always true: it is written only while each
 * side holds what the person saw or the value itself; nothing is agreed before both hold it. Pure, so a crash leaves
 * nothing. Attacked by test/core/merge/chosen.test.ts and test/features/conflicts/conflicts.test.ts.
 */
import type { Conflict } from '../model/field-change.ts';
import type { Choice } from '../model/link.ts';
import { otherSide, type Side, sides } from '../model/side.ts';
import { sameContent } from '../values/convert.ts';
import { fingerprint } from '../values/fingerprint.ts';
import { type FieldFacts, type FieldPlan, refusalMark, still } from './field-plan.ts';

/** What is remembered of a value on one side, to tell whether it moved. */
export function sawValue(crm: FieldFacts['crm'], erp: FieldFacts['erp']): { crm: string; erp: string } {
  return { crm: fingerprint(crm), erp: fingerprint(erp) };
}

/** What both sides had changed differently is a conflict whoever decides it: what is replaced is logged as losing, with its base. */
export function conflictAsked({ crm, erp }: FieldFacts, asked: Choice['asked'], winner: Side): Conflict | undefined {
  return asked && { winner, policy: 'resolved', base: asked.base, crm, erp };
}

/** The next of the two writes; nothing if a side holds something else by now. `asked`: of the choice. */
export function writeEntered(
  facts: FieldFacts,
  { to, saw }: NonNullable<Choice['entered']>,
  asked?: Choice['asked'],
): FieldPlan | undefined {
  const left = sides.filter((side) => !sameContent(facts.mapped, side, facts[side], to[side]));
  if (left.some((side) => fingerprint(facts[side]) !== saw[side])) return undefined;
  const [side, other] = left;
  if (!side) return still(facts, 'resolved', { agreed: { crm: facts.crm, erp: facts.erp } });
  const mark = () => refusalMark(facts, side);
  if (facts.state.parked && facts.state.parked.fingerprint === mark()) return still(facts, 'refused');
  const { parked: _over, ...state } = facts.state;
  const rule = other ? 'resolving' : 'resolved';
  const conflict = conflictAsked(facts, asked, otherSide(side));
  return { ...still(facts, rule, state), mark, write: { side, value: to[side] }, ...(conflict && { conflict }) };
}
