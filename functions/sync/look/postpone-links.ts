/**
 * Gives links up for this run. Always true: a link that is given up stays due (not before the time given), counts as
 * failed, and has an open failure where there was an error; the next look that succeeds closes it. One transaction per
 * link, so a crash leaves the others to the message's next delivery, and what is thrown over one is thrown after the others
 * have had theirs. Attacked by test/sync/engine.test.ts and test/sync/one-link.test.ts.
 */
import type { SyncError } from '../../core/errors.ts';
import { dueOf } from '../../core/model/due.ts';
import type { FailureReason } from '../../core/model/failure-reason.ts';
import { isWatched } from '../../core/model/link.ts';
import { instantAfter, putOffReason } from '../../core/timing/retry.ts';
import type { ChunkWork } from './chunk-work.ts';
import { recordFinding } from './record-finding.ts';

export interface Postponement {
  /** Polls come back to the link after this; an instant by our clock. */
  readonly notBefore: string;
  readonly attempts: number;
  /** When the first of them failed, milliseconds by our clock; absent = just now. */
  readonly sinceMs?: number | undefined;
  /** Absent = the link was only busy: no failure is opened. */
  readonly error?: SyncError | undefined;
  /** Why, as a stable word; absent = the kind of the error. */
  readonly reason?: FailureReason;
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
  const { engine, message, found } = work;
  const { error, attempts, sinceMs, reason, keepsWait } = postponement;
  const { tenantId, runId, chunkId } = message;
  const link = await engine.links.get(tenantId, linkId);
  if (!link) return found.failed([linkId]);
  found.recorded();
  const notBefore = error && postponement.notBefore;
  const trouble = error && {
    found: 'trouble' as const,
    kind: error.kind,
    reason: reason ?? putOffReason(error) ?? error.kind,
    explanation: error.explanation,
    attempts,
    since: sinceMs === undefined ? undefined : instantAfter(sinceMs, 0),
    at: engine.runtime.now(),
    runId,
    nextAttemptAt: notBefore,
  };
  const rest = {
    staysDue:
      isWatched(link.state) || link.intent
        ? { ...dueOf(link, engine.runtime.newId()), notBefore, keepsWait }
        : undefined,
    counts: { runId, chunkId, deltas: { lookedAt: 1, failed: 1 }, result: true, at: engine.runtime.now() },
  };
  const stored = trouble
    ? await recordFinding(engine, link, trouble, () => rest)
    : await engine.links.record({ before: link, after: link, ...rest });
  if (stored === 'superseded') await postpone(work, linkId, postponement);
}
