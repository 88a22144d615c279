/**
 * The record step: turns what was planned and answered into the link, its log, its failures and its counts. Always true:
 * all of it is one transaction; after a write it applies to the link as it is now, as long as the intent is ours, and
 * after a plan that wrote nothing only to the link as it was read. A link that is not finished stays due. A crash before
 * it leaves intent and due item, for the next look. Attacked by test/property/, test/crash/ and test/core/merge/outcome.test.ts.
 */
import { actorTypeOf, coveredFields, mappedFields } from '../../core/mapping/mapped-fields.ts';
import { halfOf } from '../../core/merge/halving.ts';
import type { LookFacts } from '../../core/merge/look-facts.ts';
import { changesLink, endsLook, type Outcome, outcomeOf } from '../../core/merge/outcome.ts';
import type { SideAnswer } from '../../core/merge/side-answer.ts';
import { withKeptBack } from '../../core/merge/withhold.ts';
import { type BySide, bySide } from '../../core/model/by-side.ts';
import type { SentValues } from '../../core/model/crm-record.ts';
import { dueOf } from '../../core/model/due.ts';
import type { FieldChange } from '../../core/model/field-change.ts';
import { isWatched, type Link } from '../../core/model/link.ts';
import type { Finding } from '../../core/model/link-stand.ts';
import { sides } from '../../core/model/side.ts';
import { spendsAttempt } from '../../core/timing/retry.ts';
import { sameContent } from '../../core/values/same-content.ts';
import type { Values } from '../../core/values/value.ts';
import type { Engine } from '../engine.ts';
import { isTypeRefused } from '../guards/ration-refusals.ts';
import { withheldUntil } from '../guards/take-act.ts';
import { leaseLeftMs, waitAfterLeaseMs } from './lease-waits.ts';
import { again, type RoundVerdict } from './link-verdict.ts';
import type { LookRound } from './look.ts';
import { type OtherLinks, otherLinksOf } from './other-links.ts';
import { alsoSent, broughtToCrm, goesOnToOthers, toldOthers } from './pass-on.ts';
import type { PlannedLink } from './plan-read.ts';
import { type RestOfStep, recordFinding, type Stands, standsOf } from './record-finding.ts';

function findingOf(round: LookRound, before: Link, outcome: Outcome, at: string): Finding {
  const { after, troubles, verdict } = outcome;
  const leavesOpen = after.withheld?.refusals && isTypeRefused(round, before) ? 'forbidden' : undefined;
  return { found: 'look', before, after, troubles, ends: endsLook(verdict), leavesOpen, at, runId: round.chunk.runId };
}

/** What stands in the CRM's fields after the look. */
function inCrmAfter({ records }: PlannedLink, changes: readonly FieldChange[]): Values {
  const written = changes.filter(({ side }) => side === 'crm').map(({ crmField, newValue }) => [crmField, newValue]);
  return { ...records.crm.values, ...Object.fromEntries(written) };
}

/** As the intent was taken with them; without a write there was none. */
function intendedMarks({ link, plan }: PlannedLink, others: OtherLinks | undefined): SentValues {
  return (link.intent && others && alsoSent(others, plan)) ?? {};
}

type StepOf = (after: Link, others: OtherLinks | undefined) => RestOfStep;

/** What else is written with the link as it is then: a disconnected link is due no more once it is settled. */
function stepOf(
  round: LookRound,
  before: Link,
  outcome: Outcome,
  {
    at,
    notBefore,
    planned,
  }: { readonly at: string; readonly notBefore: string | undefined; readonly planned: PlannedLink },
): StepOf {
  const { engine, chunk, dues, resync } = round;
  const { verdict, counts, changes } = outcome;
  const { runId, chunkId } = chunk;
  const ends = endsLook(verdict);
  const due = () => ({ ...dueOf(before, engine.runtime.newId(), ends ? undefined : { runId, chunkId }), notBefore });
  const stays = ({ state, intent }: Link) => verdict !== 'done' && (isWatched(state) || intent !== undefined);
  const goesOn = ends && resync && goesOnToOthers(round, before);
  const brought = goesOn ? broughtToCrm(planned.plan, changes) : [];
  const resyncs = goesOn && brought.length > 0 ? { noBlanks: resync.noBlanks, fields: brought, at } : undefined;
  return (after, others) => ({
    changes,
    ...toldOthers(engine, after, others, {
      changes,
      intended: intendedMarks(planned, others),
      now: inCrmAfter(planned, changes),
      resyncs,
    }),
    // A due item that came with the intent has its token for a sequence.
    removesDue: stays(after) ? undefined : (dues.get(before.id)?.sequence ?? before.intent?.token),
    staysDue: stays(after) ? due() : undefined,
    counts: {
      runId,
      chunkId,
      deltas: ends ? { ...counts, lookedAt: 1 } : counts,
      result: ends,
      at,
    },
  });
}

/** Stores what the look found, as long as the intent is still ours whatever else changed. */
async function store(
  { engine, others, passedOn }: LookRound,
  read: Link,
  finding: Finding,
  rest: StepOf,
  standsAsRead: Stands,
) {
  const { tenantId, id, intent } = read;
  let current: Link | undefined = read;
  let other = others.get(id);
  while (current) {
    const stands = current === read ? standsAsRead : undefined;
    let told: RestOfStep = {};
    const stored = await recordFinding(
      engine,
      current,
      finding,
      (after) => {
        told = rest(after, other);
        return told;
      },
      stands,
    );
    if (stored !== 'superseded') {
      passedOn(told.makesDue ?? []);
      return 'recorded';
    }
    current = await engine.links.get(tenantId, id);
    if (!intent || current?.intent?.token !== intent.token) return 'superseded';
    // Another connection may have come to the CRM record.
    other = (await otherLinksOf(engine, [current])).get(id);
  }
  return 'superseded';
}

/** Whether anything of the link or its failure is to be stored: if not, the look costs no transaction. */
function isUnchanged({ before, after }: Stands, link: Link, outcome: Outcome): boolean {
  const sameFailure = sameContent(before.failure, after.failure);
  return sameFailure && !changesLink(link, { ...outcome, after: after.link });
}

function verdictAfter(
  engine: Engine,
  { link, plan }: PlannedLink,
  answers: BySide<SideAnswer>,
  { verdict, trouble }: Pick<Outcome, 'verdict' | 'trouble'>,
): RoundVerdict {
  const [error] = sides.flatMap((side) => {
    const answer = answers[side];
    return 'error' in answer && answer.error ? [answer.error] : [];
  });
  switch (verdict) {
    case 'done':
    case 'stays-due':
      return { verdict: 'recorded' };
    case 'again':
      return { verdict: 'again', trouble };
    case 'halve':
      return { verdict: 'again', mostWrites: halfOf(plan), trouble };
    case 'not-sent':
      return { verdict: 'wait', spends: spendsAttempt(error), error };
    case 'unknown':
      return { verdict: 'wait', waitMs: waitAfterLeaseMs(leaseLeftMs(engine, link)), spends: true, error };
  }
}

/** Records one link once its writes are answered, and says how it goes on. */
export async function recordStep(
  round: LookRound,
  planned: PlannedLink,
  answers: BySide<SideAnswer>,
): Promise<RoundVerdict> {
  const { engine, context, chunk, dues } = round;
  const { link, plan, records, partial } = planned;
  const mapping = mappedFields(context.setup, link.ends.erp.type);
  const facts: LookFacts = {
    link,
    plan,
    read: records,
    answers,
    partial,
    covered: bySide((side) => coveredFields(mapping, side)),
    runId: chunk.runId,
    at: engine.runtime.now(),
    newId: engine.runtime.newId,
    mappingVersion: actorTypeOf(context.setup, link.ends.erp.type)?.mappingVersion,
  };
  const done = outcomeOf(facts);
  const outcome = withKeptBack(done, planned, facts);
  const finding = findingOf(round, link, outcome, facts.at);
  const stands = await standsOf(engine, link, finding);
  // Withheld and nothing else: it is looked at again in an hour.
  const notBefore = outcome.verdict !== done.verdict ? withheldUntil(engine) : undefined;
  const rest = stepOf(round, link, outcome, { at: facts.at, notBefore, planned });
  const nothingLeft = endsLook(outcome.verdict) && !outcome.after.withheld && !goesOnToOthers(round, link);
  const marksHold = rest(outcome.after, round.others.get(link.id)).sent === undefined;
  if (nothingLeft && marksHold && isUnchanged(stands, link, outcome)) {
    return { verdict: 'unchanged', due: dues.get(link.id) };
  }
  const stored = await store(round, link, finding, rest, stands);
  return stored === 'superseded' ? again : verdictAfter(engine, planned, answers, outcome);
}
