/**
 * What a look leaves on its link: last agreed values, versions seen, parked fields, log and counts, from the plan and the
 * answers of the writes. Pure, so that the record step is one transaction of known content.
 */
import { type Side, sides } from '../model/actor-type.ts';
import type { Failure } from '../model/failure.ts';
import type { FieldChange } from '../model/field-change.ts';
import { type FieldState, type Intent, type Link, pairOf, type SeenState } from '../model/link.ts';
import type { CounterDeltas } from '../model/run.ts';
import { fingerprint } from '../values/fingerprint.ts';
import { sameValue, type Value, type Values } from '../values/value.ts';
import { type FieldPlan, type Plan, refusalMark } from './plan.ts';

/** The answer to the writes of one side; `none`: there was nothing to write there. */
export type SideAnswer =
  | { readonly outcome: 'none' }
  | { readonly outcome: 'ok'; readonly version?: string; readonly stored?: Values }
  | { readonly outcome: 'stale' | 'missing' | 'not-sent' | 'unknown' }
  | { readonly outcome: 'rejected'; readonly field?: string; readonly explanation?: string };

export interface ReadRecord {
  readonly version: string;
  readonly values: Values;
}

export interface LookFacts {
  readonly link: Link;
  readonly plan: Plan;
  readonly read: { readonly crm: ReadRecord; readonly erp: ReadRecord };
  readonly answers: { readonly crm: SideAnswer; readonly erp: SideAnswer };
  /** Fields of each side that the mapping covers: what `seen` speaks of. */
  readonly covered: { readonly crm: readonly string[]; readonly erp: readonly string[] };
  readonly runId: string;
  readonly at: string;
  readonly newId: () => string;
  /** The plan leaves writes out, for a next look. */
  readonly partial?: boolean;
}

export interface LookRecord {
  readonly after: Link;
  readonly changes: FieldChange[];
  readonly openFailures: Failure[];
  readonly closeFailures: string[];
  readonly counts: CounterDeltas;
  /** Something is left to look at: a side was stale, unknown, or its stored form is not proven. */
  readonly again: boolean;
}

/** What a listed record is compared with: its version and the values the mapping covers. */
export function seenState(record: ReadRecord, covered: readonly string[]): SeenState {
  const values = covered.toSorted().map((field) => [field, record.values[field] ?? null]);
  return { version: record.version, values: fingerprint(values) };
}

export function wasSeen(link: Link, side: Side, record: ReadRecord, covered: readonly string[]): boolean {
  const seen = link.seen[side];
  if (!seen) return false;
  const now = seenState(record, covered);
  return seen.version === now.version && seen.values === now.values;
}

export function failureId(linkId: string, field?: string): string {
  return field === undefined ? linkId : `${linkId}.${fingerprint(field).slice(0, 12)}`;
}

function keyOn(side: Side, plan: FieldPlan): string {
  return side === 'crm' ? plan.mapped.crmField : plan.mapped.erpField;
}

export function changeOf(
  facts: Pick<LookFacts, 'link' | 'runId' | 'at' | 'newId'>,
  plan: FieldPlan,
  side: Side,
  newValue: Value,
  outcome: FieldChange['outcome'],
): FieldChange {
  const { link } = facts;
  return {
    tenantId: link.tenantId,
    id: facts.newId(),
    connectionId: link.connectionId,
    linkId: link.id,
    runId: facts.runId,
    at: facts.at,
    ...pairOf(link),
    erpField: plan.mapped.erpField,
    crmField: plan.mapped.crmField,
    side,
    oldValue: plan[side],
    newValue,
    rule: plan.rule,
    outcome,
    ...(plan.conflict && { conflict: plan.conflict }),
  };
}

interface FieldResult {
  readonly state: FieldState;
  readonly change?: FieldChange;
  readonly refused?: boolean;
}

function writtenField(
  facts: LookFacts,
  plan: FieldPlan,
  side: Side,
  sent: Value,
  stored: Values | undefined,
): FieldResult {
  const key = keyOn(side, plan);
  const proven = stored !== undefined && key in stored;
  const kept = proven ? (stored[key] ?? null) : sent;
  const agreed = side === 'crm' ? { crm: kept, erp: plan.erp } : { crm: plan.crm, erp: kept };
  const inTurn = plan.state.unproven !== undefined && plan.state.unproven.side !== side;
  const rounds = (inTurn ? (plan.state.unproven?.rounds ?? 0) : 0) + 1;
  const state: FieldState = proven ? { agreed } : { agreed, unproven: { side, rounds } };
  return { state, change: changeOf(facts, plan, side, kept, 'written') };
}

function fieldResult(facts: LookFacts, plan: FieldPlan): FieldResult {
  if (!plan.write) return { state: plan.state };
  const { side, value } = plan.write;
  const answer = facts.answers[side];
  if (answer.outcome === 'ok') return writtenField(facts, plan, side, value, answer.stored);
  const before = facts.link.fields[plan.field] ?? {};
  if (answer.outcome !== 'rejected') return { state: before };
  const alone = Object.keys(facts.plan.writes[side]).length === 1;
  if (answer.field === keyOn(side, plan) || alone) {
    const parked = refusalMark(plan);
    return { state: { ...before, ...(parked && { parked }) }, refused: true };
  }
  return { state: before };
}

/** The side after the look, if nothing but us has touched it since the read; otherwise it will have to be seen again. */
function seenAfter(facts: LookFacts, side: Side): SeenState | undefined {
  const answer = facts.answers[side];
  const read = facts.read[side];
  const covered = facts.covered[side];
  if (answer.outcome === 'none') return seenState(read, covered);
  if (answer.outcome !== 'ok' || answer.version === undefined || answer.stored === undefined) return undefined;
  const { stored } = answer;
  const sent = facts.plan.writes[side];
  const strange = covered.some(
    (field) => !(field in sent) && field in stored && !sameValue(stored[field], read.values[field]),
  );
  if (strange || covered.some((field) => field in sent && !(field in stored))) return undefined;
  return seenState({ version: answer.version, values: { ...read.values, ...stored } }, covered);
}

function failureOf(facts: LookFacts, plan: FieldPlan, state: FieldState): Failure | undefined {
  const reason = state.held ?? state.parked?.reason;
  if (!reason) return undefined;
  const refusedBy = state.parked && facts.answers[state.parked.side];
  const explanation = refusedBy?.outcome === 'rejected' ? refusedBy.explanation : undefined;
  return {
    tenantId: facts.link.tenantId,
    id: failureId(facts.link.id, plan.field),
    connectionId: facts.link.connectionId,
    linkId: facts.link.id,
    runId: facts.runId,
    field: plan.field,
    kind: state.held ? 'conflict' : 'rejected',
    reason,
    ...(explanation && { explanation: explanation.slice(0, 4000) }),
    ...(state.held && { forms: { crm: asText(plan.crm), erp: asText(plan.erp) } }),
    attempts: 1,
    firstAt: facts.at,
    lastAt: facts.at,
  };
}

function asText(value: Value): string | null {
  return value === null ? null : String(value).slice(0, 1000);
}

function withoutEmpty(fields: Readonly<Record<string, FieldState>>): Record<string, FieldState> {
  return Object.fromEntries(Object.entries(fields).filter(([, state]) => Object.keys(state).length > 0));
}

/** A refusal that names no field of several: which of them it means is found by sending fewer. */
export function isUnclearRefusal(facts: Pick<LookFacts, 'plan' | 'answers'>): boolean {
  return sides.some((side) => {
    const answer = facts.answers[side];
    return (
      answer.outcome === 'rejected' && answer.field === undefined && Object.keys(facts.plan.writes[side]).length > 1
    );
  });
}

/** The writes that were sent and have no answer yet keep their intent, and nothing else does. */
function unsettledIntent(facts: LookFacts): Intent | undefined {
  const { intent } = facts.link;
  if (!intent) return undefined;
  const fields = intent.fields.filter((field) => facts.answers[field.side].outcome === 'unknown');
  return fields.length > 0 ? { ...intent, fields } : undefined;
}

export function recordLook(facts: LookFacts): LookRecord {
  const { link, plan, answers } = facts;
  const fields: Record<string, FieldState> = { ...link.fields };
  const changes: FieldChange[] = [];
  const openFailures: Failure[] = [];
  const open = new Set(link.openFailures);
  let rejected = 0;
  for (const fieldPlan of plan.fields) {
    const result = fieldResult(facts, fieldPlan);
    const newlyParked = result.refused || fieldPlan.parked !== undefined;
    const { dismissed, ...listedAnew } = result.state;
    const state = newlyParked ? listedAnew : result.state;
    fields[fieldPlan.field] = state;
    if (result.change) changes.push(result.change);
    if (newlyParked) rejected += 1;
    const id = failureId(link.id, fieldPlan.field);
    const failure = failureOf(facts, fieldPlan, state);
    if (failure && (newlyParked || !(open.has(id) || dismissed))) openFailures.push(failure);
    else if (!failure) open.delete(id);
  }
  // A field that is no longer mapped is never looked at again: what it failed for is over.
  const known = new Set([failureId(link.id), ...plan.fields.map(({ field }) => failureId(link.id, field))]);
  for (const id of open) if (!known.has(id)) open.delete(id);
  const outcomes = sides.map((side) => answers[side].outcome);
  open.delete(failureId(link.id));
  for (const failure of openFailures) open.add(failure.id);
  const seen = { crm: seenAfter(facts, 'crm'), erp: seenAfter(facts, 'erp') };
  const unsettled = outcomes.some((outcome) => outcome === 'stale' || outcome === 'unknown' || outcome === 'not-sent');
  const again = unsettled || facts.partial === true || !seen.crm || !seen.erp;
  const after: Link = {
    ...link,
    state: link.state === 'pending' && !unsettled ? 'active' : link.state,
    fields: withoutEmpty(fields),
    choices: Object.fromEntries(Object.entries(link.choices).filter(([field]) => !fields[field]?.agreed)),
    seen: { ...(seen.crm && { crm: seen.crm }), ...(seen.erp && { erp: seen.erp }) },
    intent: unsettledIntent(facts),
    openFailures: [...open],
    lastSyncedAt: facts.at,
  };
  return {
    after,
    changes,
    openFailures,
    closeFailures: link.openFailures.filter((id) => !open.has(id)),
    counts: countsOf(changes, rejected),
    again,
  };
}

export function countsOf(changes: readonly FieldChange[], rejected = 0): CounterDeltas {
  return {
    changed: changes.length > 0 ? 1 : 0,
    writtenToCrm: changes.filter((change) => change.side === 'crm').length,
    writtenToErp: changes.filter((change) => change.side === 'erp').length,
    conflicts: changes.filter((change) => change.conflict).length,
    rejected,
  };
}

/** Whether the record step would change anything that matters: if not, the look costs no transaction. */
export function changesLink(before: Link, record: LookRecord): boolean {
  const content = ({ lastSyncedAt: _at, revision: _revision, ...rest }: Link) => fingerprint(rest);
  return record.changes.length > 0 || content(before) !== content(record.after);
}
