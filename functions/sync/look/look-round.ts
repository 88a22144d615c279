/**
 * One round over links: read both sides, settle what a dead worker left, plan, take the intent, write, record.
 * Always true: due items are read before the records, so one written after the read is not removed; nothing
 * is written without a stored intent. A crash leaves at most intents and due items: the next look settles the first.
 * Attacked by test/property/ and test/crash/.
 */
import { inParallel } from '../../core/in-parallel.ts';
import { upTo } from '../../core/merge/halving.ts';
import { bySide } from '../../core/model/by-side.ts';
import { isLive, type Link } from '../../core/model/link.ts';
import { withholdBlanks } from '../guards/withhold-blanks.ts';
import { applyWrites, nothingToWrite } from './apply-writes.ts';
import { breakLink } from './break-link.ts';
import { busyWaitMs, leaseLeftMs } from './lease-waits.ts';
import { again, type RoundVerdict } from './link-verdict.ts';
import type { Look, LookRound } from './look.ts';
import { type PlannedLink, planRead } from './plan-read.ts';
import { bothRecords, type LinkRead, readBoth } from './read-both.ts';
import { recordStep } from './record-step.ts';
import { settleExpiredIntent } from './settle-expired-intent.ts';
import { takeIntent } from './take-intent.ts';

/** Record transactions side by side: those of one chunk share its item, so many at once would only clash and try again. */
const recordWidth = 4;

const nothingSent = bySide(() => nothingToWrite);

/** Why a link is not looked at now; nothing if it is. */
function withoutLook({ engine, dues }: LookRound, linkId: string, link: Link | undefined): RoundVerdict | undefined {
  // A due item without its link cannot be looked at by anyone.
  if (!link) return { verdict: 'unchanged', due: dues.get(linkId) };
  const leftMs = leaseLeftMs(engine, link);
  if (leftMs >= 0) return { verdict: 'wait', waitMs: busyWaitMs(engine, leftMs), spends: false };
  return isLive(link.state) || link.intent ? undefined : { verdict: 'unchanged', due: dues.get(linkId) };
}

/** Everything before the writes: the link with its intent taken, or how it goes on without any. */
async function prepare(
  round: LookRound,
  found: Link,
  read: LinkRead,
  mostWrites: number | undefined,
): Promise<PlannedLink | RoundVerdict> {
  const link = await settleExpiredIntent(round, found, read);
  if (link === 'superseded') return again;
  if (!isLive(link.state)) return { verdict: 'unchanged', due: round.dues.get(link.id) };
  const records = bothRecords(read);
  if (!records) return breakLink(round, link, read.records.crm ? 'erp' : 'crm');
  const { readAtMs } = read;
  const guarded = await withholdBlanks(round, link, planRead(round.context, link, records));
  if ('verdict' in guarded) return guarded;
  const plan = upTo(mostWrites, guarded.plan, link.fieldStates);
  const candidate: PlannedLink = { link, records, readAtMs, ...guarded, ...plan };
  if (!candidate.plan.fields.some((field) => field.write)) return recordStep(round, candidate, nothingSent);
  const taken = await takeIntent(round, candidate);
  return taken === 'superseded' ? again : { ...candidate, link: taken };
}

/** One verdict per link; `mostWrites`: links of which fewer writes are to be sent. */
export async function lookRound(
  look: Look,
  linkIds: readonly string[],
  mostWrites: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, RoundVerdict>> {
  const { engine, context, chunk } = look;
  const verdicts = new Map<string, RoundVerdict>();
  const links = new Map((await engine.links.getMany(chunk.tenantId, linkIds)).map((link) => [link.id, link]));
  const dues = await engine.dueItems.getMany(chunk.tenantId, chunk.connectionId, linkIds);
  const round = { ...look, dues: new Map(dues.map((due) => [due.linkId, due])) };
  const looking: Link[] = [];
  for (const linkId of linkIds) {
    const link = links.get(linkId);
    const verdict = withoutLook(round, linkId, link);
    if (verdict) verdicts.set(linkId, verdict);
    else if (link) looking.push(link);
  }
  if (looking.length === 0) return verdicts;
  const reads = await readBoth(context, looking);
  const writing: PlannedLink[] = [];
  await inParallel(looking, recordWidth, async (link) => {
    const read = reads.get(link.id);
    const prepared = read ? await prepare(round, link, read, mostWrites.get(link.id)) : again;
    if ('verdict' in prepared) verdicts.set(link.id, prepared);
    else writing.push(prepared);
  });
  const answers = await applyWrites(context, writing);
  await inParallel(writing, recordWidth, async (one) => {
    verdicts.set(one.link.id, await recordStep(round, one, answers.get(one.link.id) ?? nothingSent));
  });
  return verdicts;
}
