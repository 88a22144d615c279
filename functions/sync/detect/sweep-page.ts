/**
 * A page of a sweep: which of the linked records their systems still show, asked by keys alone. Always true: every record
 * is asked for by itself, so that no answer which is cut short makes another one missing; what is not found makes its
 * link due and no more, for its look reads again and the allowance rations what breaks; and a run asks a side for its budget
 * of calls at most, and for the page in which that ends. It only reads, so a crash leaves nothing. Attacked by
 * test/sync/sweep.test.ts and test/property/sweep.test.ts.
 */

import type { BySide } from '../../core/model/by-side.ts';
import { isWatched, type LinkHead } from '../../core/model/link.ts';
import { mostLinksOfChunk, type Run } from '../../core/model/run.ts';
import { type Side, sides } from '../../core/model/side.ts';
import { mostSweepCalls, SweepProgress } from '../../core/model/sweep.ts';
import type { Engine } from '../engine.ts';
import type { OpenEnds } from '../open-ends.ts';

interface SweptPage {
  readonly linkIds: readonly string[];
  /** How far the chain has come with it. */
  readonly progress: SweepProgress;
  /** Every link was asked for; else the chain goes on, in this run or the next. */
  readonly isLast: boolean;
  /** The budget is used up: nothing was asked. */
  readonly isSpent?: boolean;
}

const linksPerPage = 5 * mostLinksOfChunk;

/** Where a chain has come to: as its run says, or before its first page as the sweep does; nothing if it is through. */
async function progressSoFar(engine: Engine, run: Run, chain: string): Promise<SweepProgress | undefined> {
  const from = run.chains[chain]?.from;
  if (from !== undefined) return SweepProgress.parse(JSON.parse(from));
  const { sweep } = await engine.connections.activity(run.tenantId, run.connectionId);
  return sweep?.underWay[chain];
}

async function isBudgetSpent(engine: Engine, { tenantId, id }: Run): Promise<boolean> {
  const most = engine.settings.mostSweepCalls ?? mostSweepCalls;
  const counters = (await engine.runs.get(tenantId, id))?.counters;
  return counters !== undefined && (counters.callsToCrm >= most || counters.callsToErp >= most);
}

type Answer = 'found' | 'not-found' | 'unanswered';

/** What a side says of the record of each link; nothing where its lists tell of deletes. */
async function askSide(context: OpenEnds, side: Side, links: readonly LinkHead[]): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  if (!context.capabilities[side].listMissesDeletes) return answers;
  for (const [type, ofType] of Map.groupBy(links, ({ ends }) => ends[side].type)) {
    const said = await context[side].whichExist(
      type,
      ofType.map(({ ends }) => ends[side].key),
    );
    const [found, notFound] = [new Set(said.found), new Set(said.notFound)];
    for (const { id, ends } of ofType) {
      const { key } = ends[side];
      answers.set(id, found.has(key) ? 'found' : notFound.has(key) ? 'not-found' : 'unanswered');
    }
  }
  return answers;
}

/** A link that has stopped is looked at again only where the record that it misses is there. */
function isReasonToLook({ state, stateReason }: LinkHead, { crm, erp }: BySide<Answer | undefined>): boolean {
  if (stateReason === 'crm-record-gone') return crm === 'found';
  if (stateReason === 'erp-actor-gone') return erp === 'found';
  const answers = [crm, erp].filter((answer) => answer !== undefined);
  if (stateReason === 'dropped') return answers.every((answer) => answer === 'found');
  return state !== 'broken' && answers.includes('not-found');
}

/** What is due already is looked at anyway, unless this very page made it due and was not handed out. */
async function notYetDue(engine: Engine, run: Run, linkIds: readonly string[]): Promise<readonly string[]> {
  if (linkIds.length === 0) return linkIds;
  const dues = await engine.dueItems.getMany(run.tenantId, run.connectionId, linkIds);
  const others = new Set(dues.flatMap(({ linkId, chunk }) => (chunk?.runId === run.id ? [] : [linkId])));
  return linkIds.filter((id) => !others.has(id));
}

/** Nothing where the chain is through already. */
export async function sweepPage(
  engine: Engine,
  context: OpenEnds,
  run: Run,
  { name, actorType }: { readonly name: string; readonly actorType: string },
): Promise<SweptPage | undefined> {
  const before = await progressSoFar(engine, run, name);
  if (!before) return undefined;
  const nobodyIsAsked = sides.every((side) => !context.capabilities[side].listMissesDeletes);
  if (nobodyIsAsked) return { linkIds: [], progress: before, isLast: true };
  if (await isBudgetSpent(engine, run)) return { linkIds: [], progress: before, isLast: false, isSpent: true };
  const filter = { connectionId: run.connectionId, actorType };
  const page = await engine.links.list(run.tenantId, filter, { limit: linksPerPage, cursor: before.next });
  // A pending link is due by itself.
  const links = page.items.filter(({ state }) => isWatched(state) && state !== 'pending');
  const [crm, erp] = await Promise.all(sides.map((side) => askSide(context, side, links)));
  const of = ({ id }: LinkHead) => ({ crm: crm?.get(id), erp: erp?.get(id) });
  const wanted = links.filter((link) => isReasonToLook(link, of(link))).map(({ id }) => id);
  const count = (answer: Answer) => links.filter((link) => Object.values(of(link)).includes(answer)).length;
  return {
    linkIds: await notYetDue(engine, run, wanted),
    progress: {
      begunAt: before.begunAt,
      since: before.since,
      asked: before.asked + links.length,
      notFound: before.notFound + count('not-found'),
      unanswered: before.unanswered + count('unanswered'),
      ...(page.cursor !== undefined && { next: page.cursor }),
    },
    isLast: page.cursor === undefined,
  };
}
