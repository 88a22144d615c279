import { asSyncError, type SyncError } from '../../core/errors.ts';
import type { SideAnswer } from '../../core/merge/outcome.ts';
import type { Plan } from '../../core/merge/plan.ts';
import type { Side } from '../../core/model/actor-type.ts';
import type { Link } from '../../core/model/link.ts';
import type { Value } from '../../core/values/value.ts';
import type { ChangeOutcome, RecordChange, RecordState } from '../../ports/record-system.ts';
import { coveredFields, keyOf, type LookContext, typeOf } from './look-context.ts';
import { mappedFields } from './mapped-fields.ts';

export interface PlannedLink {
  readonly link: Link;
  readonly plan: Plan;
  readonly crm: RecordState;
  readonly erp: RecordState;
}

/** What came of one link's writes on one side; `error` says why it may be tried again later. */
export interface AppliedSide {
  readonly answer: SideAnswer;
  readonly error?: SyncError;
}

function replacedValues(planned: PlannedLink, side: Side): Record<string, Value> {
  const keys = Object.keys(planned.plan.writes[side]);
  return Object.fromEntries(keys.map((key) => [key, planned[side].values[key] ?? null]));
}

function changeFor(planned: PlannedLink, side: Side): RecordChange {
  return {
    key: keyOf(planned.link, side),
    version: planned[side].version,
    values: planned.plan.writes[side],
    replaces: replacedValues(planned, side),
  };
}

function answerOf(outcome: ChangeOutcome | undefined): AppliedSide {
  if (!outcome) return { answer: { outcome: 'unknown' } };
  if (outcome.outcome !== 'failed') return { answer: outcome };
  const unknown = outcome.error.kind === 'unknown-outcome';
  return { answer: { outcome: unknown ? 'unknown' : 'not-sent' }, error: outcome.error };
}

/**
 * Writes one side of many links, in batches, each on condition of what was read. One bad record never fails its
 * neighbours; a call that threw has certainly written nothing.
 */
export async function applyWrites(
  context: LookContext,
  side: Side,
  planned: readonly PlannedLink[],
): Promise<ReadonlyMap<string, AppliedSide>> {
  const applied = new Map<string, AppliedSide>();
  for (const one of planned) applied.set(one.link.id, { answer: { outcome: 'none' } });
  const writing = planned.filter((one) => Object.keys(one.plan.writes[side]).length > 0);
  for (const group of Map.groupBy(writing, (one) => one.link.ends.erp.type).values()) {
    const [first] = group;
    if (!first) continue;
    const fields = coveredFields(mappedFields(context.setup, first.link.ends.erp.type), side);
    const size = context.capabilities[side].batch.update;
    for (let at = 0; at < group.length; at += size) {
      const batch = group.slice(at, at + size);
      const changes = batch.map((one) => changeFor(one, side));
      try {
        const outcomes = await context[side].update(typeOf(first.link, side), changes, fields);
        batch.forEach((one, index) => {
          applied.set(one.link.id, answerOf(outcomes[index]));
        });
      } catch (failure) {
        const error = asSyncError(failure);
        // A defect says nothing about what reached the other system: it is settled like a lost answer.
        const outcome = error.kind === 'unknown-outcome' || error.kind === 'defect' ? 'unknown' : 'not-sent';
        for (const one of batch) applied.set(one.link.id, { answer: { outcome }, error });
      }
    }
  }
  return applied;
}
