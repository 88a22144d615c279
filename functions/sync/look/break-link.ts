/**
 * Always true: a record gone on one side breaks the link with the reason and closes its failures; nothing is deleted on
 * the other side, and the claims stay. One transaction on condition of the revision: a crash leaves the link as it was, and
 * due. Attacked by test/sync/engine.test.ts and test/crash/.
 */

import type { Link } from '../../core/model/link.ts';
import type { Side } from '../../core/model/side.ts';
import { withholdBreak } from '../guards/withhold-break.ts';
import { again, type RoundVerdict } from './link-verdict.ts';
import type { LookRound } from './look.ts';

const reasons = { crm: 'crm-record-gone', erp: 'erp-actor-gone' } as const;

export async function breakLink(round: LookRound, link: Link, gone: Side): Promise<RoundVerdict> {
  const kept = await withholdBreak(round, link, gone);
  if (kept) return kept;
  const { engine, chunk, dues } = round;
  const { runId, chunkId } = chunk;
  const stored = await engine.links.record({
    before: link,
    after: { ...link, state: 'broken', stateReason: reasons[gone], openFailures: [], withheld: undefined },
    closesFailures: link.openFailures,
    removesDue: dues.get(link.id)?.sequence,
    counts: { runId, chunkId, deltas: { lookedAt: 1, failed: 1 }, result: true },
  });
  return stored === 'superseded' ? again : { verdict: 'recorded' };
}
