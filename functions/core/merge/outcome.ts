/**
 * What a look leaves on its link: last agreed values, versions seen, parked fields, log and counts, from the plan and the
 * answers of the writes. Pure, so that the record step is one transaction of known content. Always true: a value becomes
 * last agreed only if it was written or both sides hold it, and a write without an answer keeps its intent. Attacked by
 * test/core/merge/outcome.test.ts and test/property/.
 */

import { type BySide, bySide } from '../model/by-side.ts';
import type { FieldChange } from '../model/field-change.ts';
import type { FieldState, Intent, Link, SeenState } from '../model/link.ts';
import type { FoundTrouble } from '../model/link-stand.ts';
import type { CounterDeltas } from '../model/run.ts';
import { sides } from '../model/side.ts';
import { fingerprint } from '../values/fingerprint.ts';
import { fieldOutcome } from './field-outcome.ts';
import { isUnclearRefusal } from './halving.ts';
import type { LookFacts } from './look-facts.ts';
import { seenAfter } from './seen.ts';
import type { SideAnswer } from './side-answer.ts';

/**
 * How a look stands once its writes are answered; the first two end it.
 * done: nothing is left. stays-due: all was done, but what a side stored is not proven, so a later look reads it again.
 * again: a side was stale, gone or refused something, or writes were left out: read and plan anew. halve: the same, and
 * which of several writes was refused is not clear, so fewer next time. not-sent: a side could not be written, and
 * certainly was not. unknown: a write may have landed or not, so its intent stays and is settled later.
 */
export type Verdict = 'done' | 'stays-due' | 'again' | 'halve' | 'not-sent' | 'unknown';

export interface Outcome {
  readonly after: Link;
  readonly changes: FieldChange[];
  /** The fields that are left alone now. */
  readonly troubles: FoundTrouble[];
  readonly counts: CounterDeltas;
  readonly verdict: Verdict;
}

function verdictOf(facts: LookFacts, seen: BySide<SeenState | undefined>): Verdict {
  const answered = (...outcomes: SideAnswer['outcome'][]) =>
    sides.some((side) => outcomes.includes(facts.answers[side].outcome));
  if (answered('unknown')) return 'unknown';
  if (answered('not-sent')) return 'not-sent';
  if (isUnclearRefusal(facts)) return 'halve';
  if (facts.partial || answered('stale', 'missing', 'rejected')) return 'again';
  return seen.crm && seen.erp ? 'done' : 'stays-due';
}

/** The writes that were sent and have no answer yet keep their intent, and nothing else does. */
function unansweredIntent({ link: { intent }, answers }: LookFacts): Intent | undefined {
  if (!intent) return undefined;
  const writes = intent.writes.filter((write) => answers[write.side].outcome === 'unknown');
  return writes.length > 0 ? { ...intent, writes } : undefined;
}

function withoutEmpty(states: Readonly<Record<string, FieldState>>): Record<string, FieldState> {
  return Object.fromEntries(
    Object.entries(states).filter(([, state]) => Object.values(state).some((part) => part !== undefined)),
  );
}

/** A pending link has had its first sync once every write was answered, refusals included. */
function stateAfter({ link, answers }: LookFacts): Link['state'] {
  const unfinished = sides.some((side) => ['stale', 'unknown', 'not-sent'].includes(answers[side].outcome));
  return link.state === 'pending' && !unfinished ? 'active' : link.state;
}

export function outcomeOf(facts: LookFacts): Outcome {
  const { link, plan } = facts;
  const fields = plan.fields.map((fieldPlan) => fieldOutcome(facts, fieldPlan));
  const states = { ...link.fieldStates, ...Object.fromEntries(fields.map(({ field, state }) => [field, state])) };
  const changes = fields.flatMap(({ change }) => change ?? []);
  const seen = bySide((side) =>
    seenAfter({
      read: facts.read[side],
      sent: plan.writes[side],
      answer: facts.answers[side],
      covered: facts.covered[side],
    }),
  );
  const after: Link = {
    ...link,
    state: stateAfter(facts),
    fieldStates: withoutEmpty(states),
    choices: Object.fromEntries(Object.entries(link.choices).filter(([field]) => !states[field]?.agreed)),
    seen,
    intent: unansweredIntent(facts),
    lastSyncedAt: facts.at,
  };
  return {
    after,
    changes,
    troubles: fields.flatMap(({ trouble }) => trouble ?? []),
    counts: countsOf(changes, fields.filter(({ newlyParked }) => newlyParked).length),
    verdict: verdictOf(facts, seen),
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
  const content = ({ lastSyncedAt: _at, revision: _revision, ...rest }: Link) => fingerprint(rest);
  return outcome.changes.length > 0 || content(before) !== content(outcome.after);
}
