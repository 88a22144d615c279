/**
 * The planner: a pure function from what both sides hold, what was last agreed and the mapping, to what is written where
 * and why. Dry run, the preview at connect and the audit trail all show this plan.
 * Attacked by test/property/ (convergence, no lost edit, no echo) and, row by row of the merge table, by test/core/merge/plan.test.ts.
 */

import { isMapped, type MappedField } from '../mapping/mapping.ts';
import { writesSide } from '../mapping/writes-side.ts';
import { type BySide, bySide } from '../model/by-side.ts';
import type { Conflict } from '../model/field-change.ts';
import { type Choice, type FieldState, fieldKey } from '../model/link.ts';
import { otherSide, type Side, sides } from '../model/side.ts';
import { agrees } from '../values/convert.ts';
import { fingerprint } from '../values/fingerprint.ts';
import { isBlank, sameValue, type Value, type Values } from '../values/value.ts';
import { writeEntered } from './chosen.ts';
import { agreedNow, type FieldFacts, type FieldPlan, type Rule, still, write } from './field-plan.ts';
import { type ConflictPolicy, decidePolicy, type SideTime } from './policy.ts';

export interface Plan {
  readonly fields: readonly FieldPlan[];
  /** By field key. */
  readonly writes: BySide<Values>;
}

export interface PlannedSide {
  readonly values: Values;
  readonly time?: SideTime;
}

export interface PlanInput {
  readonly fieldStates: Readonly<Record<string, FieldState>>;
  readonly choices: Readonly<Record<string, Choice>>;
  readonly crm: PlannedSide;
  readonly erp: PlannedSide;
  readonly mapping: readonly MappedField[];
  readonly policy: ConflictPolicy;
  readonly timeResolutionMs: BySide<number>;
}

interface LinkFacts extends PlanInput {
  /** The clashing fields are all that changed on that side since last agreed. */
  readonly onlyClashes: BySide<boolean>;
}

/** What a choice at connect was made on: if either value moved since, the choice is void. */
export function choiceFingerprint(crm: Value, erp: Value): string {
  return fingerprint([crm, erp]);
}

function factsOf(input: PlanInput, mapped: MappedField): FieldFacts {
  const field = fieldKey(mapped);
  const state = input.fieldStates[field] ?? {};
  const now = bySide((side) => input[side].values[mapped[side].key] ?? null);
  const moved = state.overtaken === 'moved';
  const changed = bySide((side) => state.agreed !== undefined && (moved || !sameValue(now[side], state.agreed[side])));
  return { mapped, field, ...now, state, changed };
}

/** The only side that the field's direction writes. */
function targetOf({ direction }: MappedField): Side | undefined {
  const [target, other] = sides.filter((side) => writesSide(direction, side));
  return other === undefined ? target : undefined;
}

/** Both sides hold different values that neither may simply overwrite: direction, then policy. */
function clash(link: LinkFacts, facts: FieldFacts, rule: Rule): FieldPlan {
  const { mapped, state, crm, erp } = facts;
  const target = targetOf(mapped);
  const decided = target
    ? { winner: otherSide(target), policy: 'one-way' }
    : decidePolicy({
        policy: mapped.conflictPolicy ?? link.policy,
        times: bySide((side) => link[side].time),
        resolutionMs: link.timeResolutionMs,
        onlyClashes: link.onlyClashes,
        hasBase: state.agreed !== undefined,
      });
  const conflict: Conflict = { ...decided, base: state.agreed, crm, erp };
  return write(facts, otherSide(decided.winner), rule, conflict);
}

function isClash(facts: FieldFacts): boolean {
  return facts.changed.crm && facts.changed.erp && !agrees(facts.mapped, facts.crm, facts.erp);
}

function firstTime(link: LinkFacts, facts: FieldFacts): FieldPlan {
  const { mapped, field, crm, erp } = facts;
  const choice = link.choices[field];
  if (choice) {
    const entered = choice.entered && writeEntered(facts, choice.entered);
    if (entered) return entered;
    if (choice.entered || choice.fingerprint !== choiceFingerprint(crm, erp)) {
      return still(facts, 'choice-void', { ...facts.state, held: 'choice-void' });
    }
    const side = otherSide(choice.side);
    // Keeping the side that the mapping would overwrite: both stay as they are, agreed to differ.
    const rule = choice.resolves ? 'resolved' : 'chosen-at-connect';
    if (!writesSide(mapped.direction, side)) return still(facts, rule, { agreed: { crm, erp } });
    return write(facts, side, rule);
  }
  const blank = sides.find((side) => isBlank(facts[side]));
  if (!blank) return clash(link, facts, 'first-sync');
  return writesSide(mapped.direction, blank) ? write(facts, blank, 'first-sync-fills-blank') : still(facts, 'one-way');
}

/** What was dropped after a brake is held until one of its values changes. */
function released(facts: FieldFacts): FieldFacts {
  const { held, heldOn, heldSince: _since, ...state } = facts.state;
  const moved = held === 'dropped' && heldOn !== choiceFingerprint(facts.crm, facts.erp);
  return moved ? { ...facts, state } : facts;
}

function planField(link: LinkFacts, found: FieldFacts): FieldPlan {
  const facts = released(found);
  const { mapped, state, changed, crm, erp } = facts;
  if (agrees(mapped, crm, erp)) {
    const asAgreed = state.agreed && sameValue(crm, state.agreed.crm) && sameValue(erp, state.agreed.erp);
    const clean = !state.overtaken && !state.parked && !state.held && !state.unproven;
    return asAgreed && clean ? still(facts, 'unchanged') : agreedNow(facts);
  }
  if (state.held) return still(facts, state.held);
  if (!state.agreed) return firstTime(link, facts);
  if (changed.crm && changed.erp) return clash(link, facts, 'changed-on-both');
  if (!changed.crm && !changed.erp) return still(facts, 'unchanged');
  const source: Side = changed.crm ? 'crm' : 'erp';
  const target = otherSide(source);
  if (!writesSide(mapped.direction, target)) return still(facts, 'one-way');
  return write(facts, target, `changed-in-${source}`);
}

/** Plans one link; the order of the mapping is kept. */
export function planLink(input: PlanInput): Plan {
  const all = input.mapping.filter(isMapped).map((mapped) => factsOf(input, mapped));
  const onlyClashes = bySide((side) => all.every((facts) => !facts.changed[side] || isClash(facts)));
  return planOf(all.map((facts) => planField({ ...input, onlyClashes }, facts)));
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
