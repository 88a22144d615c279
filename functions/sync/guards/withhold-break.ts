/**
 * Breaking links is rationed. Always true: a link that would break beyond the allowance stays as it is and due, and one
 * that a person dropped is paused; neither is written. One transaction on condition of the revision, so a crash leaves the
 * link as it was, and due. Attacked by test/sync/brake.test.ts.
 */
import { dueOf } from '../../core/model/due.ts';
import type { Link } from '../../core/model/link.ts';
import { again, type RoundVerdict } from '../look/link-verdict.ts';
import type { LookRound } from '../look/look.ts';
import { pauseLink } from '../look/pause-link.ts';
import type { LinkRead } from '../look/read-both.ts';
import { recordFinding } from '../look/record-finding.ts';
import { keptFromBreaking, type Stop } from '../look/standing.ts';
import { readAccess, takeAct, withheldUntil } from './take-act.ts';

/** What becomes of a link with a record that is gone or merged, if it may not break; nothing if it may. */
export async function withholdBreak(
  round: LookRound,
  link: Link,
  read: LinkRead,
  stop: Stop,
): Promise<RoundVerdict | undefined> {
  // It is broken, and only the reason is another one.
  if (link.state === 'broken') return undefined;
  const access = await readAccess(round, link, stop.side);
  if ('verdict' in access) return access;
  const verdict = await takeAct(round, link, 'breaks');
  if (verdict === 'taken') return undefined;
  if (verdict === 'dropped') return pauseLink(round, link, read, keptFromBreaking(stop));
  const { engine, chunk } = round;
  const { runId, chunkId } = chunk;
  const { state, stateReason, mergedInto } = link;
  const becomes = { state, stateReason, mergedInto, withheld: { breaks: { fields: [], reason: verdict } } };
  // Both records were read: what the link's failure said of the whole link is over, and the brake's says why it waits.
  const finding = { found: 'state', becomes, keeps: 'fields', at: engine.runtime.now(), runId } as const;
  const stored = await recordFinding(engine, link, finding, () => ({
    staysDue: { ...dueOf(link, engine.runtime.newId()), notBefore: withheldUntil(engine) },
    counts: { runId, chunkId, deltas: { lookedAt: 1, withheld: 1 }, result: true, at: engine.runtime.now() },
  }));
  return stored === 'superseded' ? again : { verdict: 'recorded' };
}
