/**
 * Records that a link stands still. Always true: both records count as seen as they are, standing included, so that only a
 * change of theirs brings the link back; claims and last agreed values stay, so that no edit is lost. One transaction on
 * condition of the revision: a crash leaves the link as it was, and due. Attacked by test/sync/standing.test.ts.
 */
import { coveredFields, mappedFields } from '../../core/mapping/mapped-fields.ts';
import { seenNow } from '../../core/merge/seen.ts';
import { bySide } from '../../core/model/by-side.ts';
import type { Failure } from '../../core/model/failure.ts';
import type { Link } from '../../core/model/link.ts';
import { fingerprint } from '../../core/values/fingerprint.ts';
import { again, type RoundVerdict } from './link-verdict.ts';
import type { LookRound } from './look.ts';
import type { LinkRead } from './read-both.ts';
import type { Stop } from './standing.ts';

export function isStoppedSo(link: Link, { state, stateReason, mergedInto }: Stop): boolean {
  return link.state === state && link.stateReason === stateReason && link.mergedInto === mergedInto;
}

interface Recorded {
  readonly link: Link;
  readonly read: LinkRead;
  readonly stop: Stop;
  /** Of the link as it shall be. */
  readonly openFailures: readonly string[];
  readonly opens?: Failure | undefined;
}

/** Costs no transaction where the link stands so already and nothing new was seen. */
export async function recordStop(round: LookRound, { link, read, stop, ...failures }: Recorded): Promise<RoundVerdict> {
  const { engine, context, chunk, dues } = round;
  const mapping = mappedFields(context.setup, link.ends.erp.type);
  const seen = bySide((side) => {
    const record = read.records[side];
    return record && seenNow(record, coveredFields(mapping, side));
  });
  const openFailures = [...failures.openFailures];
  const { state, stateReason, mergedInto } = stop;
  const after: Link = { ...link, state, stateReason, mergedInto, seen, openFailures, withheld: undefined };
  if (fingerprint(after) === fingerprint(link)) return { verdict: 'unchanged', due: dues.get(link.id) };
  const { runId, chunkId } = chunk;
  const stored = await engine.links.record({
    before: link,
    after,
    opensFailures: failures.opens && [failures.opens],
    closesFailures: link.openFailures.filter((id) => !openFailures.includes(id)),
    removesDue: dues.get(link.id)?.sequence,
    counts: { runId, chunkId, deltas: { lookedAt: 1, failed: failures.opens ? 1 : 0 }, result: true },
  });
  return stored === 'superseded' ? again : { verdict: 'recorded' };
}
