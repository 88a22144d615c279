/**
 * What can be planned for one field: left as it is, agreed, written, refused or held. Always true: a value that was
 * refused is not sent again until it or its mapping changes, and a value that may be somebody's edit is never replaced
 * without being logged as losing. Attacked by test/core/merge/field-plan.test.ts,
 * test/core/merge/plan.test.ts and test/property/.
 */
import type { ListPairs, MappedField } from '../mapping/mapping.ts';
import { writingRules } from '../mapping/writing-rules.ts';
import type { BySide } from '../model/by-side.ts';
import type { Conflict } from '../model/field-change.ts';
import type { FieldState, ParkedField } from '../model/link.ts';
import { otherSide, type Side, sides } from '../model/side.ts';
import { convertTo, counterpartOf, sameContent } from '../values/convert.ts';
import { fingerprint } from '../values/fingerprint.ts';
import { isOversize } from '../values/size.ts';
import type { Value } from '../values/value.ts';

/** What a refusal is remembered by; told when it is asked for, as few values are ever refused. */
export type Mark = () => string;

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
  | 'restored'
  | 'choice-void'
  | 'decision-refused'
  | 'reformatted-in-turn'
  | 'part-refused'
  | 'refused'
  | 'asked'
  | 'withheld'
  | 'dropped'
  | 'resolving'
  | 'resync'
  | 'own-form'
  | 'blank-kept-back'
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
  /** Names the fields that merge as one with it: the first of them. */
  readonly group: string;
  /** With a write: what its refusal is remembered by. */
  readonly mark?: Mark;
  /** With `part-refused`: the field of its group that is refused or held. */
  readonly part?: string;
}

/** One field of both records, and what moved since it was last agreed. */
export interface FieldFacts {
  readonly mapped: MappedField;
  readonly field: string;
  readonly crm: Value;
  readonly erp: Value;
  readonly state: FieldState;
  readonly changed: BySide<boolean>;
  /** The first field of its group. */
  readonly group: string;
}

export function still(facts: Omit<FieldFacts, 'changed'>, rule: Rule, state: FieldState = facts.state): FieldPlan {
  const { field, group, mapped, crm, erp } = facts;
  return { field, group, mapped, rule, crm, erp, state };
}

/** Not written, because `part` of its group is not. */
export function heldBack({ write: _write, conflict: _with, mark: _mark, ...plan }: FieldPlan, part: string): FieldPlan {
  const { parked: _over, ...state } = plan.state;
  return { ...plan, rule: 'part-refused', state, part };
}

/**
 * Both sides hold the same: that is the new last agreed value, and whatever stood in the way is over. A value too large to
 * be remembered leaves the base as it was.
 */
export function agreedNow(facts: FieldFacts): FieldPlan {
  const { crm, erp, state } = facts;
  const oversize = sides.some((side) => isOversize(facts[side]));
  return still(facts, 'agrees', { agreed: oversize ? state.agreed : { crm, erp } });
}

/**
 * What a refusal to write this side is remembered by: the value that would be sent and the mapping, so that another one is
 * tried again; what stands on the side is none of it, for the same value would be refused again. A value too large to be logged is refused for its own sake, so it counts on the side to be written too.
 */
export function refusalMark(of: Pick<FieldFacts, 'mapped' | Side>, side: Side): string {
  const replaced = isOversize(of[side]) ? [fingerprint(of[side])] : [];
  const rules = writingRules(of.mapped, itemPairOf(of, side));
  return fingerprint([side, of[otherSide(side)], rules, ...replaced]);
}

/** Of the list pairs only the one that this value needs: that another item is mapped tries nothing again. */
function itemPairOf(of: Pick<FieldFacts, 'mapped' | Side>, side: Side): ListPairs | undefined {
  if (of.mapped.listPairs === undefined) return undefined;
  const item = String(of[otherSide(side)] ?? '');
  const other = counterpartOf(of.mapped, side, item);
  return other === undefined ? {} : { [item]: other };
}

/** Two systems that each re-format the other's value would write for ever: the second unproven write in turn is the last. */
const roundsBeforeHeld = 2;

/** The value that stands there now was not certainly sent by us: it may be somebody's edit that never travelled. */
function doubtOf(facts: FieldFacts): string | undefined {
  const { state, mapped } = facts;
  if (state.overtaken) return 'overtaken';
  if (state.untravelled) return 'untravelled';
  const { unproven, agreed } = state;
  if (!unproven || !agreed) return undefined;
  const { side } = unproven;
  return sameContent(mapped, side, facts[side], agreed[side]) ? undefined : 'unproven';
}

/** A value that is not the one sent, where the answer to the write proved nothing: both sides are listed as they stand. */
export function withDoubt(facts: FieldFacts): FieldFacts {
  return doubtOf(facts) === 'unproven' ? { ...facts, state: { ...facts.state, differs: true } } : facts;
}

function wasRefused({ state }: FieldFacts, mark: Mark): boolean {
  return state.parked !== undefined && state.parked.fingerprint === mark();
}

function refuse(facts: FieldFacts, side: Side, mark: Mark, reason: ParkedField['reason']): FieldPlan {
  const item = reason === 'unmapped-list-item' ? String(facts[otherSide(side)]) : undefined;
  const parked: ParkedField = { side, fingerprint: mark(), ...(item !== undefined && { item }), reason };
  return { ...still(facts, 'refused', { ...facts.state, parked }), parked };
}

/** Both stay as they are although they do not agree, as long as both can be remembered. */
export function agreedToDiffer(facts: FieldFacts, side: Side, rule: Rule, mark: Mark): FieldPlan {
  const { crm, erp } = facts;
  if (wasRefused(facts, mark)) return still(facts, 'refused');
  if (isOversize(crm) || isOversize(erp)) return refuse(facts, side, mark, 'too-long');
  return still(facts, rule, { agreed: { crm, erp }, differs: true });
}

export function write(facts: FieldFacts, side: Side, rule: Rule, mark: Mark, conflict?: Conflict): FieldPlan {
  const { mapped, state } = facts;
  if (wasRefused(facts, mark)) return still(facts, 'refused');
  const conversion = convertTo(side, mapped, facts[otherSide(side)], facts[side]);
  if (!conversion.ok) return refuse(facts, side, mark, conversion.reason);
  const { unproven } = state;
  if (unproven && unproven.side !== side && unproven.rounds >= roundsBeforeHeld && !conflict) {
    return still(facts, 'reformatted-in-turn', { ...state, held: 'reformatted-in-turn' });
  }
  const { parked: _over, ...kept } = state;
  // What is replaced may be somebody's edit that never travelled: it is logged as losing.
  const doubt = doubtOf(facts);
  const replaced: Conflict | undefined =
    conflict ??
    (doubt
      ? { winner: otherSide(side), policy: doubt, base: state.agreed, crm: facts.crm, erp: facts.erp }
      : undefined);
  return { ...still(facts, rule, kept), mark, write: { side, value: conversion.value }, conflict: replaced };
}
