/**
 * The merge of one group of fields, most often a group of one. Always true: a group goes one way in one look, whole or not
 * at all, so that no value made of several fields is written in part; what both sides changed differently is one clash,
 * and every value it replaces is logged. Attacked by test/core/merge/groups.test.ts, test/core/merge/plan.test.ts and
 * test/property/.
 */

import { onlyTarget, writesSide } from '../mapping/writes-side.ts';
import { type BySide, bySide } from '../model/by-side.ts';
import type { Conflict } from '../model/field-change.ts';
import type { Choice } from '../model/link.ts';
import { otherSide, type Side, sides } from '../model/side.ts';
import { agrees } from '../values/convert.ts';
import { fingerprint } from '../values/fingerprint.ts';
import { isBlank, sameValue, type Value } from '../values/value.ts';
import { conflictAsked, writeEntered } from './chosen.ts';
import { winnerByPriority } from './crm-writers.ts';
import { isEnforced, restore } from './enforce.ts';
import {
  agreedNow,
  agreedToDiffer,
  type FieldFacts,
  type FieldPlan,
  heldBack,
  type Rule,
  refusalMark,
  still,
  write,
} from './field-plan.ts';
import { keepBlanksBack } from './keep-blanks-back.ts';
import { keepOwnForms } from './own-form.ts';
import type { PlanInput } from './plan-input.ts';
import { decidePolicy } from './policy.ts';

export interface LinkFacts extends PlanInput {
  /** The clashing fields are all that changed on that side since last agreed. */
  readonly onlyClashes: BySide<boolean>;
}

/** At least one field, in the order of the mapping. */
export type Group = readonly [FieldFacts, ...FieldFacts[]];

/** What a choice was made on, and a held field is shown with: if either value moved since, the choice is void. */
export function choiceFingerprint(crm: Value, erp: Value): string {
  return fingerprint([crm, erp]);
}

export function agreeing({ mapped, crm, erp }: FieldFacts): boolean {
  return agrees(mapped, crm, erp);
}

function isMoving({ state, changed }: FieldFacts): boolean {
  return !state.agreed || changed.crm || changed.erp;
}

function isKeptBack({ state }: FieldFacts): boolean {
  return state.keptBack === true;
}

/**
 * The field has news for `side`: a change, or before it was ever agreed a value that is not blank. A part that both sides
 * hold alike is agreed by this very look: to count it would make a clash that the next look does not find.
 */
function hasNewsFor(facts: FieldFacts, side: Side): boolean {
  if (agreeing(facts)) return false;
  const source = otherSide(side);
  return facts.state.agreed ? facts.changed[source] : !isBlank(facts[source]);
}

/** Both sides have news, and not the same: neither may simply overwrite the other. */
export function isClash(group: Group): boolean {
  const open = group.some((facts) => !agreeing(facts) && isMoving(facts));
  return open && sides.every((side) => group.some((facts) => hasNewsFor(facts, side)));
}

/** What a refusal to write this side is remembered by: all that the group would send, and its mapping. */
export function markOf(group: Group, side: Side): string {
  const [alone, ...others] = group;
  return others.length === 0 ? refusalMark(alone, side) : fingerprint(group.map((facts) => refusalMark(facts, side)));
}

/** One part that cannot be written keeps the rest of its group from being written without it. */
export function wholeOrNothing(plans: readonly FieldPlan[]): FieldPlan[] {
  const fault = plans.find((plan) => !plan.write);
  return plans.map((plan) => (fault && plan.write ? heldBack(plan, fault.field) : plan));
}

/** The side that wins by the order of the connections, where what is new in the CRM came from others. */
function byPriority({ crmWriters = [] }: LinkFacts, moving: readonly FieldFacts[]): Side | undefined {
  return winnerByPriority(
    crmWriters,
    moving.filter((facts) => hasNewsFor(facts, 'erp')),
  );
}

/** Who wins, and what decided it: the only direction there is, else the order of the connections, else the policy. */
function decided(link: LinkFacts, group: Group, moving: readonly FieldFacts[]): ReturnType<typeof decidePolicy> {
  const target = onlyTarget(group[0].mapped.direction);
  if (target) return { winner: otherSide(target), policy: 'one-way' };
  const winner = byPriority(link, moving);
  if (winner) return { winner, policy: 'sync-priority' };
  return decidePolicy({
    policy: group.find((facts) => facts.mapped.conflictPolicy)?.mapped.conflictPolicy ?? link.policy,
    times: bySide((side) => link[side].time),
    resolutionMs: link.timeResolutionMs,
    onlyClashes: link.onlyClashes,
    hasBase: moving.every(({ state }) => state.agreed !== undefined),
  });
}

function clash(link: LinkFacts, group: Group, moving: readonly FieldFacts[]): FieldPlan[] {
  const decision = decided(link, group, moving);
  if (decision === 'ask') return moving.map((facts) => still(facts, 'asked', { ...facts.state, held: 'asked' }));
  const side = otherSide(decision.winner);
  const hasBase = moving.every(({ state }) => state.agreed !== undefined);
  const mark = () => markOf(group, side);
  return moving.map((facts) => {
    const { state, crm, erp } = facts;
    const conflict = { ...decision, base: state.agreed, crm, erp };
    return write(facts, side, hasBase ? 'changed-on-both' : 'first-sync', mark, conflict);
  });
}

/**
 * What a part is written for that goes where the person chose. One that no choice was made on went unseen: what it replaces
 * is logged as losing, and a blank of it is an act like any other.
 */
function reasonOf(
  facts: FieldFacts,
  first: Choice,
  own: Choice | undefined,
): { rule: Rule; conflict?: Conflict | undefined } {
  if (own?.resolves) return { rule: 'resolved', conflict: conflictAsked(facts, own.asked, own.side) };
  if (own || !first.resolves) return { rule: 'chosen-at-connect' };
  const { state, crm, erp } = facts;
  const winner = first.side;
  if (!hasNewsFor(facts, winner)) return { rule: state.agreed ? `changed-in-${winner}` : 'first-sync-fills-blank' };
  const conflict = { winner, policy: 'resolved', base: state.agreed, crm, erp };
  return { rule: state.agreed ? 'changed-on-both' : 'first-sync', conflict };
}

/** What was decided later cannot be written: it is asked again, for nothing else would bring another decision. */
function askedAgain(plan: FieldPlan, { resolves }: Choice): FieldPlan {
  if (plan.rule !== 'refused' || !resolves) return plan;
  return { ...plan, state: { ...plan.state, held: 'decision-refused' } };
}

/**
 * As a person chose, at connect or later; nothing if nobody did. Choices on one group that are not for one side are void,
 * and so is a value entered for a part of it: that would be written in part.
 */
function asChosen(link: LinkFacts, group: Group, moving: readonly FieldFacts[]): FieldPlan[] | undefined {
  const chosen = moving.flatMap((facts) => {
    const choice = facts.state.agreed ? undefined : link.choices[facts.field];
    return choice ? [{ facts, choice }] : [];
  });
  const [first] = chosen;
  if (!first) return undefined;
  const { entered } = first.choice;
  const next = entered && group.length === 1 ? writeEntered(first.facts, entered, first.choice.asked) : undefined;
  if (next) return [askedAgain(next, first.choice)];
  const voided = chosen.filter(
    ({ facts: { crm, erp }, choice }) =>
      choice.entered || choice.side !== first.choice.side || choice.fingerprint !== choiceFingerprint(crm, erp),
  );
  const [fault] = voided;
  if (fault) {
    return moving.map((facts) =>
      voided.some((one) => one.facts === facts)
        ? still(facts, 'choice-void', { ...facts.state, held: 'choice-void' })
        : heldBack(still(facts, 'choice-void'), fault.facts.field),
    );
  }
  const side = otherSide(first.choice.side);
  const mark = () => markOf(group, side);
  return moving.map((facts) => {
    const { rule, conflict } = reasonOf(facts, first.choice, chosen.find((one) => one.facts === facts)?.choice);
    const plan = writesSide(facts.mapped.direction, side)
      ? write(facts, side, rule, mark, conflict)
      : // Keeping the side that the mapping would overwrite: both stay as they are.
        agreedToDiffer(facts, side, rule, mark);
    return askedAgain(plan, first.choice);
  });
}

function toOneSide(group: Group, moving: readonly FieldFacts[], side: Side): FieldPlan[] {
  const mark = () => markOf(group, side);
  const kept = keepOwnForms(moving, side, mark);
  if (kept) return kept;
  return moving.map((facts) => {
    if (!writesSide(facts.mapped.direction, side)) return still(facts, 'one-way');
    const rule: Rule = facts.state.agreed ? `changed-in-${otherSide(side)}` : 'first-sync-fills-blank';
    return write(facts, side, rule, mark);
  });
}

function planMoving(link: LinkFacts, group: Group, moving: readonly FieldFacts[]): FieldPlan[] {
  const held = group.find((facts) => facts.state.held && !agreeing(facts));
  if (held) {
    return moving.map((facts) =>
      facts.state.held ? still(facts, facts.state.held) : heldBack(still(facts, 'unchanged'), held.field),
    );
  }
  const chosen = asChosen(link, group, moving);
  if (chosen) return chosen;
  if (isClash(group)) return clash(link, group, moving);
  const target = onlyTarget(group[0].mapped.direction);
  // What a higher connection wrote to the CRM stands: else both would put theirs back, in turn and for ever.
  const isHigher = target === 'crm' && byPriority(link, moving) === 'crm';
  if (target && !isHigher && isEnforced(group, target)) return restore(moving, target, () => markOf(group, target));
  return toOneSide(group, moving, group.some((facts) => hasNewsFor(facts, 'erp')) ? 'erp' : 'crm');
}

export function planAgreeing(facts: FieldFacts): FieldPlan {
  const { state, crm, erp } = facts;
  const asAgreed = state.agreed && sameValue(crm, state.agreed.crm) && sameValue(erp, state.agreed.erp);
  const { overtaken, parked, held, unproven, differs, dismissed } = state;
  const clean = !overtaken && !parked && !held && !unproven && !differs && !dismissed;
  return asAgreed && clean ? still(facts, 'unchanged') : agreedNow(facts);
}

/** As last agreed, and yet not the same: nothing will move it, so it is listed, unless it waits for a person anyway. */
function planDiffering(facts: FieldFacts): FieldPlan {
  const { state } = facts;
  if (state.held) return still(facts, state.held);
  const { dismissed, ...left } = state;
  return still(facts, 'unchanged', { ...left, differs: true, ...(dismissed && state.parked && { dismissed }) });
}

/** As last agreed both sides have the same words in the parts of the group, divided otherwise: it is one value all the same. */
function isDividedOtherwise(group: Group): boolean {
  if (group.length === 1) return false;
  const [crm, erp] = sides.map((side) =>
    group
      .flatMap(({ state, ...now }) => String((state.agreed ?? now)[side] ?? '').match(/\S+/g) ?? [])
      .toSorted()
      .join(' '),
  );
  return crm === erp;
}

export function planGroup(link: LinkFacts, group: Group): FieldPlan[] {
  if (group.every(agreeing)) return group.map(planAgreeing);
  const differing = group.filter((facts) => !agreeing(facts));
  // Else a part that is left behind would stay beside a new one that has its words, or that it once was kept back with.
  const isWhole = differing.some(isMoving) && (isDividedOtherwise(group) || differing.some(isKeptBack));
  const moving = isWhole ? differing : differing.filter(isMoving);
  const plans = moving.length === 0 ? [] : keepBlanksBack(wholeOrNothing(planMoving(link, group, moving)));
  return group.map((facts) => {
    const planned = plans.find(({ field }) => field === facts.field);
    if (planned) return planned;
    return agreeing(facts) ? planAgreeing(facts) : planDiffering(facts);
  });
}
