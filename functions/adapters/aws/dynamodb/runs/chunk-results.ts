/**
 * What the links of a chunk came to: an item of its own for each link with a record, written in that record's transaction,
 * and one for all links that a turn found without one. Always true: no two links share an item, a result is added to only
 * while it is not summed, and each is summed once. Each write is part of a transaction, so a crash leaves all of it or
 * nothing. Attacked by test/contract/stores-record-suite.ts and test/contract/stores-runs-suite.ts.
 */
import type { Tallies } from '../../../../core/model/proposal.ts';
import {
  addCounts,
  type ChunkRef,
  type CounterDeltas,
  type Counters,
  noCounts,
  type TurnFindings,
} from '../../../../core/model/run.ts';
import type { Condition, Item, Table, Write } from '../../../../ports/table.ts';
import { keys, partitions } from '../table/keys.ts';
import { readWhole } from '../table/read-page.ts';
import { attributesOf, membersIn, numberIn, storedItem, textIn } from '../table/stored-item.ts';
import { countAttributes, countersOf, talliesOf, tallyAttributes } from './counts.ts';

/** Longer than a worker may still be at a link, and longer than anything of a run may still be settled. */
const resultLifeMs = 30 * 86_400_000;

const resultType = 'result';
const findingsType = 'findings';

/** Everything stored of the results of one chunk. */
export interface ChunkResults {
  readonly byLink: ReadonlyMap<string, Item>;
  readonly findings: readonly Item[];
}

export const noResults: ChunkResults = { byLink: new Map(), findings: [] };

export async function readResults(table: Table, { tenantId, runId, chunkId }: ChunkRef): Promise<ChunkResults> {
  const items = await readWhole(table, { pk: partitions.results(tenantId, runId, chunkId) });
  const results = items.filter(({ type }) => type === resultType);
  return {
    byLink: new Map(results.map((item) => [textIn(item, 'linkId') ?? '', item])),
    findings: items.filter(({ type }) => type === findingsType),
  };
}

export function hasResult({ byLink, findings }: ChunkResults, linkId: string): boolean {
  return byLink.get(linkId)?.done === true || findings.some((item) => isFound(item, linkId));
}

function isFound(findings: Item, linkId: string): boolean {
  return membersIn(findings, 'unchanged').has(linkId) || membersIn(findings, 'failed').has(linkId);
}

interface LinkOfChunk extends ChunkRef {
  readonly linkId: string;
}

export interface Result {
  readonly deltas: CounterDeltas;
  readonly tallies?: Tallies | undefined;
  /** The link has its result now: it is looked at. */
  readonly ends: boolean;
  /** Its intent is still there, and whoever settles it counts for this chunk. */
  readonly leavesIntent: boolean;
  /** It is counted as looked at in another chunk. */
  readonly uncounted?: boolean;
  /** An instant by our clock. */
  readonly at: string;
}

/** Adds to the link's result, on condition that it is not summed yet; nothing where there is nothing to tell. */
export function resultWrite(
  of: LinkOfChunk,
  { deltas, tallies = {}, ends, leavesIntent, uncounted = false, at }: Result,
): Write | undefined {
  // That it was looked at is said by its being done.
  const add = { ...countAttributes({ ...deltas, lookedAt: 0 }), ...tallyAttributes(tallies) };
  // An intent left after the link had its result is told too: whoever settles it counts for this chunk.
  if (!ends && !leavesIntent && Object.keys(add).length === 0) return undefined;
  return {
    update: keys.result(of.tenantId, of.runId, of.chunkId, of.linkId),
    set: {
      type: resultType,
      v: 1,
      linkId: of.linkId,
      intent: leavesIntent,
      expires: Math.ceil((Date.parse(at) + resultLifeMs) / 1000),
      ...(ends && { done: true }),
      ...(uncounted && { uncounted }),
    },
    add: { ...add, changes: 1 },
    when: { absent: ['summed'] },
  };
}

/** The link was let go before it had a result: what comes of it now is counted as looked at, once. */
export function lateResultWrite({ tenantId, runId, chunkId, linkId }: LinkOfChunk): Write {
  return {
    update: keys.result(tenantId, runId, chunkId, linkId),
    remove: ['let-go'],
    when: { equals: { 'let-go': true } },
  };
}

/** One item for all that a turn found without a record. */
export function findingsItem(chunk: ChunkRef, holder: string, found: TurnFindings, at: string): Item {
  const key = keys.findings(chunk.tenantId, chunk.runId, chunk.chunkId, holder);
  return storedItem(
    { type: findingsType, key, expiresAtMs: Date.parse(at) + resultLifeMs },
    {
      unchanged: new Set(found.unchanged),
      failed: new Set(found.failed),
      ...countAttributes(found.counts),
    },
  );
}

interface LinkSum {
  readonly linkId: string;
  readonly counts: Counters;
  readonly tallies: Tallies;
  /** It was looked at: its result says so, or what was changed in it. */
  readonly lookedAt: boolean;
  /** Somebody may still count for it: what stands here is marked as summed. */
  readonly mark: () => Write;
  readonly needsMark: boolean;
}

/** What a link adds to its run; nothing where that is there already. */
export function sumOfLink(of: LinkOfChunk, results: ChunkResults, at: string): LinkSum | undefined {
  const item = results.byLink.get(of.linkId);
  if (item?.summed === true) return undefined;
  const counts = item ? countersOf(item) : noCounts();
  const foundFailed = results.findings.some((one) => membersIn(one, 'failed').has(of.linkId));
  const lookedAt = hasResult(results, of.linkId) || counts.changed > 0;
  return {
    linkId: of.linkId,
    counts: addCounts(counts, {
      lookedAt: lookedAt && item?.uncounted !== true ? 1 : 0,
      failed: foundFailed && counts.failed === 0 ? 1 : 0,
    }),
    tallies: (item && talliesOf(item)) ?? {},
    lookedAt,
    mark: () => summedMark(of, item, lookedAt, at),
    needsMark: foundFailed || item?.intent === true,
  };
}

/** On condition that the result is as it was read. */
function summedMark(of: LinkOfChunk, item: Item | undefined, lookedAt: boolean, at: string): Write {
  const asRead: Condition = item ? { equals: { changes: numberIn(item, 'changes') } } : { exists: false };
  const expires = Math.ceil((Date.parse(at) + resultLifeMs) / 1000);
  return {
    update: keys.result(of.tenantId, of.runId, of.chunkId, of.linkId),
    set: attributesOf({
      type: resultType,
      v: 1,
      linkId: of.linkId,
      expires,
      done: true,
      summed: true,
      'let-go': lookedAt ? undefined : true,
    }),
    when: { ...asRead, absent: ['summed'] },
  };
}

/** Counts of turns that are nobody's result. */
export function countsOfFindings({ findings }: ChunkResults): Counters {
  return findings.map(countersOf).reduce((sum, counts) => addCounts(sum, counts), noCounts());
}

/** As if what a turn found were stored already. */
export function withFindings(results: ChunkResults, item: Item): ChunkResults {
  return { ...results, findings: [...results.findings, item] };
}
