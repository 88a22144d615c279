/**
 * What a look leaves of one mapped field: its state, its row of the log, and the failure that says why it is left alone.
 * Attacked by test/core/merge/field-outcome.test.ts, test/core/merge/outcome.test.ts and test/property/.
 */

import { madeBy } from '../mapping/field-value.ts';
import { bySide } from '../model/by-side.ts';
import { type ChangeFacts, type FieldChange, fieldChangeOf } from '../model/field-change.ts';
import type { FieldState } from '../model/link.ts';
import type { FoundTrouble } from '../model/link-stand.ts';
import { sameContent } from '../values/convert.ts';
import { cutToBytes } from '../values/cut-to-bytes.ts';
import type { Value, Values } from '../values/value.ts';
import type { FieldPlan, PlannedWrite } from './field-plan.ts';
import type { LookFacts } from './look-facts.ts';
import { formToRemember } from './own-form.ts';
import { choiceFingerprint } from './plan-group.ts';

/** The log's row of a planned write; its value is the one that was stored, or in a dry run the one that would be sent. */
export function changeOfWrite(
  facts: ChangeFacts,
  plan: FieldPlan,
  write: PlannedWrite,
  outcome: FieldChange['outcome'],
): FieldChange {
  return fieldChangeOf(facts, {
    erpField: plan.mapped.erpField,
    crmField: plan.mapped.crmField,
    side: write.side,
    oldValue: plan[write.side],
    newValue: write.value,
    rule: plan.rule,
    transform: madeBy(plan.mapped),
    outcome,
    conflict: plan.conflict,
  });
}

interface FieldResult {
  readonly state: FieldState;
  readonly change?: FieldChange;
  readonly refused?: boolean;
}

function writtenField(
  facts: LookFacts,
  plan: FieldPlan,
  { side, value: sent }: PlannedWrite,
  stored: Values = {},
): FieldResult {
  const { key } = plan.mapped[side];
  const proven = key in stored;
  const kept = proven ? (stored[key] ?? null) : sent;
  const agreed = bySide((one) => (one === side ? kept : plan[one]));
  const { unproven } = plan.state;
  const rounds = (unproven && unproven.side !== side ? unproven.rounds : 0) + 1;
  const written = changeOfWrite(facts, plan, { side, value: kept }, 'written');
  const asSent = sameContent(plan.mapped, side, kept, sent);
  const change = asSent ? written : { ...written, sentValue: sent };
  // The other side is still to be written: nothing is agreed yet, and the choice stays.
  if (plan.rule === 'resolving') return { state: plan.state, change };
  const reformed = formToRemember(plan, side);
  const form = reformed && { reformed };
  if (!proven) return { state: { agreed, unproven: { side, rounds }, ...form }, change };
  return { state: asSent ? { agreed, ...form } : { agreed, differs: true, ...form }, change };
}

/** A part that was not written and reads otherwise once the rest of its group is: no edit, but where the parts now begin. */
function readBackOf({ plan: { fields }, answers }: LookFacts, plan: FieldPlan): FieldState | undefined {
  const side = fields.find(({ group, write }) => group === plan.group && write)?.write?.side;
  const answer = side && answers[side];
  if (!side || answer?.outcome !== 'ok' || !answer.stored || !plan.state.agreed) return undefined;
  const stored = answer.stored[plan.mapped[side].key];
  if (stored === undefined || sameContent(plan.mapped, side, stored, plan[side])) return undefined;
  return { ...plan.state, agreed: { ...plan.state.agreed, [side]: stored }, differs: true };
}

/** A person decided it, or another part of its group, after it was held. */
function isDecided({ link, plan: { fields } }: LookFacts, { group }: FieldPlan): boolean {
  return fields.some((one) => one.group === group && !one.state.agreed && link.choices[one.field]?.resolves === true);
}

function answeredField(facts: LookFacts, plan: FieldPlan): FieldResult {
  if (!plan.write) return { state: readBackOf(facts, plan) ?? plan.state };
  const { side } = plan.write;
  const answer = facts.answers[side];
  if (answer.outcome === 'ok') return writtenField(facts, plan, plan.write, answer.stored);
  const before = facts.link.fieldStates[plan.field] ?? {};
  if (answer.outcome !== 'rejected') return { state: before };
  const sent = facts.plan.fields.filter(({ write }) => write?.side === side);
  const named = sent.find(({ mapped }) => mapped[side].key === answer.field);
  // Where nothing that was sent is named, a group sent alone is refused whole: one part stands for all of it.
  const alone = sent.every(({ group }) => group === plan.group) ? sent[0] : undefined;
  if (!plan.mark || plan !== (named ?? alone)) return { state: before };
  const parked = { side, fingerprint: plan.mark(), reason: 'refused-by-system' } as const;
  const held = isDecided(facts, plan) ? { held: 'decision-refused' as const } : {};
  return { state: { ...before, parked, ...held }, refused: true };
}

function asText(value: Value): string | null {
  return value === null ? null : cutToBytes(String(value), 1000);
}

/** Why the field is left alone, for people; nothing if it is not. */
function fieldTrouble(facts: LookFacts, plan: FieldPlan, state: FieldState): Omit<FoundTrouble, 'anew'> | undefined {
  const reason = state.held ?? state.parked?.reason;
  if (!reason) return undefined;
  const refusedBy = state.parked && facts.answers[state.parked.side];
  return {
    field: plan.field,
    kind: state.held ? 'conflict' : 'rejected',
    reason,
    explanation: refusedBy?.outcome === 'rejected' ? refusedBy.explanation : undefined,
    forms: state.held && bySide((side) => asText(plan[side])),
  };
}

/** A held field remembers what it is shown with, and since when. */
function asHeld(facts: LookFacts, plan: FieldPlan, state: FieldState): FieldState {
  if (!state.held) return state;
  const { heldSince = facts.at } = facts.link.fieldStates[plan.field] ?? {};
  return { ...state, heldOn: choiceFingerprint(plan.crm, plan.erp), heldSince };
}

/** Held on other values than it is listed with; of what was held before that was remembered, the listed ones count. */
function showsOtherValues(before: FieldState, after: FieldState): boolean {
  if (!after.held || (before.held && before.heldOn === undefined)) return false;
  return before.heldOn !== after.heldOn;
}

export interface FieldOutcome {
  readonly field: string;
  readonly state: FieldState;
  readonly change: FieldChange | undefined;
  readonly newlyParked: boolean;
  readonly trouble: FoundTrouble | undefined;
}

export function fieldOutcome(facts: LookFacts, plan: FieldPlan): FieldOutcome {
  const result = answeredField(facts, plan);
  const newlyParked = result.refused === true || plan.parked !== undefined;
  const { dismissed, ...listedAnew } = result.state;
  const state = asHeld(facts, plan, newlyParked ? listedAnew : result.state);
  const trouble = fieldTrouble(facts, plan, state);
  const shownElse = dismissed !== true && showsOtherValues(facts.link.fieldStates[plan.field] ?? {}, state);
  return {
    field: plan.field,
    state,
    change: result.change,
    newlyParked,
    trouble: trouble && { ...trouble, anew: newlyParked || shownElse },
  };
}
