/**
 * Fields that go one way and are *enforced*: what somebody edits where they are written is put back. Always true: what is
 * replaced is logged as losing with its base; one edit is put back once, for a value that the system itself may have made of
 * ours is taken as it is, and listed as differing. Pure, so a crash leaves nothing. Attacked by
 * test/core/merge/enforce.test.ts and test/property/flags.test.ts.
 */
import { otherSide, type Side } from '../model/side.ts';
import { type FieldFacts, type FieldPlan, type Mark, still, write } from './field-plan.ts';

/** Somebody edited what the group's direction writes, after it was agreed. */
export function isEnforced(group: readonly FieldFacts[], target: Side): boolean {
  const isEdited = group.some(({ state, changed }) => state.agreed !== undefined && changed[target]);
  return isEdited && group.some(({ mapped }) => mapped.enforce);
}

/** Put back, the value would only be made another one again. */
function asFound(facts: FieldFacts): FieldPlan {
  const { crm, erp } = facts;
  return still(facts, 'one-way', { agreed: { crm, erp }, differs: true, untravelled: true });
}

/** The source's values in place of the target's. */
export function restore(moving: readonly FieldFacts[], target: Side, mark: Mark): FieldPlan[] {
  if (moving.some(({ state }) => state.unproven?.side === target)) return moving.map(asFound);
  return moving.map((facts) => {
    const { state, crm, erp } = facts;
    const conflict = { winner: otherSide(target), policy: 'enforce', base: state.agreed, crm, erp };
    return write(facts, target, 'restored', mark, conflict);
  });
}
