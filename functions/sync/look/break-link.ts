/**
 * Always true: a record gone on one side breaks the link with the reason and an open failure; nothing is deleted on
 * the other side, and the claims stay. One transaction on condition of the revision: a crash leaves the link as it was, and
 * due. Attacked by test/sync/engine.test.ts and test/crash/.
 */

import type { Link } from '../../core/model/link.ts';
import type { Side } from '../../core/model/side.ts';
import { again, type RoundVerdict } from './link-verdict.ts';
import type { LookRound } from './look.ts';
import { recordFinding } from './record-finding.ts';

const reasons = { crm: 'crm-record-gone', erp: 'erp-actor-gone' } as const;

export async function breakLink({ engine, chunk, dues }: LookRound, link: Link, gone: Side): Promise<RoundVerdict> {
  const { runId, chunkId } = chunk;
  const reason = reasons[gone];
  const becomes = { state: 'broken', stateReason: reason } as const;
  const at = engine.runtime.now();
  const finding = { found: 'trouble', kind: 'missing', reason, becomes, at, runId } as const;
  const stored = await recordFinding(engine, link, finding, () => ({
    removesDue: dues.get(link.id)?.sequence,
    counts: { runId, chunkId, deltas: { lookedAt: 1, failed: 1 }, result: true },
  }));
  return stored === 'superseded' ? again : { verdict: 'recorded' };
}
