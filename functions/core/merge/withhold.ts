/**
 * The acts that a plan contains, and the plan without them. Always true: a field that is left out stays as it was before
 * the plan, and with it whatever shares its stored value on the side that would be written. Pure, so a crash leaves
 * nothing. Attacked by test/core/merge/withhold.test.ts and test/sync/brake.test.ts.
 */
import { madeBy } from '../mapping/field-value.ts';
import type { Withheld } from '../model/brake.ts';
import type { BySide } from '../model/by-side.ts';
import { type ChangeFacts, type FieldChange, fieldChangeOf } from '../model/field-change.ts';
import type { FieldState } from '../model/link.ts';
import { sides } from '../model/side.ts';
import { isBlank } from '../values/value.ts';
import { type FieldPlan, heldBack } from './field-plan.ts';
import { endsLook, type Outcome } from './outcome.ts';
import { type Plan, planOf } from './plan.ts';
import { choiceFingerprint } from './plan-group.ts';

type States = Readonly<Record<string, FieldState>>;

/** Fields whose write puts a blank over a value. What a person chose on just these two values is no act of the engine's. */
export function blanksIn({ fields }: Plan): FieldPlan[] {
  return fields.filter((plan) => {
    const { write, rule } = plan;
    if (!write || rule === 'resolved' || rule === 'resolving') return false;
    return isBlank(write.value) && !isBlank(plan[write.side]);
  });
}

/**
 * Fields whose write would fill a blank that was a value when it was last agreed, or that was kept from replacing one: it
 * may only be hidden from our user.
 */
export function refillsIn({ fields }: Plan): FieldPlan[] {
  return fields.filter((plan) => {
    const { write, state } = plan;
    if (!write || isBlank(write.value) || !isBlank(plan[write.side])) return false;
    return state.keptBack === true || (state.agreed !== undefined && !isBlank(state.agreed[write.side]));
  });
}

/** Fields that the given keys of either side cover. */
export function fieldsOf({ fields }: Plan, keys: BySide<readonly string[]>): FieldPlan[] {
  return fields.filter(({ mapped }) => sides.some((side) => keys[side].includes(mapped[side].key)));
}

function leftOut(plan: FieldPlan, rule: 'withheld' | 'dropped', state: FieldState): FieldPlan {
  const { write: _write, conflict: _conflict, mark: _mark, parked: _parked, ...rest } = plan;
  return { ...rest, rule, state };
}

/** One part that is left out keeps the rest of its group from being written without it; that stays as it was before. */
function without(
  plan: Plan,
  named: readonly FieldPlan[],
  before: States,
  leave: (field: FieldPlan) => FieldPlan,
): Plan {
  const fields = new Set(named.map(({ field }) => field));
  const parts = new Map(named.toReversed().map(({ group, field }) => [group, field]));
  return planOf(
    plan.fields.map((field) => {
      if (fields.has(field.field)) return leave(field);
      const part = parts.get(field.group);
      if (part === undefined || !field.write) return field;
      return { ...heldBack(field, part), state: before[field.field] ?? {} };
    }),
  );
}

/** The plan without the fields named and the rest of their groups. */
export function withhold(plan: Plan, named: readonly FieldPlan[], before: States): Plan {
  return without(plan, named, before, (field) => leftOut(field, 'withheld', before[field.field] ?? {}));
}

/** The plan with the fields named held, until one of their values changes or a person resolves them. */
export function drop(plan: Plan, named: readonly FieldPlan[], before: States): Plan {
  return without(plan, named, before, (field) => {
    const heldOn = choiceFingerprint(field.crm, field.erp);
    return leftOut(field, 'dropped', { ...before[field.field], held: 'dropped', heldOn });
  });
}

/** The log's row of a field that a person's answer to a brake dropped: what stands there won. */
function changeOfDropped(facts: ChangeFacts, { mapped, write, crm, erp, state }: FieldPlan): FieldChange[] {
  if (!write) return [];
  const { side } = write;
  const change = fieldChangeOf(facts, {
    erpField: mapped.erpField,
    crmField: mapped.crmField,
    side,
    oldValue: { crm, erp }[side],
    newValue: write.value,
    rule: 'dropped',
    transform: madeBy(mapped),
    outcome: 'dropped',
    conflict: { winner: side, policy: 'dropped', base: state.agreed, crm, erp },
  });
  return [change];
}

/** What was kept from the plan that was carried out. */
export interface KeptBack {
  readonly withheld?: Withheld | undefined;
  /** As they were planned. */
  readonly dropped?: readonly FieldPlan[] | undefined;
}

/** The outcome of a look, with what it kept back: a link with something withheld stays due. Of an unknown one nothing is recorded. */
export function withKeptBack(outcome: Outcome, { withheld, dropped = [] }: KeptBack, facts: ChangeFacts): Outcome {
  const { verdict, counts } = outcome;
  if (verdict === 'unknown') return outcome;
  return {
    ...outcome,
    after: { ...outcome.after, withheld },
    changes: [...outcome.changes, ...dropped.flatMap((field) => changeOfDropped(facts, field))],
    counts: withheld && endsLook(verdict) ? { ...counts, withheld: 1 } : counts,
    verdict: withheld && verdict === 'done' ? 'stays-due' : verdict,
  };
}
