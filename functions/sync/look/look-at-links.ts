/**
 * One look: read both sides, settle what a dead holder left, plan, take the intent (the lease), write, record (engine.md §2).
 * Always true: nothing is written without a stored intent; a due item goes only if it was there before the reads; whatever
 * a crash leaves is the intent and the due item, and the next look settles both. Attacked by test/property/ and test/crash/.
 */

import type { SyncError } from '../../core/errors.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { changesLink, isUnclearRefusal, type LookRecord, recordLook } from '../../core/merge/outcome.ts';
import { withFewerWrites } from '../../core/merge/plan.ts';
import type { DueItem } from '../../core/model/due.ts';
import { type Intent, type IntentField, isLive, type Link } from '../../core/model/link.ts';
import { dispositionOf } from '../../core/timing/retry.ts';
import type { Engine } from '../engine.ts';
import { type AppliedSide, applyWrites, type PlannedLink } from './apply-writes.ts';
import { breakLink } from './break-link.ts';
import { coveredFields, type LinkRead, type LookContext, planOf, readBoth } from './look-context.ts';
import { mappedFields } from './mapped-fields.ts';
import { settleLink } from './settle-link.ts';

/** What became of one link of a message. */
export type LinkOutcome =
  /** Recorded, and counted in the record transaction. */
  | { readonly outcome: 'recorded' }
  /** Nothing to record; its due item is to go and its result is still to be counted. */
  | { readonly outcome: 'unchanged'; readonly due?: DueItem }
  /** To be asked again after a wait; `spends`: the wait counts as an attempt. */
  | { readonly outcome: 'wait'; readonly waitMs?: number; readonly spends: boolean; readonly error?: SyncError };

export interface LookPlace {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly runId: string;
  readonly chunkId: string;
}

/** Re-plans within one message after a stale write; more would let one busy record delay its neighbours. */
const roundsPerMessage = 3;
/** Enough to find, by halves, one refused field among many; a second one is found by the next message. */
const roundsPerRefusal = 12;
/** Record transactions side by side: those of one chunk share its item, so many at once would only clash and try again. */
const recordWidth = 4;
/** A little after the lease, so that two clocks a breath apart do not meet it again. */
const afterLeaseMs = 500;
/** The shortest delay of a queue message that is one (SQS counts in seconds). */
const shortestWaitMs = 1_000;

/** Most holders are done in a moment; one that is not is left in peace for as long as it has held the lease already. */
function busyWaitMs(engine: Engine, leaseLeftMs: number): number {
  const heldMs = engine.settings.leaseMs - leaseLeftMs;
  return Math.min(leaseLeftMs + afterLeaseMs, Math.max(shortestWaitMs, heldMs));
}

/** `most`: which of several writes was refused is not clear yet: at most so many next time. */
type RoundResult = LinkOutcome | { readonly outcome: 'again'; readonly most?: number };
const again: RoundResult = { outcome: 'again' };

function freshDue(engine: Engine, place: LookPlace, linkId: string, inChunk: boolean): DueItem {
  const { tenantId, connectionId, runId, chunkId } = place;
  return {
    tenantId,
    connectionId,
    linkId,
    sequence: engine.runtime.newId(),
    ...(inChunk && { chunk: { runId, chunkId } }),
  };
}

function intentOf(engine: Engine, place: LookPlace, planned: PlannedLink, read: LinkRead): Intent {
  const fields = planned.plan.fields.flatMap((plan): IntentField[] => {
    if (!plan.write) return [];
    const { side, value } = plan.write;
    return [
      {
        field: plan.field,
        erpField: plan.mapped.erpField,
        crmField: plan.mapped.crmField,
        side,
        replaces: plan[side],
        sends: value,
        source: side === 'crm' ? plan.erp : plan.crm,
        base: plan.state.agreed,
        rule: plan.rule,
        conflict: plan.conflict !== undefined,
      },
    ];
  });
  return {
    token: engine.runtime.newId(),
    runId: place.runId,
    chunkId: place.chunkId,
    expiresAtMs: engine.runtime.nowMs() + engine.settings.leaseMs,
    versions: { crm: planned.crm.version, erp: planned.erp.version },
    readAtMs: read.readAtMs,
    fields,
  };
}

/** Records on top of what somebody else changed meanwhile (a disconnect), as long as the intent is still ours. */
async function recordWritten(
  engine: Engine,
  before: Link,
  record: LookRecord,
  rest: Pick<Parameters<Engine['links']['record']>[0], 'settlesDue' | 'staysDue' | 'counts'>,
): Promise<'recorded' | 'superseded'> {
  let current = before;
  for (;;) {
    const after = { ...record.after, state: current.state === before.state ? record.after.state : current.state };
    const live = isLive(after.state);
    const stored = await engine.links.record({
      before: current,
      after: { ...after, ...(current.stateReason && { stateReason: current.stateReason }) },
      changes: record.changes,
      openFailures: record.openFailures,
      closeFailures: record.closeFailures,
      ...(rest.settlesDue && { settlesDue: rest.settlesDue }),
      ...(rest.staysDue && live && { staysDue: rest.staysDue }),
      ...(rest.counts && { counts: rest.counts }),
    });
    if (stored !== 'superseded') return 'recorded';
    const reloaded = await engine.links.get(before.tenantId, before.id);
    const ours = before.intent !== undefined && reloaded?.intent?.token === before.intent.token;
    if (!reloaded || !ours) return 'superseded';
    current = reloaded;
  }
}

interface Attempt {
  readonly planned: PlannedLink;
  readonly due: DueItem | undefined;
  readonly applied: { readonly crm: AppliedSide; readonly erp: AppliedSide };
  /** The plan leaves writes out, for a next round. */
  readonly partial: boolean;
}

const nothingSent: AppliedSide = { answer: { outcome: 'none' } };

async function recordAttempt(
  engine: Engine,
  context: LookContext,
  place: LookPlace,
  attempt: Attempt,
): Promise<RoundResult> {
  const { planned, due, applied } = attempt;
  const { link, plan } = planned;
  const mapping = mappedFields(context.setup, link.ends.erp.type);
  const answered = { crm: applied.crm.answer, erp: applied.erp.answer };
  const record = recordLook({
    link,
    plan,
    read: planned,
    answers: answered,
    partial: attempt.partial,
    covered: { crm: coveredFields(mapping, 'crm'), erp: coveredFields(mapping, 'erp') },
    runId: place.runId,
    at: new Date(engine.runtime.nowMs()).toISOString(),
    newId: engine.runtime.newId,
  });
  const answers = [applied.crm, applied.erp];
  const failed = answers.find((side) => side.error)?.error;
  const unknown = answers.some((side) => side.answer.outcome === 'unknown');
  const unclear = isUnclearRefusal({ plan, answers: answered });
  const replan =
    record.again &&
    (attempt.partial || answers.some((side) => ['stale', 'missing', 'rejected'].includes(side.answer.outcome)));
  const open = failed !== undefined || unknown || replan;
  if (!open && !changesLink(link, record)) return { outcome: 'unchanged', ...(due && { due }) };
  const stored = await recordWritten(engine, link, record, {
    ...(record.again ? { staysDue: freshDue(engine, place, link.id, open) } : due && { settlesDue: due.sequence }),
    counts: {
      runId: place.runId,
      chunkId: place.chunkId,
      deltas: open ? record.counts : { ...record.counts, lookedAt: 1 },
      result: !open,
    },
  });
  if (stored === 'superseded') return again;
  if (unknown) {
    const waitMs = Math.max(0, (link.intent?.expiresAtMs ?? 0) - engine.runtime.nowMs()) + afterLeaseMs;
    return { outcome: 'wait', waitMs, spends: true, ...(failed && { error: failed }) };
  }
  if (failed) return { outcome: 'wait', spends: failed.kind !== 'throttled', error: failed };
  if (!replan) return { outcome: 'recorded' };
  const sent = plan.fields.filter((field) => field.write).length;
  return unclear ? { outcome: 'again', most: Math.ceil(sent / 2) } : again;
}

async function oneRound(
  engine: Engine,
  context: LookContext,
  place: LookPlace,
  linkIds: readonly string[],
  most: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, RoundResult>> {
  const results = new Map<string, RoundResult>();
  const links = await engine.links.getMany(place.tenantId, linkIds);
  const dues = await engine.dueItems.getMany(place.tenantId, place.connectionId, linkIds);
  const dueOf = (linkId: string): DueItem | undefined => dues.find((due) => due.linkId === linkId);
  const looking: Link[] = [];
  for (const link of links) {
    const lease = link.intent ? link.intent.expiresAtMs - engine.runtime.nowMs() : -1;
    if (lease >= 0) results.set(link.id, { outcome: 'wait', waitMs: busyWaitMs(engine, lease), spends: false });
    else if (isLive(link.state) || link.intent) looking.push(link);
    else results.set(link.id, { outcome: 'unchanged', ...withDue(dueOf(link.id)) });
  }
  for (const linkId of linkIds) {
    // A due item without its link cannot be looked at by anyone.
    if (!links.some((link) => link.id === linkId))
      results.set(linkId, { outcome: 'unchanged', ...withDue(dueOf(linkId)) });
  }
  if (looking.length === 0) return results;
  const reads = await readBoth(context, looking);
  const planned: (PlannedLink & Pick<Attempt, 'due' | 'partial'>)[] = [];
  await inParallel(looking, recordWidth, async (found) => {
    const read = reads.get(found.id);
    if (!read) return;
    const link = found.intent ? await settleLink(engine, context, found, read) : found;
    if (link === 'superseded') {
      results.set(found.id, again);
      return;
    }
    const due = dueOf(link.id);
    if (!isLive(link.state)) {
      results.set(link.id, { outcome: 'unchanged', ...withDue(due) });
      return;
    }
    const { crm, erp } = read;
    if (!crm || !erp) {
      results.set(link.id, await breakLink(engine, place, link, crm ? 'erp' : 'crm', due));
      return;
    }
    const whole = planOf(context, link, crm, erp);
    const writes = whole.fields.filter((field) => field.write).length;
    const limit = most.get(link.id) ?? writes;
    const partial = limit < writes;
    const plan = partial ? withFewerWrites(whole, limit, link.fields) : whole;
    if (writes === 0) {
      const applied = { crm: nothingSent, erp: nothingSent };
      const attempt = { planned: { link, plan, crm, erp }, due, applied, partial };
      results.set(link.id, await recordAttempt(engine, context, place, attempt));
      return;
    }
    const candidate = { link, plan, crm, erp };
    const held = await engine.links.takeIntent(link, intentOf(engine, place, candidate, read));
    if (held === 'superseded') results.set(link.id, again);
    else planned.push({ ...candidate, link: held, due, partial });
  });
  const erp = await applyWrites(context, 'erp', planned);
  const crm = await applyWrites(context, 'crm', planned);
  await inParallel(planned, recordWidth, async (one) => {
    const applied = { crm: crm.get(one.link.id) ?? nothingSent, erp: erp.get(one.link.id) ?? nothingSent };
    const attempt = { planned: one, due: one.due, applied, partial: one.partial };
    results.set(one.link.id, await recordAttempt(engine, context, place, attempt));
  });
  return results;
}

function withDue(due: DueItem | undefined): { due?: DueItem } {
  return due ? { due } : {};
}

/** Looks at the links named; one outcome per link. Throws what concerns them all (a side that cannot be read). */
export async function lookAtLinks(
  engine: Engine,
  context: LookContext,
  place: LookPlace,
  linkIds: readonly string[],
): Promise<ReadonlyMap<string, LinkOutcome>> {
  const outcomes = new Map<string, LinkOutcome>();
  const refused = new Set<string>();
  let most = new Map<string, number>();
  let left = linkIds;
  for (let round = 0; round < roundsPerRefusal && left.length > 0; round += 1) {
    const results = await oneRound(engine, context, place, left, most);
    most = new Map();
    for (const linkId of left) {
      const result = results.get(linkId) ?? again;
      // Until a later round says otherwise.
      outcomes.set(linkId, result.outcome === 'again' ? { outcome: 'wait', spends: true } : result);
      if (result.outcome !== 'again' || result.most === undefined) continue;
      refused.add(linkId);
      most.set(linkId, result.most);
    }
    const isOpen = (linkId: string) => (results.get(linkId) ?? again).outcome === 'again';
    left = left.filter((linkId) => isOpen(linkId) && (round + 1 < roundsPerMessage || refused.has(linkId)));
  }
  return outcomes;
}

/** Whether the trouble concerns the whole connection, not this record. */
export function suspends(error: SyncError | undefined): error is SyncError {
  return error !== undefined && dispositionOf(error.kind) === 'suspend';
}
