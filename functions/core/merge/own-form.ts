/**
 * A system that makes a form of its own of what it is sent, and whose answers prove nothing, looks like somebody who edits:
 * its form travels to the other side, once. Always true: the same made of the same again is taken as that form and listed
 * as differing, so that such a system and anybody who writes the first form again (another connection of the CRM record, an
 * enforced field) do not write in turn for ever. Pure. Attacked by test/core/merge/own-form.test.ts and
 * test/property/several-connections.test.ts.
 */
import type { FieldState } from '../model/link.ts';
import { otherSide, type Side } from '../model/side.ts';
import { sameContent } from '../values/convert.ts';
import { fingerprint } from '../values/fingerprint.ts';
import { agreedToDiffer, type FieldFacts, type FieldPlan, type Mark } from './field-plan.ts';

/** What stands where an unproven write was made, in place of what was sent; nothing if that is what was sent. */
function madeOfSent({ mapped, state, ...values }: Pick<FieldFacts, 'mapped' | 'state' | Side>): FieldState['reformed'] {
  const { unproven, agreed } = state;
  if (!unproven || !agreed) return undefined;
  const { side } = unproven;
  const [sent, now] = [agreed[side], values[side]];
  if (sameContent(mapped, side, now, sent)) return undefined;
  return { side, sent: fingerprint(sent), as: fingerprint(now) };
}

/** What is remembered once a form has travelled to the side that is written, or is known already. */
export function formToRemember(plan: FieldPlan, written: Side): FieldState['reformed'] {
  const made = madeOfSent(plan);
  return made && made.side === otherSide(written) ? made : plan.state.reformed;
}

function isKnown(facts: FieldFacts): boolean {
  const { reformed } = facts.state;
  const made = reformed && madeOfSent(facts);
  return (
    made?.side === reformed?.side && made?.sent === reformed?.sent && made?.as === reformed?.as && made !== undefined
  );
}

/** The plan of fields of which each shows its system's own form, known from before; nothing of others. */
export function keepOwnForms(moving: readonly FieldFacts[], side: Side, mark: Mark): FieldPlan[] | undefined {
  if (!moving.every((facts) => isKnown(facts) && facts.state.unproven?.side === otherSide(side))) return undefined;
  return moving.map((facts) => {
    const plan = agreedToDiffer(facts, side, 'own-form', mark);
    // It may be somebody's edit all the same: the write that replaces it logs it.
    return plan.rule === 'own-form'
      ? { ...plan, state: { ...plan.state, untravelled: true, reformed: facts.state.reformed } }
      : plan;
  });
}
