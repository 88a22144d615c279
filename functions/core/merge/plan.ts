/**
 * The planner: a pure function from what both sides hold, what was last agreed and the mapping, to what is written where
 * and why (engine.md §2 and §3). Dry run, the preview at connect and the audit trail all show this plan.
 * Attacked by test/property/ (convergence, no lost edit, no echo) and, row by row of the merge table, by test/core/merge/plan.test.ts.
 */

import type { MappedField } from '../mapping/mapping.ts';
import { otherSide, type Side } from '../model/actor-type.ts';
import { type BothForms, type Choice, type FieldState, fieldKey, type ParkedField } from '../model/link.ts';
import { agrees, convertTo } from '../values/convert.ts';
import { fingerprint } from '../values/fingerprint.ts';
import { isBlank, sameValue, type Value, type Values } from '../values/value.ts';
import type { ConflictPolicy } from './policy.ts';
import { decidePolicy, type SideTime } from './policy.ts';

/** Why a field is written, left, held or refused: the audit trail's and the preview's closed list. */
export type Rule =
  | 'agrees'
  | 'unchanged'
  | 'changed-in-erp'
  | 'changed-in-crm'
  | 'changed-on-both'
  | 'first-sync'
  | 'first-sync-fills-blank'
  | 'chosen-at-connect'
  | 'one-way'
  | 'choice-void'
  | 'reformatted-in-turn'
  | 'refused';

export interface Conflict {
  readonly winner: Side;
  /** What decided: the direction, the policy, or latest-wins' fallback. */
  readonly policy: string;
  readonly base?: BothForms;
  readonly crm: Value;
  readonly erp: Value;
}

export interface FieldPlan {
  readonly field: string;
  readonly mapped: MappedField;
  readonly rule: Rule;
  readonly crm: Value;
  readonly erp: Value;
  /** Present when something is to be written. */
  readonly write?: { readonly side: Side; readonly value: Value };
  readonly conflict?: Conflict;
  /** The field's state after this plan, if nothing is written (a write's outcome decides it otherwise). */
  readonly state: FieldState;
  /** Newly refused: to be listed for a person. */
  readonly parked?: ParkedField;
}

export interface Plan {
  readonly fields: readonly FieldPlan[];
  readonly writes: { readonly crm: Values; readonly erp: Values };
}

export interface PlannedSide {
  readonly values: Values;
  readonly time?: SideTime;
}

export interface PlanInput {
  readonly fields: Readonly<Record<string, FieldState>>;
  readonly choices: Readonly<Record<string, Choice>>;
  readonly crm: PlannedSide;
  readonly erp: PlannedSide;
  readonly mapping: readonly MappedField[];
  readonly policy: ConflictPolicy;
  readonly timeResolutionMs: { readonly crm: number; readonly erp: number };
}

/** What a choice at connect was made on: if either value moved since, the choice is void. */
export function choiceFingerprint(crm: Value, erp: Value): string {
  return fingerprint([crm, erp]);
}

interface FieldFacts {
  readonly mapped: MappedField;
  readonly field: string;
  readonly crm: Value;
  readonly erp: Value;
  readonly state: FieldState;
  readonly changed: { readonly crm: boolean; readonly erp: boolean };
}

function factsOf(input: PlanInput, mapped: MappedField): FieldFacts {
  const field = fieldKey(mapped);
  const state = input.fields[field] ?? {};
  const crm = input.crm.values[mapped.crmField] ?? null;
  const erp = input.erp.values[mapped.erpField] ?? null;
  const moved = state.overtaken === 'moved';
  const changed = {
    crm: state.agreed !== undefined && (moved || !sameValue(crm, state.agreed.crm)),
    erp: state.agreed !== undefined && (moved || !sameValue(erp, state.agreed.erp)),
  };
  return { mapped, field, crm, erp, state, changed };
}

function mayWrite(mapped: MappedField, side: Side): boolean {
  return mapped.direction === 'both' || mapped.direction === (side === 'crm' ? 'toCrm' : 'toErp');
}

/** The only side a one-way mapping writes. */
function targetOf(mapped: MappedField): Side | undefined {
  if (mapped.direction === 'toCrm') return 'crm';
  return mapped.direction === 'toErp' ? 'erp' : undefined;
}

function still(facts: FieldFacts, rule: Rule, state: FieldState = facts.state): FieldPlan {
  const { field, mapped, crm, erp } = facts;
  return { field, mapped, rule, crm, erp, state };
}

/** Both sides hold the same: that is the new last agreed value, and whatever stood in the way is over. */
function agreedNow(facts: FieldFacts): FieldPlan {
  return still(facts, 'agrees', { agreed: { crm: facts.crm, erp: facts.erp } });
}

function mappingMark(mapped: MappedField): unknown {
  const { direction, listPairs, crm, erp } = mapped;
  return {
    direction,
    listPairs,
    crm: [crm.type, crm.maxLength, crm.access],
    erp: [erp.type, erp.maxLength, erp.access],
  };
}

/** Two systems that each re-format the other's value would write for ever: the second unproven write in turn is the last. */
const roundsBeforeHeld = 2;

function write(facts: FieldFacts, side: Side, rule: Rule, conflict?: Conflict): FieldPlan {
  const { mapped, state } = facts;
  const source = facts[otherSide(side)];
  const mark = fingerprint([side, source, mappingMark(mapped)]);
  if (state.parked?.fingerprint === mark) return still(facts, 'refused');
  const conversion = convertTo(side, mapped, source);
  if (!conversion.ok) {
    const parked: ParkedField = { side, fingerprint: mark, reason: conversion.reason };
    return { ...still(facts, 'refused', { ...state, parked }), parked };
  }
  const bounced = state.unproven !== undefined && state.unproven.side !== side && !conflict;
  if (bounced && (state.unproven?.rounds ?? 0) >= roundsBeforeHeld) {
    return still(facts, 'reformatted-in-turn', { ...state, held: 'reformatted-in-turn' });
  }
  const { parked: _over, ...kept } = state;
  // An overtaken write's present value may be somebody's edit that never travelled: it is logged as losing when replaced.
  const replaced: Conflict | undefined =
    conflict ??
    (state.overtaken
      ? { winner: otherSide(side), policy: 'overtaken', base: state.agreed, crm: facts.crm, erp: facts.erp }
      : undefined);
  return {
    ...still(facts, rule, kept),
    write: { side, value: conversion.value },
    ...(replaced && { conflict: replaced }),
  };
}

/** The mark under which a refusal by the system itself is parked, so that the same value is not sent again. */
export function refusalMark(plan: FieldPlan): ParkedField | undefined {
  if (!plan.write) return undefined;
  const { side } = plan.write;
  return {
    side,
    fingerprint: fingerprint([side, plan[otherSide(side)], mappingMark(plan.mapped)]),
    reason: 'refused-by-system',
  };
}

/** Both sides hold different values that neither may simply overwrite: direction, then policy. */
function clash(input: PlanInput, facts: FieldFacts, all: readonly FieldFacts[], rule: Rule): FieldPlan {
  const { mapped, state, crm, erp } = facts;
  const target = targetOf(mapped);
  const decided = target
    ? { winner: otherSide(target), policy: 'one-way' }
    : decidePolicy({
        policy: mapped.conflictPolicy ?? input.policy,
        times: { crm: input.crm.time, erp: input.erp.time },
        resolutionMs: input.timeResolutionMs,
        onlyClashes: {
          crm: all.every((other) => !other.changed.crm || isClash(other)),
          erp: all.every((other) => !other.changed.erp || isClash(other)),
        },
        hasBase: state.agreed !== undefined,
      });
  const conflict: Conflict = { ...decided, base: state.agreed, crm, erp };
  return write(facts, otherSide(decided.winner), rule, conflict);
}

function isClash(facts: FieldFacts): boolean {
  return facts.changed.crm && facts.changed.erp && !agrees(facts.mapped, facts.crm, facts.erp);
}

function firstTime(input: PlanInput, facts: FieldFacts, all: readonly FieldFacts[]): FieldPlan {
  const { mapped, field, crm, erp } = facts;
  const choice = input.choices[field];
  if (choice) {
    if (choice.fingerprint !== choiceFingerprint(crm, erp)) {
      return still(facts, 'choice-void', { ...facts.state, held: 'choice-void' });
    }
    const side = otherSide(choice.side);
    // Keeping the side that the mapping would overwrite: both stay as they are, agreed to differ.
    if (!mayWrite(mapped, side)) return still(facts, 'chosen-at-connect', { agreed: { crm, erp } });
    return write(facts, side, 'chosen-at-connect');
  }
  const blank: Side | undefined = isBlank(crm) ? 'crm' : isBlank(erp) ? 'erp' : undefined;
  if (blank) return mayWrite(mapped, blank) ? write(facts, blank, 'first-sync-fills-blank') : still(facts, 'one-way');
  const plan = clash(input, facts, all, 'first-sync');
  return plan;
}

function planField(input: PlanInput, facts: FieldFacts, all: readonly FieldFacts[]): FieldPlan {
  const { mapped, state, changed, crm, erp } = facts;
  if (agrees(mapped, crm, erp)) {
    const settled = state.agreed && sameValue(crm, state.agreed.crm) && sameValue(erp, state.agreed.erp);
    const clean = !state.overtaken && !state.parked && !state.held && !state.unproven;
    return settled && clean ? still(facts, 'unchanged') : agreedNow(facts);
  }
  if (state.held) return still(facts, state.held);
  if (!state.agreed) return firstTime(input, facts, all);
  if (changed.crm && changed.erp) return clash(input, facts, all, 'changed-on-both');
  if (!changed.crm && !changed.erp) return still(facts, 'unchanged');
  const source: Side = changed.crm ? 'crm' : 'erp';
  const target = otherSide(source);
  if (!mayWrite(mapped, target)) return still(facts, 'one-way');
  return write(facts, target, source === 'crm' ? 'changed-in-crm' : 'changed-in-erp');
}

/** Plans one link; the order of the mapping is kept. */
export function planLink(input: PlanInput): Plan {
  const all = input.mapping.filter((mapped) => mapped.direction !== 'none').map((mapped) => factsOf(input, mapped));
  return planFrom(all.map((facts) => planField(input, facts, all)));
}

function planFrom(fields: readonly FieldPlan[]): Plan {
  const writes: { crm: Record<string, Value>; erp: Record<string, Value> } = { crm: {}, erp: {} };
  for (const plan of fields) {
    if (!plan.write) continue;
    const key = plan.write.side === 'crm' ? plan.mapped.crmField : plan.mapped.erpField;
    writes[plan.write.side][key] = plan.write.value;
  }
  return { fields, writes };
}

/** The same plan with its first `most` writes only; the fields left out stay as they were `before` it. */
export function withFewerWrites(plan: Plan, most: number, before: Readonly<Record<string, FieldState>>): Plan {
  let left = most;
  const fields = plan.fields.map((field): FieldPlan => {
    if (!field.write) return field;
    left -= 1;
    if (left >= 0) return field;
    const { write: _later, conflict: _open, ...rest } = field;
    return { ...rest, state: before[field.field] ?? {} };
  });
  return planFrom(fields);
}
