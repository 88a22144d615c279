/**
 * Reads one page of a chain. Always true: of a list of changes every watched link is in the page whose record is not seen as
 * it is now, the page's cursor covers no more than was listed, and only its system says that a list is at its end. It only reads, so a crash leaves nothing. Attacked by
 * test/property/engine.test.ts.
 */

import { coveredFields, mappedFields } from '../../core/mapping/mapped-fields.ts';
import { wasSeen } from '../../core/merge/seen.ts';
import type { BySide } from '../../core/model/by-side.ts';
import { type ConnectionSetup, isSetAside, tablesOf, withoutSetAside } from '../../core/model/connection-setup.ts';
import type { DueItem } from '../../core/model/due.ts';
import { isWatched } from '../../core/model/link.ts';
import type { RecordTable } from '../../core/model/record-table.ts';
import { mostLinksOfChunk, type Run } from '../../core/model/run.ts';
import type { Side } from '../../core/model/side.ts';
import type { SweepProgress } from '../../core/model/sweep.ts';
import type { ChangePage, RecordState } from '../../ports/record-system.ts';
import type { Engine } from '../engine.ts';
import { fieldsToRead, filtered } from '../look/filtered.ts';
import type { OpenEnds } from '../open-ends.ts';
import { parseChain } from '../runs/chains.ts';
import { callsUntilNow } from '../runs/counting-calls.ts';
import { withLiveMessage } from '../runs/live-messages.ts';
import { sweepPage } from './sweep-page.ts';
import { waitingPage } from './waiting-page.ts';

/** The links that one page of a chain detected, and how the chain goes on. */
export interface DetectedPage {
  readonly linkIds: readonly string[];
  /** Those of them that have an open failure; only where every link is listed. */
  readonly troubled?: readonly string[];
  readonly complete: boolean;
  /** Names the page's content in chunk ids. */
  readonly mark: string;
  /** Where the next page starts, for chains without a stored cursor. */
  readonly from?: string | undefined;
  /** To be stored once every link of the page is due. */
  readonly cursor?: DetectedCursor | undefined;
  /** Likewise, of a sweep. */
  readonly swept?: { readonly progress: SweepProgress; readonly hasEnded: boolean };
  /** Of the last page of those that wait for list items: the revision of the list mappings that all of them were told. */
  readonly released?: number | undefined;
}

interface DetectedCursor {
  readonly side: Side;
  readonly table: string;
  readonly value: string;
  readonly revision: number;
}

const pageSize = 200;
/** Whole chunks. */
const linksPerPage = 5 * mostLinksOfChunk;

/** Mapped fields by the types of a record table. */
export function fieldsByType(setup: ConnectionSetup, side: Side, table: string): Record<string, readonly string[]> {
  const types = setup.actorTypes.filter((type) => tablesOf(type)[side].table === table);
  const fields: Record<string, readonly string[]> = {};
  for (const type of types) {
    const covered = fieldsToRead(setup, type.actorType, side);
    const key = tablesOf(type)[side].type;
    if (covered.length > 0) fields[key] = [...new Set([...(fields[key] ?? []), ...covered])];
  }
  return fields;
}

/** A page of changes that is being listed while the one before it is handed out. */
export interface PageAhead {
  readonly cursor: string;
  readonly page: Promise<ChangePage>;
  /** Calls made before it was asked for. */
  readonly callsBefore: BySide<number>;
}

/** Where a page is read: for a run, from where its chain has come to. */
interface Reading {
  readonly engine: Engine;
  readonly context: OpenEnds;
  readonly run: Run;
  readonly from: string | undefined;
  readonly ahead: PageAhead | undefined;
}

export function listPage(
  { runtime }: Engine,
  context: OpenEnds,
  { side, table, cursor }: { readonly side: Side; readonly table: string; readonly cursor: string },
): Promise<ChangePage> {
  const listed = withoutSetAside(context.setup, runtime.nowMs());
  return context[side].listChanges({ table, fieldsByType: fieldsByType(listed, side, table), cursor });
}

/** Begins to list the page after one of a chain of changes; whoever reads that page waits for it, or lists from elsewhere. */
export function listAhead(engine: Engine, context: OpenEnds, name: string, cursor: string): PageAhead | undefined {
  const chain = parseChain(name);
  if (chain.kind !== 'changes') return undefined;
  const callsBefore = callsUntilNow(context);
  const page = listPage(engine, context, { ...chain, cursor });
  // Told to whoever waits for it; where nobody does, the next reader of the list meets the same.
  page.catch(() => undefined);
  return { cursor, page, callsBefore };
}

/** Links of listed records that are not seen as they are now. Read after the list, so a link made meanwhile is found or due. */
export async function changedLinks(
  engine: Engine,
  setup: ConnectionSetup,
  of: RecordTable,
  records: readonly RecordState[],
): Promise<string[]> {
  const links = await engine.links.ofRecords(
    of,
    records.map((record) => record.key),
  );
  const watched = new Map(links.filter(({ state }) => isWatched(state)).map((link) => [link.key, link]));
  const changed = new Set<string>();
  for (const record of records) {
    const link = watched.get(record.key);
    if (!link) continue;
    // Seen with this version and these values: an overlap or the echo of our own write.
    const covered = coveredFields(mappedFields(setup, link.actorType), of.side);
    if (link.hasIntent || !wasSeen(link.seen, filtered(setup, link.actorType, of.side, record), covered))
      changed.add(link.id);
  }
  return [...changed];
}

async function changesPage(
  { engine, context, run, from, ahead }: Reading,
  { side, table }: { readonly side: Side; readonly table: string },
): Promise<DetectedPage> {
  const { tenantId, connectionId } = run;
  const of = { tenantId, connectionId, side, table };
  const stored = await engine.cursors.get(of);
  const cursor = (run.dryRun ? from : undefined) ?? stored?.cursor ?? (await context[side].start(table));
  const page = await (ahead?.cursor === cursor ? ahead.page : listPage(engine, context, { side, table, cursor }));
  const changed = await changedLinks(engine, context.setup, of, page.records);
  const revision = stored?.revision ?? 0;
  return {
    linkIds: changed,
    complete: page.complete,
    mark: `r${revision}`,
    from: page.cursor,
    cursor: run.dryRun ? undefined : { side, table, value: page.cursor, revision },
  };
}

/** Links of one actor type, by id order of the index; a pending link has its own due item, a disconnected one needs none. */
async function linksPage({ engine, run, from }: Reading, actorType: string): Promise<DetectedPage> {
  const filter = { connectionId: run.connectionId, actorType };
  const page = await engine.links.list(run.tenantId, filter, { limit: linksPerPage, cursor: from });
  const watched = page.items.filter(({ state }) => isWatched(state) && state !== 'pending');
  return {
    linkIds: watched.map((link) => link.id),
    troubled: watched.filter(({ openFailures }) => openFailures.length > 0).map((link) => link.id),
    complete: page.cursor === undefined,
    mark: 'l',
    from: page.cursor,
  };
}

/** Due items of actor types that are worked with now; those of the others wait until theirs is. */
async function ofTypesAtWork({ engine, context, run }: Reading, dues: readonly DueItem[]): Promise<readonly DueItem[]> {
  const nowMs = engine.runtime.nowMs();
  const aside = context.setup.actorTypes.filter((type) => isSetAside(type, nowMs)).map(({ actorType }) => actorType);
  if (aside.length === 0) return dues;
  const links = await engine.links.getMany(
    run.tenantId,
    dues.map(({ linkId }) => linkId),
  );
  const waiting = new Set(links.filter(({ ends }) => aside.includes(ends.erp.type)).map(({ id }) => id));
  return dues.filter(({ linkId }) => !waiting.has(linkId));
}

/** Due items whose wait is over and whose message is gone: its chunk is closed, or its run has ended. */
async function duePage(reading: Reading): Promise<DetectedPage> {
  const { engine, run, from } = reading;
  const { tenantId, connectionId } = run;
  const page = await engine.dueItems.list(tenantId, connectionId, pageSize, from);
  const now = engine.runtime.now();
  // What is withheld waits for its hour, but not for the answer to its brake.
  const answers = run.trigger.by === 'brake';
  const ripe = page.items.filter((due) => answers || due.notBefore === undefined || due.notBefore <= now);
  const live = await withLiveMessage(engine, tenantId, ripe);
  const lost = await ofTypesAtWork(
    reading,
    ripe.filter((due) => !live.has(due)),
  );
  return {
    linkIds: lost.map((due) => due.linkId),
    complete: page.cursor === undefined,
    mark: 'd',
    from: page.cursor,
  };
}

/** Nothing is left of a chain that is through, and for this run of one whose budget is spent. */
async function sweptPage({ engine, context, run }: Reading, name: string, actorType: string): Promise<DetectedPage> {
  const page = await sweepPage(engine, context, run, { name, actorType });
  const mark = 's';
  if (!page) return { linkIds: [], complete: true, mark };
  const { linkIds, progress, isLast, isSpent } = page;
  return {
    linkIds,
    complete: isLast || isSpent === true,
    mark,
    from: JSON.stringify(progress),
    swept: { progress, hasEnded: isLast },
  };
}

/** The page that a chain of the run has come to; what it throws is the system's, or a defect. */
export async function readChainPage(
  engine: Engine,
  context: OpenEnds,
  run: Run,
  { name, ahead }: { readonly name: string; readonly ahead?: PageAhead | undefined },
): Promise<DetectedPage> {
  const chain = parseChain(name);
  const reading = { engine, context, run, from: run.chains[name]?.from, ahead };
  if (chain.kind === 'links') return linksPage(reading, chain.actorType);
  if (chain.kind === 'sweep') return sweptPage(reading, name, chain.actorType);
  if (chain.kind === 'waiting') {
    const page = await waitingPage(engine, context.setup, reading.from);
    return { ...page, complete: page.from === undefined, mark: 'w' };
  }
  return chain.kind === 'due' ? duePage(reading) : changesPage(reading, chain);
}
