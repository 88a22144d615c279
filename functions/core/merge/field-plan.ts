/**
 * What can be planned for one field: left as it is, agreed, written, refused or held. Always true: a value that was
 * refused is not sent again until it or its mapping changes, and a value that may be somebody's edit is never replaced
 * without being logged as losing. Attacked by test/core/merge/field-plan.test.ts,
 * test/core/merge/plan.test.ts and test/property/.
 */
import type { MappedField } from '../mapping/mapping.ts';
import type { BySide } from '../model/by-side.ts';
import type { Conflict } from '../model/field-change.ts';
import type { FieldState, ParkedField } from '../model/link.ts';
import { otherSide, type Side } from '../model/side.ts';
import { convertTo } from '../values/convert.ts';
import { fingerprint } from '../values/fingerprint.ts';
import type { Value } from '../values/value.ts';

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
  | 'refused'
  | 'withheld'
  | 'dropped'
  | 'resolving'
  | 'resolved';

export interface PlannedWrite {
  readonly side: Side;
  readonly value: Value;
}

export interface FieldPlan {
  readonly field: string;
  readonly mapped: MappedField;
  readonly rule: Rule;
  readonly crm: Value;
  readonly erp: Value;
  /** Present when something is to be written. */
  readonly write?: PlannedWrite;
  readonly conflict?: Conflict;
  /** The field's state after this plan, if nothing is written (a write's outcome decides it otherwise). */
  readonly state: FieldState;
  /** Newly refused: to be listed for a person. */
  readonly parked?: ParkedField;
}

/** One field of both records, and what moved since it was last agreed. */
export interface FieldFacts {
  readonly mapped: MappedField;
  readonly field: string;
  readonly crm: Value;
  readonly erp: Value;
  readonly state: FieldState;
  readonly changed: BySide<boolean>;
}

export function still(facts: FieldFacts, rule: Rule, state: FieldState = facts.state): FieldPlan {
  const { field, mapped, crm, erp } = facts;
  return { field, mapped, rule, crm, erp, state };
}

/** Both sides hold the same: that is the new last agreed value, and whatever stood in the way is over. */
export function agreedNow(facts: FieldFacts): FieldPlan {
  return still(facts, 'agrees', { agreed: { crm: facts.crm, erp: facts.erp } });
}

/** What a refusal to write this side is remembered by: the value and the mapping, so that another one is tried again. */
export function refusalMark(of: Pick<FieldFacts, 'mapped' | Side>, side: Side): string {
  const { direction, listPairs, crm, erp } = of.mapped;
  const mapping = {
    direction,
    listPairs,
    crm: [crm.type, crm.maxLength, crm.access],
    erp: [erp.type, erp.maxLength, erp.access],
  };
  return fingerprint([side, of[otherSide(side)], mapping]);
}

/** Two systems that each re-format the other's value would write for ever: the second unproven write in turn is the last. */
const roundsBeforeHeld = 2;

export function write(facts: FieldFacts, side: Side, rule: Rule, conflict?: Conflict): FieldPlan {
  const { mapped, state } = facts;
  const source = facts[otherSide(side)];
  const mark = refusalMark(facts, side);
  if (state.parked?.fingerprint === mark) return still(facts, 'refused');
  const conversion = convertTo(side, mapped, source);
  if (!conversion.ok) {
    const parked: ParkedField = { side, fingerprint: mark, reason: conversion.reason };
    return { ...still(facts, 'refused', { ...state, parked }), parked };
  }
  const { unproven } = state;
  if (unproven && unproven.side !== side && unproven.rounds >= roundsBeforeHeld && !conflict) {
    return still(facts, 'reformatted-in-turn', { ...state, held: 'reformatted-in-turn' });
  }
  const { parked: _over, ...kept } = state;
  // An overtaken write's present value may be somebody's edit that never travelled: it is logged as losing when replaced.
  const replaced: Conflict | undefined =
    conflict ??
    (state.overtaken
      ? { winner: otherSide(side), policy: 'overtaken', base: state.agreed, crm: facts.crm, erp: facts.erp }
      : undefined);
  return { ...still(facts, rule, kept), write: { side, value: conversion.value }, conflict: replaced };
}
