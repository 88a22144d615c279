/**
 * Always true: a link with an archived record writes nowhere. It is counted and listed as paused instead of having a
 * failure; what its failure says of fields stays, with the fields. A crash leaves what record-stop.ts says. Attacked by
 * test/sync/standing.test.ts.
 */
import type { Link } from '../../core/model/link.ts';
import type { RoundVerdict } from './link-verdict.ts';
import type { LookRound } from './look.ts';
import type { LinkRead } from './read-both.ts';
import { recordStop } from './record-stop.ts';
import type { Stop } from './standing.ts';

export function pauseLink(round: LookRound, link: Link, read: LinkRead, stop: Stop): Promise<RoundVerdict> {
  return recordStop(round, { link, read, stop, found: { found: 'state', keeps: 'fields' } });
}
