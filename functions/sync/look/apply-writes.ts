/**
 * Writes what was planned, each record on condition of what was read. Always true: one bad record never fails its
 * neighbours, and a write counts as not sent only where the system says so; a lost answer and a defect prove nothing, so
 * their intent stays and is settled. A crash leaves any part of the writes made, each of them in an intent. Attacked by
 * test/property/ and test/crash/.
 */
import { batches } from '../../core/batches.ts';
import { asSyncError, type SyncError } from '../../core/errors.ts';
import { coveredFields, mappedFields } from '../../core/mapping/mapped-fields.ts';
import { testedFields } from '../../core/merge/plan.ts';
import type { SideAnswer } from '../../core/merge/side-answer.ts';
import { type BySide, bySide } from '../../core/model/by-side.ts';
import type { Side } from '../../core/model/side.ts';
import type { RecordWrite, WriteAnswer } from '../../ports/record-system.ts';
import type { OpenEnds } from '../open-ends.ts';
import type { PlannedLink } from './plan-read.ts';

export const nothingToWrite: SideAnswer = { outcome: 'none' };

function writeFor({ link, plan, records }: PlannedLink, side: Side): RecordWrite {
  const { version, values } = records[side];
  const writes = plan.writes[side];
  const replaces = Object.fromEntries(testedFields(plan, side).map((key) => [key, values[key] ?? null]));
  return { key: link.ends[side].key, version, values: writes, replaces };
}

function answerOf(answer: WriteAnswer | undefined): SideAnswer {
  if (!answer) return { outcome: 'unknown' };
  if (answer.outcome !== 'failed') return answer;
  const { error } = answer;
  return { outcome: error.kind === 'unknown-outcome' ? 'unknown' : 'not-sent', error };
}

/** What a throw says of every write of the call. */
function answerOfThrow(error: SyncError): SideAnswer {
  const provesNothing = error.kind === 'unknown-outcome' || error.kind === 'defect';
  return { outcome: provesNothing ? 'unknown' : 'not-sent', error };
}

/** One call: records of one type, at most as many as the system takes. */
async function writeBatch(context: OpenEnds, side: Side, batch: readonly PlannedLink[]): Promise<SideAnswer[]> {
  const [first] = batch;
  if (!first) return [];
  const { ends } = first.link;
  const fields = coveredFields(mappedFields(context.setup, ends.erp.type), side);
  const writes = batch.map((one) => writeFor(one, side));
  try {
    const answers = await context[side].update(ends[side].type, writes, fields);
    return batch.map((_, at) => answerOf(answers[at]));
  } catch (failure) {
    const answer = answerOfThrow(asSyncError(failure));
    return batch.map(() => answer);
  }
}

async function writeSide(
  context: OpenEnds,
  side: Side,
  planned: readonly PlannedLink[],
): Promise<ReadonlyMap<string, SideAnswer>> {
  const answers = new Map<string, SideAnswer>();
  const writing = planned.filter(({ plan }) => Object.keys(plan.writes[side]).length > 0);
  for (const group of Map.groupBy(writing, ({ link }) => link.ends.erp.type).values()) {
    for (const batch of batches(group, context.capabilities[side].updateBatch)) {
      const answered = await writeBatch(context, side, batch);
      for (const [at, answer] of answered.entries()) {
        const one = batch[at];
        if (one) answers.set(one.link.id, answer);
      }
    }
  }
  return answers;
}

/** Writes both sides of many links, in batches; the answers of both sides by link id. */
export async function applyWrites(
  context: OpenEnds,
  planned: readonly PlannedLink[],
): Promise<ReadonlyMap<string, BySide<SideAnswer>>> {
  const erp = await writeSide(context, 'erp', planned);
  const crm = await writeSide(context, 'crm', planned);
  const answers = { crm, erp };
  return new Map(planned.map(({ link: { id } }) => [id, bySide((side) => answers[side].get(id) ?? nothingToWrite)]));
}
