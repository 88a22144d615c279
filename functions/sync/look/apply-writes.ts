/**
 * Writes what was planned, each record on condition of what was read. Always true: one bad record never fails its
 * neighbours, and a write counts as not sent only where the system says so; a lost answer and a defect prove nothing, so
 * their intent stays and is settled. A crash leaves any part of the writes made, each of them in an intent. Attacked by
 * test/property/ and test/crash/.
 */
import { batches } from '../../core/batches.ts';
import { asSyncError, type SyncError } from '../../core/errors.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { coveredFields, mappedFields } from '../../core/mapping/mapped-fields.ts';
import { testedFields } from '../../core/merge/plan.ts';
import type { SideAnswer } from '../../core/merge/side-answer.ts';
import { type BySide, bySide } from '../../core/model/by-side.ts';
import type { Side } from '../../core/model/side.ts';
import { callsAtOnce } from '../../core/timing/caps.ts';
import type { RecordWrite, WriteAnswer } from '../../ports/record-system.ts';
import { ofRecordType } from '../guards/of-record-type.ts';
import type { Look } from './look.ts';
import type { PlannedLink } from './plan-read.ts';
import { waitInPlaceMs } from './worker-time.ts';

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

/** Records of one type, and how many calls may be open for them. */
interface Batch {
  readonly batch: readonly PlannedLink[];
  readonly calls: number;
}

/** One call: records of one type, at most as many as the system takes. */
async function callUpdate({ context }: Look, side: Side, { batch, calls }: Batch): Promise<SideAnswer[]> {
  const [first] = batch;
  if (!first) return [];
  const { ends } = first.link;
  const fields = coveredFields(mappedFields(context.setup, ends.erp.type), side);
  const writes = batch.map((one) => writeFor(one, side));
  try {
    const answers = await context[side].update(ends[side].type, writes, fields, calls);
    return batch.map((_, at) => answerOf(answers[at]));
  } catch (failure) {
    const answer = answerOfThrow(ofRecordType(asSyncError(failure), ends[side].type));
    return batch.map(() => answer);
  }
}

function waitAskedFor(answer: SideAnswer | undefined): number | undefined {
  return answer?.outcome === 'not-sent' ? waitInPlaceMs(answer.error) : undefined;
}

/** Writes a batch; records whose system asks for a moment are sent again after it, for what was read is still good. */
async function writeBatch(look: Look, side: Side, { batch, calls }: Batch): Promise<SideAnswer[]> {
  const answers = new Map<PlannedLink, SideAnswer>();
  let left = batch;
  while (left.length > 0) {
    const answered = await callUpdate(look, side, { batch: left, calls });
    for (const [at, one] of left.entries()) answers.set(one, answered[at] ?? { outcome: 'unknown' });
    left = left.filter((one) => waitAskedFor(answers.get(one)) !== undefined);
    const waitMs = Math.max(...left.map((one) => waitAskedFor(answers.get(one)) ?? 0));
    if (left.length === 0 || !look.time.allows(waitMs)) break;
    await look.engine.runtime.sleep(waitMs);
  }
  return batch.map((one) => answers.get(one) ?? { outcome: 'unknown' });
}

async function writeSide(
  look: Look,
  side: Side,
  planned: readonly PlannedLink[],
): Promise<ReadonlyMap<string, SideAnswer>> {
  const answers = new Map<string, SideAnswer>();
  const writing = planned.filter(({ plan }) => Object.keys(plan.writes[side]).length > 0);
  const groups = Map.groupBy(writing, ({ link }) => link.ends.erp.type).values();
  const all = [...groups].flatMap((group) => batches(group, look.context.capabilities[side].updateBatch));
  const share = callsAtOnce(look.context.capabilities[side].callsOpen, side);
  const open = Math.min(share, all.length);
  await inParallel(all, open, async (batch) => {
    const answered = await writeBatch(look, side, { batch, calls: Math.floor(share / open) });
    for (const [at, one] of batch.entries()) answers.set(one.link.id, answered[at] ?? { outcome: 'unknown' });
  });
  return answers;
}

/** Writes both sides of many links at once, in batches; the answers of both sides by link id. */
export async function applyWrites(
  look: Look,
  planned: readonly PlannedLink[],
): Promise<ReadonlyMap<string, BySide<SideAnswer>>> {
  const [crm, erp] = await Promise.all([writeSide(look, 'crm', planned), writeSide(look, 'erp', planned)]);
  const answers = { crm, erp };
  return new Map(planned.map(({ link: { id } }) => [id, bySide((side) => answers[side].get(id) ?? nothingToWrite)]));
}
