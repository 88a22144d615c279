/**
 * The planner: a pure function from what both sides hold, what was last agreed and the mapping, to what is written where
 * and why. Dry run, the preview at connect and the audit trail all show this plan.
 * Attacked by test/property/ (convergence, no lost edit, no echo) and, row by row of the merge table, by test/core/merge/plan.test.ts.
 */

import { fieldGroups } from '../mapping/field-groups.ts';
import { fieldValue } from '../mapping/field-value.ts';
import { isMapped, type MappedField } from '../mapping/mapping.ts';
import { writesSide } from '../mapping/writes-side.ts';
import { type BySide, bySide } from '../model/by-side.ts';
import { type FieldState, fieldKey } from '../model/link.ts';
import type { Side } from '../model/side.ts';
import { sameValue, type Value, type Values } from '../values/value.ts';
import { type FieldFacts, type FieldPlan, withDoubt } from './field-plan.ts';
import { choiceFingerprint, type Group, isClash, planGroup } from './plan-group.ts';
import type { PlanInput } from './plan-input.ts';
import { planResync, resyncFor } from './plan-resync.ts';

export interface Plan {
  readonly fields: readonly FieldPlan[];
  /** By field key. */
  readonly writes: BySide<Values>;
}

/**
 * A refusal is over where its mapping has another direction by now: nothing would be sent there any more. What a person
 * chose keeps its own, for it may be refused without a write.
 */
function withoutFormerRefusal(state: FieldState, { direction }: MappedField, isChosen: boolean): FieldState {
  const { parked, dismissed: _of, ...rest } = state;
  return !parked || isChosen || writesSide(direction, parked.side) ? state : rest;
}

/**
 * What was dropped after a brake is held until one of its values changes; what a person is asked about, as long as both sides
 * clash and the policy asks, so it is found out anew.
 */
function released(state: FieldState, { crm, erp }: BySide<Value>): FieldState {
  if (state.held !== 'dropped' && state.held !== 'asked') return state;
  const { held, heldOn, heldSince: _since, ...rest } = state;
  const moved = heldOn !== undefined && heldOn !== choiceFingerprint(crm, erp);
  return held === 'asked' || moved ? rest : state;
}

/** A row of a mapping as it is planned by. */
interface PlannedRow {
  readonly mapped: MappedField;
  readonly field: string;
  readonly group: string;
}

/** Rows that merge as one; made once for all links of a mapping. */
const grouped = new WeakMap<readonly MappedField[], readonly (readonly PlannedRow[])[]>();

function groupedRows(mapping: readonly MappedField[]): readonly (readonly PlannedRow[])[] {
  const known = grouped.get(mapping);
  if (known) return known;
  const groups = fieldGroups(mapping.filter(isMapped)).map((rows) => {
    const fields = rows.map(fieldKey);
    return rows.map((mapped, at): PlannedRow => ({ mapped, field: fields[at] ?? '', group: fields[0] ?? '' }));
  });
  grouped.set(mapping, groups);
  return groups;
}

function factsOf(input: PlanInput, { mapped, field, group }: PlannedRow): FieldFacts {
  const now = bySide((side) => fieldValue(mapped, side, input[side].values));
  const before = withoutFormerRefusal(input.fieldStates[field] ?? {}, mapped, input.choices[field] !== undefined);
  const state = released(before, now);
  const moved = state.overtaken === 'moved';
  const changed = bySide((side) => state.agreed !== undefined && (moved || !sameValue(now[side], state.agreed[side])));
  return withDoubt({ mapped, field, group, ...now, state, changed });
}

function groupsOf(input: PlanInput): Group[] {
  return groupedRows(input.mapping).flatMap(([first, ...others]): Group[] =>
    first ? [[factsOf(input, first), ...others.map((row) => factsOf(input, row))]] : [],
  );
}

/** Plans one link; the order of the mapping is kept. */
export function planLink(input: PlanInput): Plan {
  const groups = groupsOf(input);
  const onlyClashes = bySide((side) =>
    groups.every((group) => group.every(({ changed }) => !changed[side]) || isClash(group)),
  );
  const link = { ...input, onlyClashes };
  const plans = groups.flatMap((group) => {
    const resync = resyncFor(input, group);
    return (resync && planResync(input, resync, group)) ?? planGroup(link, group);
  });
  return planOf(inOrderOf(input.mapping, plans));
}

function inOrderOf(mapping: readonly MappedField[], plans: readonly FieldPlan[]): readonly FieldPlan[] {
  const inOrder = plans.every(({ mapped }, at) => mapped === mapping[at]);
  return inOrder ? plans : plans.toSorted((one, other) => mapping.indexOf(one.mapped) - mapping.indexOf(other.mapped));
}

/** The plan of these fields, with the writes it comes to. */
export function planOf(fields: readonly FieldPlan[]): Plan {
  const writes: BySide<Record<string, Value>> = { crm: {}, erp: {} };
  for (const plan of fields) {
    if (!plan.write) continue;
    const { side, value } = plan.write;
    writes[side][plan.mapped[side].key] = value;
  }
  return { fields, writes };
}

/** Keys on one side whose values a write there has to find as they were read: those of every group that it touches. */
export function testedFields({ fields }: Plan, side: Side): string[] {
  const touched = new Set(fields.filter(({ write }) => write?.side === side).map(({ group }) => group));
  return [...new Set(fields.filter(({ group }) => touched.has(group)).map(({ mapped }) => mapped[side].key))];
}
