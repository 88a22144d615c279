/**
 * A link whose records are both back in use goes on by itself. Always true: last agreed values are kept, so that edits made
 * meanwhile merge three ways, and the failure that said why it stood still is closed with it. One transaction on condition
 * of the revision, before anything is planned: a crash leaves the link live, and due. Attacked by
 * test/sync/standing.test.ts and test/property/people.test.ts.
 */
import { linkFailureId } from '../../core/model/failure.ts';
import { isLive, type Link } from '../../core/model/link.ts';
import type { Look } from './look.ts';

/** The link as stored; as it is, if it is live already. */
export async function reviveLink({ engine }: Look, link: Link): Promise<Link | 'superseded'> {
  if (isLive(link.state)) return link;
  const agreedOnce = link.lastSyncedAt !== undefined;
  const closed = link.openFailures.filter((id) => id === linkFailureId(link.id));
  return engine.links.record({
    before: link,
    after: {
      ...link,
      state: link.state === 'paused' && agreedOnce ? 'active' : 'pending',
      stateReason: undefined,
      mergedInto: undefined,
      openFailures: link.openFailures.filter((id) => !closed.includes(id)),
    },
    closesFailures: closed,
  });
}
