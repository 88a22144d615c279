/**
 * Gives links up for this run. Always true: a link that is given up stays due (not before the time given), counts as
 * failed, and has an open failure where there was an error; the next look that succeeds closes it. One transaction per
 * link, so a crash leaves the others to the message's next delivery. Attacked by test/sync/engine.test.ts.
 */
import type { SyncError } from '../../core/errors.ts';
import { dueOf } from '../../core/model/due.ts';
import { failureOf, linkFailureId } from '../../core/model/failure.ts';
import { isLive } from '../../core/model/link.ts';
import type { ChunkWork } from './chunk-work.ts';

export interface Postponement {
  /** Polls come back to the link after this; an instant by our clock. */
  readonly notBefore: string;
  readonly attempts: number;
  /** Absent = the link was only busy: no failure is opened. */
  readonly error?: SyncError;
  /** Why, as a stable word; absent = the kind of the error. */
  readonly reason?: string;
  /** Changes listed meanwhile do not end the wait. */
  readonly keepsWait?: boolean;
}

export async function postponeLinks(
  work: ChunkWork,
  linkIds: readonly string[],
  postponement: Postponement,
): Promise<void> {
  for (const linkId of linkIds) await postpone(work, linkId, postponement);
}

async function postpone(work: ChunkWork, linkId: string, postponement: Postponement): Promise<void> {
  const { engine, message } = work;
  const { error, attempts, reason, keepsWait } = postponement;
  const { tenantId, connectionId, runId, chunkId } = message;
  const link = await engine.links.get(tenantId, linkId);
  if (!link) return;
  const notBefore = error && postponement.notBefore;
  const failure =
    error &&
    failureOf({
      tenantId,
      id: linkFailureId(linkId),
      connectionId,
      linkId,
      runId,
      kind: error.kind,
      reason: reason ?? error.kind,
      explanation: error.explanation,
      attempts,
      at: engine.runtime.now(),
      nextAttemptAt: notBefore,
    });
  const stored = await engine.links.record({
    before: link,
    after: failure ? { ...link, openFailures: [...new Set([...link.openFailures, failure.id])] } : link,
    opensFailures: failure && [failure],
    staysDue: isLive(link.state) ? { ...dueOf(link, engine.runtime.newId()), notBefore, keepsWait } : undefined,
    counts: { runId, chunkId, deltas: { lookedAt: 1, failed: 1 }, result: true },
  });
  if (stored === 'superseded') await postpone(work, linkId, postponement);
}
