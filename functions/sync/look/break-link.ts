/**
 * Always true: a record gone or merged on one side breaks the link, with the reason and one open failure in place of its
 * others; nothing is deleted on the other side, and the claims stay. A failure that a person took off the list is listed
 * again only for another reason. A crash leaves what record-stop.ts says. Attacked by test/sync/standing.test.ts and
 * test/crash/.
 */
import { failureOf, linkFailureId } from '../../core/model/failure.ts';
import type { Link } from '../../core/model/link.ts';
import { withholdBreak } from '../guards/withhold-break.ts';
import type { RoundVerdict } from './link-verdict.ts';
import type { LookRound } from './look.ts';
import type { LinkRead } from './read-both.ts';
import { isStoppedSo, recordStop } from './record-stop.ts';
import type { Stop } from './standing.ts';

export async function breakLink(round: LookRound, link: Link, read: LinkRead, stop: Stop): Promise<RoundVerdict> {
  if (isStoppedSo(link, stop)) return recordStop(round, { link, read, stop, openFailures: link.openFailures });
  const kept = await withholdBreak(round, link, read, stop);
  if (kept) return kept;
  const { tenantId, id, connectionId } = link;
  const opens = failureOf({
    tenantId,
    id: linkFailureId(id),
    connectionId,
    linkId: id,
    runId: round.chunk.runId,
    kind: 'missing',
    reason: stop.stateReason,
    at: round.engine.runtime.now(),
  });
  return recordStop(round, { link, read, stop, openFailures: [opens.id], opens });
}
