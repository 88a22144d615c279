/**
 * Always true: a record gone or merged on one side breaks the link, with the reason and its one open failure; nothing is
 * deleted on the other side, and the claims stay. A failure that a person took off the list is listed again only for
 * another reason. A crash leaves what record-stop.ts says. Attacked by test/sync/standing.test.ts and test/crash/.
 */
import type { Link } from '../../core/model/link.ts';
import { withholdBreak } from '../guards/withhold-break.ts';
import type { RoundVerdict } from './link-verdict.ts';
import type { LookRound } from './look.ts';
import type { LinkRead } from './read-both.ts';
import { isStoppedSo, recordStop } from './record-stop.ts';
import type { Stop } from './standing.ts';

export async function breakLink(round: LookRound, link: Link, read: LinkRead, stop: Stop): Promise<RoundVerdict> {
  if (isStoppedSo(link, stop))
    return recordStop(round, { link, read, stop, found: { found: 'state', keeps: 'failure' } });
  const kept = await withholdBreak(round, link, read, stop);
  if (kept) return kept;
  return recordStop(round, {
    link,
    read,
    stop,
    found: { found: 'trouble', kind: 'missing', reason: stop.stateReason },
  });
}
