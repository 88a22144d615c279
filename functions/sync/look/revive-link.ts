/**
 * A link whose records are both back in use goes on by itself. Always true: last agreed values are kept, so that edits made
 * meanwhile merge three ways, and the failure that said why it stood still is closed with it. One transaction on condition
 * of the revision, before anything is planned: a crash leaves the link live, and due. Attacked by
 * test/sync/standing.test.ts and test/property/people.test.ts.
 */
import { isLive, type Link } from '../../core/model/link.ts';
import type { Look } from './look.ts';
import { recordFinding } from './record-finding.ts';

/** The link as stored; as it is, if it is live already. */
export async function reviveLink({ engine }: Look, link: Link): Promise<Link | 'superseded'> {
  if (isLive(link.state)) return link;
  const state = link.state === 'paused' && link.lastSyncedAt !== undefined ? 'active' : 'pending';
  const becomes = { state, stateReason: undefined, mergedInto: undefined } as const;
  const finding = { found: 'state', becomes, keeps: 'fields', at: engine.runtime.now() } as const;
  return recordFinding(engine, link, finding, () => ({}));
}
