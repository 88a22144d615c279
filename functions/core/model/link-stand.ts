/**
 * How a link and its one failure stand after whatever happens to them. Always true: both change together, by the one
 * function below, which applies what was found to the link as it is now: what somebody else changed meanwhile stands. No
 * failure is open on a disconnected link, and a failure began when its trouble began, however often it was tried since.
 * Pure, so a crash leaves nothing. Attacked by test/core/model/link-stand.test.ts and test/sync/meanwhile.test.ts.
 */

import type { ErrorKind } from '../errors.ts';
import { sameContent } from '../values/same-content.ts';
import {
  type Failure,
  type FieldTrouble,
  failureAgain,
  failureOf,
  fieldsMeant,
  fieldsReason,
  linkFailureId,
  type TroubleFilter,
  withFittingTexts,
} from './failure.ts';
import type { FailureReason, FieldReason } from './failure-reason.ts';
import { type FieldState, type Link, pairOf } from './link.ts';

/** A link as it is now, with its failure if that is open. */
export interface LinkStand {
  readonly link: Link;
  readonly failure: Failure | undefined;
}

/** A field that is left alone, as a look found it; `anew`: it was refused by this look. */
export interface FoundTrouble extends Omit<FieldTrouble, 'firstAt' | 'reason'> {
  readonly reason: FieldReason;
  readonly anew: boolean;
}

/** `ends`: the look is over, so what it does not name is well; without it a field may still be on its way. */
interface LookFinding {
  readonly found: 'look';
  /** The link as the look read it, and as it left it. */
  readonly before: Link;
  readonly after: Link;
  readonly troubles: readonly FoundTrouble[];
  readonly ends: boolean;
  /** A trouble of the whole link that the look was kept from finding out about: a failure of that kind stays. */
  readonly leavesOpen?: ErrorKind | undefined;
}

interface TroubleFinding extends Pick<Failure, 'kind' | 'explanation' | 'nextAttemptAt'> {
  readonly found: 'trouble';
  readonly reason: FailureReason;
  readonly attempts?: number;
  /** When the first of the attempts failed, where that was not now. */
  readonly since?: string | undefined;
  /** What the trouble makes of the link. */
  readonly becomes?: Pick<Link, 'state'> &
    Partial<Pick<Link, 'stateReason' | 'mergedInto' | 'seen' | 'withheld' | 'resyncsFromCrm'>>;
}

/** What becomes of the link for something that is no trouble, or that was told before. */
interface StateFinding {
  readonly found: 'state';
  readonly becomes: Pick<Link, 'state' | 'stateReason' | 'mergedInto'> &
    Partial<Pick<Link, 'seen' | 'withheld' | 'resyncsFromCrm'>>;
  /** Of the failure: all of it, or what it says of fields. */
  readonly keeps: 'failure' | 'fields';
  /** Where the mapping is at hand: what the failure says of other fields is over, for no look would ever close it. */
  readonly mapped?: ReadonlySet<string>;
}

/** A retry of what is meant; it names the fields that are mapped, for no look would ever close the failure of another. */
interface RetryFinding {
  readonly found: 'retry';
  readonly mapped: ReadonlySet<string>;
  readonly meant?: TroubleFilter;
}

/** A person's act. */
type ActFinding = { readonly found: 'dismiss' } | RetryFinding;

export type Finding = (LookFinding | TroubleFinding | StateFinding | ActFinding) & {
  readonly at: string;
  readonly runId?: string | undefined;
};

/** What became of each part: theirs where they changed it since `before`, else as in `after`. */
function onTopOf<T extends object>(current: T, before: T, after: T): T {
  const names = new Set([...Object.keys(current), ...Object.keys(after)]) as Set<keyof T>;
  const merged = { ...after };
  for (const name of names) {
    const untouched = sameContent(after[name], before[name]);
    if (untouched) merged[name] = current[name];
  }
  return Object.fromEntries(Object.entries(merged).filter(([, part]) => part !== undefined)) as T;
}

function fieldsOnTopOf(current: Link, before: Link, after: Link): Record<string, FieldState> {
  const names = new Set([...Object.keys(current.fieldStates), ...Object.keys(after.fieldStates)]);
  const states = [...names].map((field): [string, FieldState] => [
    field,
    onTopOf(current.fieldStates[field] ?? {}, before.fieldStates[field] ?? {}, after.fieldStates[field] ?? {}),
  ]);
  return Object.fromEntries(states.filter(([, state]) => Object.keys(state).length > 0));
}

/** A look's change on top of what somebody else stored since: a disconnect, a dismiss, a retry made meanwhile stands. */
function linkOnTopOf(current: Link, { before, after }: LookFinding): Link {
  if (current.revision === before.revision) return after;
  const { state, stateReason, mergedInto } = current.state === before.state ? after : current;
  return {
    ...after,
    ends: current.ends,
    state,
    stateReason,
    mergedInto,
    fieldStates: fieldsOnTopOf(current, before, after),
    choices: onTopOf(current.choices, before.choices, after.choices),
    // Another connection has come to the CRM record, or was resynchronised to it.
    shared: current.shared,
    resyncsFromCrm: sameContent(current.resyncsFromCrm, before.resyncsFromCrm)
      ? after.resyncsFromCrm
      : current.resyncsFromCrm,
  };
}

function withoutMark({ dismissed: _dismissed, ...state }: FieldState): FieldState {
  return state;
}

/** The trouble of the whole link, if it is not about fields only. */
function ofWholeLink(failure: Failure | undefined): Failure | undefined {
  return failure?.reason === fieldsReason ? undefined : failure;
}

function lookedAt({ link: current, failure }: LinkStand, finding: LookFinding & Finding): LinkStand {
  const { troubles, ends, leavesOpen, at, runId } = finding;
  const merged = linkOnTopOf(current, finding);
  const anew = new Set(troubles.flatMap((trouble) => (trouble.anew ? [trouble.field] : [])));
  const fieldStates = { ...merged.fieldStates };
  for (const field of anew) {
    const state = fieldStates[field];
    if (state) fieldStates[field] = withoutMark(state);
  }
  const known = new Map((failure?.fields ?? []).map((one) => [one.field, one]));
  const listed = troubles
    .filter(({ field }) => !fieldStates[field]?.dismissed)
    .map(({ anew: isAnew, explanation, ...trouble }): FieldTrouble => {
      const before = known.get(trouble.field);
      const words = explanation ?? (isAnew ? undefined : before?.explanation);
      return { ...trouble, explanation: words, firstAt: before?.firstAt ?? at };
    });
  const named = new Set(listed.map(({ field }) => field));
  const open = ends ? [] : (failure?.fields ?? []).filter(({ field }) => !named.has(field));
  const fields = [...open, ...listed];
  const link = { ...merged, fieldStates };
  const isUnknown = !ends || failure?.kind === leavesOpen;
  const whole = isUnknown ? ofWholeLink(failure) : undefined;
  const [first] = fields;
  if (whole) return { link, failure: { ...whole, fields } };
  if (!first) return { link, failure: undefined };
  const now = { ...failureOf({ ...namesOf(link), runId, kind: first.kind, reason: fieldsReason, at }), fields };
  if (!failure) return { link, failure: now };
  // Nothing new was met: it is the failure that it was.
  if (anew.size === 0) return { link, failure: { ...failure, ...wordsOf(now), fields } };
  return { link, failure: failureAgain(failure, now) };
}

function namesOf({ tenantId, connectionId, id }: Link) {
  return { tenantId, id: linkFailureId(id), connectionId, linkId: id };
}

/** What a failure says of the link as a whole. */
function wordsOf({ kind, reason, explanation, nextAttemptAt }: Failure) {
  return { kind, reason, explanation, nextAttemptAt };
}

function inTrouble({ link, failure }: LinkStand, finding: TroubleFinding & Finding): LinkStand {
  const { kind, reason, explanation, nextAttemptAt, attempts, since, becomes, at, runId } = finding;
  // A broken link has its own failure, which says more, or a person took that off the list.
  if (link.state === 'broken' && !becomes) return { link, failure };
  const now = failureOf({ ...namesOf(link), runId, kind, reason, explanation, nextAttemptAt, attempts, since, at });
  return { link: { ...link, ...becomes }, failure: failureAgain(failure, { ...now, fields: failure?.fields ?? [] }) };
}

/** What a failure says of fields, as a failure of its own. */
function ofFields(failure: Failure | undefined, mapped?: ReadonlySet<string>): Failure | undefined {
  const fields = (failure?.fields ?? []).filter(({ field }) => mapped === undefined || mapped.has(field));
  const [first] = fields;
  if (!failure || !first) return undefined;
  const { kind } = first;
  return { ...failure, kind, reason: fieldsReason, fields, explanation: undefined, nextAttemptAt: undefined };
}

function inState({ link, failure }: LinkStand, { becomes, keeps, mapped }: StateFinding): LinkStand {
  return { link: { ...link, ...becomes }, failure: keeps === 'fields' ? ofFields(failure, mapped) : failure };
}

/** The fields remember it, or the next look would list the same again. */
function dismissed({ link, failure }: LinkStand): LinkStand {
  const fieldStates = { ...link.fieldStates };
  for (const { field } of failure?.fields ?? []) {
    const state = fieldStates[field];
    if (state) fieldStates[field] = { ...state, dismissed: true };
  }
  return { link: { ...link, fieldStates }, failure: undefined };
}

/** What only a value or a person's decision on just this field ends. */
const notRetried: readonly (FieldState['held'] | undefined)[] = ['dropped', 'asked'];

/** Without what made the engine leave fields alone; a void choice is forgotten, so that the policy decides. */
function retried({ link, failure }: LinkStand, { mapped, meant = {} }: RetryFinding): LinkStand {
  const fieldStates = { ...link.fieldStates };
  const choices = { ...link.choices };
  for (const { field } of failure ? fieldsMeant(failure, meant) : []) {
    const { parked: _parked, held, heldOn: _on, heldSince: _since, unproven, ...rest } = fieldStates[field] ?? {};
    if (notRetried.includes(held)) continue;
    fieldStates[field] = { ...rest, unproven: held === 'reformatted-in-turn' ? undefined : unproven };
    if (held === 'choice-void') delete choices[field];
  }
  const fields = (failure?.fields ?? []).filter(({ field }) => mapped.has(field));
  const over = fields.length === 0 && !ofWholeLink(failure);
  return { link: { ...link, fieldStates, choices }, failure: over ? undefined : failure && { ...failure, fields } };
}

function found(stand: LinkStand, finding: Finding): LinkStand {
  switch (finding.found) {
    case 'look':
      return lookedAt(stand, finding);
    case 'trouble':
      return inTrouble(stand, finding);
    case 'state':
      return inState(stand, finding);
    case 'dismiss':
      return dismissed(stand);
    case 'retry':
      return retried(stand, finding);
  }
}

/** Of a failure that is about fields only: since the first of those that are left. */
function sinceItsFirst(failure: Failure): Failure {
  const [first] = failure.fields.map(({ firstAt }) => firstAt).toSorted();
  return first === undefined || ofWholeLink(failure) ? failure : { ...failure, firstAt: first };
}

/** The link and its failure, which names both records, after what was found; the store sets the revision. */
export function standAfter(stand: LinkStand, finding: Finding): LinkStand {
  const { link, failure } = found(stand, finding);
  const open = link.state === 'disconnected' ? undefined : failure && withFittingTexts(sinceItsFirst(failure));
  return { link: { ...link, openFailures: open ? [open.id] : [] }, failure: open && { ...open, ...pairOf(link) } };
}
