/**
 * Records that a link stands still. Always true: both records count as seen as they are, standing included, so that only a
 * change of theirs brings the link back; claims and last agreed values stay, so that no edit is lost. One transaction on
 * condition of the revision: a crash leaves the link as it was, and due. Attacked by test/sync/standing.test.ts.
 */
import type { ErrorKind } from '../../core/errors.ts';
import { coveredFields, mappedFields } from '../../core/mapping/mapped-fields.ts';
import { seenNow } from '../../core/merge/seen.ts';
import { bySide } from '../../core/model/by-side.ts';
import type { FailureReason } from '../../core/model/failure-reason.ts';
import { fieldKey, type Link } from '../../core/model/link.ts';
import type { Finding } from '../../core/model/link-stand.ts';
import { sameContent } from '../../core/values/same-content.ts';
import { again, type RoundVerdict } from './link-verdict.ts';
import type { LookRound } from './look.ts';
import type { LinkRead } from './read-both.ts';
import { recordFinding, standsOf } from './record-finding.ts';
import type { Stop } from './standing.ts';

export function isStoppedSo(link: Link, { state, stateReason, mergedInto }: Stop): boolean {
  return link.state === state && link.stateReason === stateReason && link.mergedInto === mergedInto;
}

interface Recorded {
  readonly link: Link;
  readonly read: LinkRead;
  readonly stop: Stop;
  /** What it is for its failure. */
  readonly found:
    | { readonly found: 'state'; readonly keeps: 'failure' | 'fields' }
    | { readonly found: 'trouble'; readonly kind: ErrorKind; readonly reason: FailureReason };
}

/** Costs no transaction where the link stands so already and nothing new was seen. */
export async function recordStop(round: LookRound, { link, read, stop, found }: Recorded): Promise<RoundVerdict> {
  const { engine, context, chunk, dues } = round;
  const { runId, chunkId } = chunk;
  const mapping = mappedFields(context.setup, link.ends.erp.type);
  const seen = bySide((side) => {
    const record = read.records[side];
    return record && seenNow(record, coveredFields(mapping, side));
  });
  const { state, stateReason, mergedInto } = stop;
  // What a resync of another connection asked for was asked of the record as it was.
  const becomes = { state, stateReason, mergedInto, seen, withheld: undefined, resyncsFromCrm: undefined };
  const at = engine.runtime.now();
  const finding: Finding =
    found.found === 'state'
      ? { ...found, becomes, mapped: new Set(mapping.map(fieldKey)), at, runId }
      : { ...found, becomes, at, runId };
  const { before, after } = await standsOf(engine, link, finding);
  if (sameContent(before, after)) return { verdict: 'unchanged', due: dues.get(link.id) };
  const stored = await recordFinding(engine, link, finding, () => ({
    removesDue: dues.get(link.id)?.sequence,
    counts: {
      runId,
      chunkId,
      deltas: { lookedAt: 1, failed: found.found === 'trouble' ? 1 : 0 },
      result: true,
      at: engine.runtime.now(),
    },
  }));
  return stored === 'superseded' ? again : { verdict: 'recorded' };
}
