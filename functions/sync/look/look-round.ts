/**
 * One round over links: read both sides, settle what a dead worker left, plan, take the intent, write, record.
 * Always true: due items are read before the records, so one written after the read is not removed; nothing
 * is written without a stored intent; whatever is thrown over one link is that link's verdict, and its neighbours go on. A
 * crash leaves at most intents and due items: the next look settles the first. Attacked by test/property/, test/crash/ and
 * test/sync/one-link.test.ts.
 */
import { asSyncError, SyncError } from '../../core/errors.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { coveredFields, mappedFields } from '../../core/mapping/mapped-fields.ts';
import { isAtRest } from '../../core/merge/at-rest.ts';
import { upTo } from '../../core/merge/halving.ts';
import { bySide } from '../../core/model/by-side.ts';
import { isWatched, type Link } from '../../core/model/link.ts';
import { mostLinksOfChunk } from '../../core/model/run.ts';
import type { LookMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';
import { noteAnswers } from '../guards/ration-refusals.ts';
import { withholdActs } from '../guards/withhold-acts.ts';
import { applyWrites, nothingToWrite } from './apply-writes.ts';
import { asNamed } from './as-named.ts';
import { breakLink } from './break-link.ts';
import { busyWaitMs, leaseLeftMs } from './lease-waits.ts';
import { again, ownTrouble, type RoundVerdict, waitAfter } from './link-verdict.ts';
import type { LinksFound, Look, LookRound } from './look.ts';
import { otherLinksOf } from './other-links.ts';
import { goesOnToOthers, resyncOfLink } from './pass-on.ts';
import { pauseLink } from './pause-link.ts';
import { type PlannedLink, planRead } from './plan-read.ts';
import { type LinkRead, type NotRead, readBoth, readOf } from './read-both.ts';
import { recordStep } from './record-step.ts';
import { renewForms } from './renew-forms.ts';
import { reviveLink } from './revive-link.ts';
import { settleExpiredIntent } from './settle-expired-intent.ts';
import { standingOf } from './standing.ts';
import { takeIntent } from './take-intent.ts';
import { patiently } from './worker-time.ts';

/** Links of a chunk share no item, so all of them are recorded side by side: the store joins what comes at one moment. */
const recordWidth = mostLinksOfChunk;

const nothingSent = bySide(() => nothingToWrite);

/** There is no time left to write and record: the link goes out as a new message at once. */
const outOfTime: RoundVerdict = { verdict: 'wait', waitMs: 0, spends: false };

/** Why a link is not looked at now; nothing if it is. */
function withoutLook(
  { engine, dues }: Pick<LookRound, 'engine' | 'dues'>,
  linkId: string,
  link: Link | undefined,
): RoundVerdict | undefined {
  // A due item without its link cannot be looked at by anyone.
  if (!link) return { verdict: 'unchanged', due: dues.get(linkId) };
  const leftMs = leaseLeftMs(engine, link);
  if (leftMs >= 0) return { verdict: 'wait', waitMs: busyWaitMs(engine, leftMs), spends: false };
  return isWatched(link.state) || link.intent ? undefined : { verdict: 'unchanged', due: dues.get(linkId) };
}

function tooLarge({ id }: Link): SyncError {
  return new SyncError('too-large', `What is to be written for link ${id} is too large to be recorded.`);
}

/** Everything before the writes: the link with its intent taken, or how it goes on without any. */
async function prepare(
  round: LookRound,
  found: Link,
  read: LinkRead,
  mostWrites: number | undefined,
): Promise<PlannedLink | RoundVerdict> {
  const settled = await settleExpiredIntent(round, found, read);
  if (settled === 'superseded') return again;
  if (!isWatched(settled.state)) return { verdict: 'unchanged', due: round.dues.get(settled.id) };
  const standing = standingOf(settled, read);
  if (standing.state !== 'live') {
    return standing.state === 'paused'
      ? pauseLink(round, settled, read, standing)
      : breakLink(round, settled, read, standing);
  }
  const revived = await reviveLink(round, settled);
  if (revived === 'superseded') return again;
  const { records } = standing;
  const link = await renewForms(round, revived, records);
  if (link === 'superseded') return again;
  const { readAtMs, clockErrorMs } = read;
  const guarded = await withholdActs(
    round,
    link,
    planRead(round.context, link, {
      records,
      clockErrorMs,
      resync: resyncOfLink(round.resync, link, round.engine.runtime.nowMs()),
      crmWriters: round.others.get(link.id)?.writers,
    }),
  );
  if ('verdict' in guarded) return guarded;
  const plan = upTo(mostWrites, guarded.plan, link.fieldStates);
  const candidate: PlannedLink = { link, records, readAtMs, ...guarded, ...plan };
  if (!candidate.plan.fields.some((field) => field.write)) return recordStep(round, candidate, nothingSent);
  if (!round.time.allows(0)) return outOfTime;
  const taken = await takeIntent(round, candidate);
  if (taken === 'too-large') return { verdict: 'wait', spends: true, error: tooLarge(link) };
  return taken === 'superseded' ? again : { ...candidate, link: taken };
}

/** Most links of a comparison: there is nothing to plan. */
function restsAsRead(round: LookRound, link: Link, { records }: LinkRead): boolean {
  const { context } = round;
  if (goesOnToOthers(round, link)) return false;
  const mapping = mappedFields(context.setup, link.ends.erp.type);
  return isAtRest(link, {
    mapping,
    covered: bySide((side) => coveredFields(mapping, side)),
    forms: bySide((side) => context.capabilities[side].formVersion),
    records,
  });
}

/** For the guards: what comes to many links of a message is seen by what all of them read. */
function noteRead({ context, facts }: Look, { id, ends }: Link, read: LinkRead | NotRead): void {
  if ('error' in read || !read.records.crm || !read.records.erp) return;
  const values = { crm: read.records.crm.values, erp: read.records.erp.values };
  facts.noteRead(id, { mapping: mappedFields(context.setup, ends.erp.type), values });
}

async function prepareOrTell(
  round: LookRound,
  found: Link,
  read: LinkRead | NotRead,
  mostWrites: number | undefined,
): Promise<PlannedLink | RoundVerdict> {
  if ('error' in read) return read.own ? ownTrouble(read.error) : waitAfter(read.error);
  const link = asNamed(found, read);
  if (restsAsRead(round, link, read)) return { verdict: 'unchanged', due: round.dues.get(link.id) };
  return prepare(round, link, read, mostWrites);
}

/** What one link's step comes to, whatever is thrown in it. */
async function ownOutcome<Outcome>(
  { engine, chunk }: Look,
  linkId: string,
  step: () => Promise<Outcome>,
): Promise<Outcome | RoundVerdict> {
  try {
    return await step();
  } catch (failure) {
    const error = asSyncError(failure);
    engine.telemetry.failure('look-failed', error, { tenantId: chunk.tenantId, linkId });
    return ownTrouble(error);
  }
}

/** The due items first: who makes a link due changes the link with it, so a link read before its due item may be of before. */
export async function findLinks(
  engine: Engine,
  { tenantId, connectionId, passing }: Pick<LookMessage, 'tenantId' | 'connectionId' | 'passing'>,
  linkIds: readonly string[],
): Promise<LinksFound> {
  const dues = passing ? [] : await engine.dueItems.getMany(tenantId, connectionId, linkIds);
  return { dues, links: await engine.links.getMany(tenantId, linkIds) };
}

/** One verdict per link; `given`: what storage has of them, where that was read already; `mostWrites`: links of which fewer writes are to be sent. */
export async function lookRound(
  look: Look,
  linkIds: readonly string[],
  mostWrites: ReadonlyMap<string, number>,
  given?: LinksFound,
): Promise<ReadonlyMap<string, RoundVerdict>> {
  const { engine, context, chunk } = look;
  const verdicts = new Map<string, RoundVerdict>();
  const { dues, links: found } = given ?? (await findLinks(engine, chunk, linkIds));
  const links = new Map(found.map((link) => [link.id, link]));
  const known = { ...look, dues: new Map(dues.map((due) => [due.linkId, due])) };
  const looking: Link[] = [];
  for (const linkId of linkIds) {
    const link = links.get(linkId);
    const verdict = withoutLook(known, linkId, link);
    if (verdict) verdicts.set(linkId, verdict);
    else if (link) looking.push(link);
  }
  if (looking.length === 0) return verdicts;
  const reads = await readBoth(engine, context, looking, (read) => patiently(look, read));
  const round = { ...known, others: await otherLinksOf(engine, looking) };
  for (const link of looking) noteRead(look, link, readOf(reads, link));
  const writing: PlannedLink[] = [];
  await inParallel(looking, recordWidth, async (link) => {
    const { id } = link;
    const prepared = await ownOutcome(look, id, () =>
      prepareOrTell(round, link, readOf(reads, link), mostWrites.get(id)),
    );
    if ('verdict' in prepared) verdicts.set(id, prepared);
    else writing.push(prepared);
  });
  const answers = await applyWrites(look, writing);
  await noteAnswers(look, writing, answers);
  await inParallel(writing, recordWidth, async (one) => {
    const { id } = one.link;
    const answered = answers.get(id) ?? nothingSent;
    verdicts.set(id, await ownOutcome(look, id, () => recordStep(round, one, answered)));
  });
  return verdicts;
}
