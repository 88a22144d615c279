/**
 * Gives links up for this run. Always true: a link that is given up stays due (not before the time given), counts as
 * failed, and has an open failure where there was an error; the next look that succeeds closes it. One transaction per
 * link, so a crash leaves the others to the message's next delivery, and what is thrown over one is thrown after the others
 * have had theirs. Attacked by test/sync/engine.test.ts and test/sync/one-link.test.ts.
 */
import type { SyncError } from '../../core/errors.ts';
import { dueOf } from '../../core/model/due.ts';
import { failureOf, linkFailureId } from '../../core/model/failure.ts';
import { isWatched } from '../../core/model/link.ts';
import type { ChunkWork } from './chunk-work.ts';

export interface Postponement {
  /** Polls come back to the link after this; an instant by our clock. */
  readonly notBefore: string;
  readonly attempts: number;
  /** Absent = the link was only busy: no failure is opened. */
  readonly error?: SyncError | undefined;
  /** Why, as a stable word; absent = the kind of the error. */
  readonly reason?: string;
  /** Changes listed meanwhile do not end the wait. */
  readonly keepsWait?: boolean;
}

/** By link id. */
export async function postponeLinks(work: ChunkWork, postponements: ReadonlyMap<string, Postponement>): Promise<void> {
  const failures: unknown[] = [];
  for (const [linkId, postponement] of postponements) {
    await postpone(work, linkId, postponement).catch((failure: unknown) => failures.push(failure));
  }
  if (failures.length > 0) throw failures[0];
}

async function postpone(work: ChunkWork, linkId: string, postponement: Postponement): Promise<void> {
  const { engine, message } = work;
  const { error, attempts, reason, keepsWait } = postponement;
  const { tenantId, connectionId, runId, chunkId } = message;
  const link = await engine.links.get(tenantId, linkId);
  if (!link) return;
  const notBefore = error && postponement.notBefore;
  // A broken link has its own open failure, which says more, or a person took that off the list.
  const failure =
    error &&
    link.state !== 'broken' &&
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
    opensFailures: failure ? [failure] : [],
    staysDue:
      isWatched(link.state) || link.intent
        ? { ...dueOf(link, engine.runtime.newId()), notBefore, keepsWait }
        : undefined,
    counts: { runId, chunkId, deltas: { lookedAt: 1, failed: 1 }, result: true },
  });
  if (stored === 'superseded') await postpone(work, linkId, postponement);
}
