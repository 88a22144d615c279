/**
 * What a look leaves on its link: last agreed values, versions seen, parked fields, log and counts, from the plan and the
 * answers of the writes. Pure, so that the record step is one transaction of known content. Always true: a value becomes
 * last agreed only if it was written or both sides hold it, and where one write has no answer the whole intent stays and
 * nothing else is recorded. Attacked by
 * test/core/merge/outcome.test.ts and test/property/.
 */

import { type BySide, bySide } from '../model/by-side.ts';
import type { FieldChange } from '../model/field-change.ts';
import type { FieldState, Link, SeenState } from '../model/link.ts';
import type { FoundTrouble } from '../model/link-stand.ts';
import { namesSeen } from '../model/record-names.ts';
import type { CounterDeltas } from '../model/run.ts';
import { sides } from '../model/side.ts';
import { sameContent } from '../values/same-content.ts';
import { type FieldOutcome, fieldOutcome } from './field-outcome.ts';
import { isUnclearRefusal } from './halving.ts';
import type { LookFacts } from './look-facts.ts';
import { type LookTrouble, lookTroubleOf } from './look-trouble.ts';
import { seenAfter } from './seen.ts';
import type { SideAnswer } from './side-answer.ts';
import { whileUnmapped } from './while-unmapped.ts';

/**
 * How a look stands once its writes are answered; the first two end it.
 * done: nothing is left. stays-due: all was done, but what a side stored is not proven, so a later look reads it again.
 * again: a side was stale, gone or refused something, or writes were left out: read and plan anew. halve: the same, and
 * which of several writes was refused is not clear, so fewer next time. not-sent: a side could not be written, and
 * certainly was not. unknown: a write may have landed or not, so the intent stays for both sides and is settled later.
 */
export type Verdict = 'done' | 'stays-due' | 'again' | 'halve' | 'not-sent' | 'unknown';

export interface Outcome {
  readonly after: Link;
  readonly changes: FieldChange[];
  /** The fields that are left alone now. */
  readonly troubles: FoundTrouble[];
  readonly counts: CounterDeltas;
  readonly verdict: Verdict;
  readonly trouble?: LookTrouble | undefined;
}

function isAnswered({ answers }: LookFacts, ...outcomes: SideAnswer['outcome'][]): boolean {
  return sides.some((side) => outcomes.includes(answers[side].outcome));
}

function verdictOf(facts: LookFacts, seen: BySide<SeenState | undefined>): Verdict {
  if (isAnswered(facts, 'not-sent')) return 'not-sent';
  if (isUnclearRefusal(facts)) return 'halve';
  if (facts.partial || isAnswered(facts, 'stale', 'missing', 'rejected')) return 'again';
  return seen.crm && seen.erp ? 'done' : 'stays-due';
}

export function endsLook(verdict: Verdict): boolean {
  return verdict === 'done' || verdict === 'stays-due';
}

function isEmpty(state: FieldState): boolean {
  return Object.values(state).every((part) => part === undefined);
}

/** Those of the fields that were looked at, and of others what is remembered; of a field with nothing to remember there is none. */
function statesAfter({ link }: LookFacts, fields: readonly FieldOutcome[]): Record<string, FieldState> {
  const states: Record<string, FieldState> = {};
  for (const [field, state] of Object.entries(link.fieldStates)) states[field] = whileUnmapped(state);
  for (const { field, state } of fields) states[field] = state;
  for (const field of Object.keys(states)) if (isEmpty(states[field] ?? {})) delete states[field];
  return states;
}

/** A pending link has had its first sync once every write was answered, refusals included. */
function stateAfter(facts: LookFacts): Link['state'] {
  const { state } = facts.link;
  return state === 'pending' && !isAnswered(facts, 'stale', 'not-sent') ? 'active' : state;
}

/** A write may have changed a name, too. */
function namesAfter({ link, answers }: LookFacts): Link['names'] {
  const now = bySide((side) => {
    const answer = answers[side];
    return answer.outcome === 'ok' ? answer.name : undefined;
  });
  return namesSeen(link.names, now);
}

/** One write has no answer, so none is recorded: the intent stays for both sides, and is settled whole. */
function nothingKnown({ link }: LookFacts): Outcome {
  return { after: link, changes: [], troubles: [], counts: {}, verdict: 'unknown' };
}

export function outcomeOf(facts: LookFacts): Outcome {
  const { link, plan } = facts;
  if (isAnswered(facts, 'unknown')) return nothingKnown(facts);
  const fields = plan.fields.map((fieldPlan) => fieldOutcome(facts, fieldPlan));
  const states = statesAfter(facts, fields);
  const changes = fields.flatMap(({ change }) => change ?? []);
  const seen = bySide((side) =>
    seenAfter({
      read: facts.read[side],
      sent: plan.writes[side],
      answer: facts.answers[side],
      covered: facts.covered[side],
    }),
  );
  const verdict = verdictOf(facts, seen);
  const after: Link = {
    ...link,
    state: stateAfter(facts),
    fieldStates: states,
    choices: Object.fromEntries(Object.entries(link.choices).filter(([field]) => !states[field]?.agreed)),
    seen,
    names: namesAfter(facts),
    intent: undefined,
    resyncsFromCrm: endsLook(verdict) ? undefined : link.resyncsFromCrm,
    lastSyncedAt: facts.at,
  };
  return {
    after,
    changes,
    troubles: fields.flatMap(({ trouble }) => trouble ?? []),
    counts: countsOf(changes, fields.filter(({ newlyParked }) => newlyParked).length),
    verdict,
    trouble: lookTroubleOf(facts),
  };
}

export function countsOf(changes: readonly FieldChange[], rejected = 0): CounterDeltas {
  const written = bySide((side) => changes.filter((change) => change.side === side).length);
  return {
    changed: changes.length > 0 ? 1 : 0,
    writtenToCrm: written.crm,
    writtenToErp: written.erp,
    conflicts: changes.filter((change) => change.conflict).length,
    rejected,
  };
}

/** Whether the record step would change anything that matters: if not, the look costs no transaction. */
export function changesLink(before: Link, outcome: Outcome): boolean {
  const { lastSyncedAt, revision } = before;
  return outcome.changes.length > 0 || !sameContent(before, { ...outcome.after, lastSyncedAt, revision });
}
