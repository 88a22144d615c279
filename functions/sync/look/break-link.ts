import type { Side } from '../../core/model/actor-type.ts';
import type { DueItem } from '../../core/model/due.ts';
import type { Link } from '../../core/model/link.ts';
import type { Engine } from '../engine.ts';

/** A record gone on one side breaks the link with the reason; nothing is deleted on the other side, and the claims stay. */
export async function breakLink(
  engine: Engine,
  place: { readonly runId: string; readonly chunkId: string },
  link: Link,
  gone: Side,
  due: DueItem | undefined,
): Promise<{ readonly outcome: 'recorded' | 'again' }> {
  const stored = await engine.links.record({
    before: link,
    after: {
      ...link,
      state: 'broken',
      stateReason: gone === 'crm' ? 'crm-record-gone' : 'erp-actor-gone',
      openFailures: [],
    },
    changes: [],
    openFailures: [],
    closeFailures: link.openFailures,
    ...(due && { settlesDue: due.sequence }),
    counts: {
      runId: place.runId,
      chunkId: place.chunkId,
      deltas: { lookedAt: 1, failed: 1 },
      result: true,
    },
  });
  return { outcome: stored === 'superseded' ? 'again' : 'recorded' };
}
