/**
 * Always true: a link with an archived record writes nowhere. It is counted and listed as paused instead of having a
 * failure; those of its fields stay, with the fields. A crash leaves what record-stop.ts says. Attacked by
 * test/sync/standing.test.ts.
 */
import { linkFailureId } from '../../core/model/failure.ts';
import type { Link } from '../../core/model/link.ts';
import type { RoundVerdict } from './link-verdict.ts';
import type { LookRound } from './look.ts';
import type { LinkRead } from './read-both.ts';
import { recordStop } from './record-stop.ts';
import type { Stop } from './standing.ts';

export async function pauseLink(round: LookRound, link: Link, read: LinkRead, stop: Stop): Promise<RoundVerdict> {
  const openFailures = link.openFailures.filter((id) => id !== linkFailureId(link.id));
  return recordStop(round, { link, read, stop, openFailures });
}
