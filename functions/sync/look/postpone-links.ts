/**
 * Gives links up for this run. Always true: a link that is given up stays due (not before the time given), counts as
 * failed, and has an open failure where there was an error; the next look that succeeds closes it. One transaction per
 * link, so a crash leaves the others to the message's next delivery. Attacked by test/sync/engine.test.ts.
 */
import type { SyncError } from '../../core/errors.ts';
import { dueOf } from '../../core/model/due.ts';
import { isLive } from '../../core/model/link.ts';
import type { ChunkWork } from './chunk-work.ts';
import { recordFinding } from './record-finding.ts';

export interface Postponement {
  /** Polls come back to the link after this; an instant by our clock. */
  readonly notBefore: string;
  readonly attempts: number;
  /** Absent = the link was only busy: no failure is opened. */
  readonly error?: SyncError;
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
  const { error, attempts } = postponement;
  const { tenantId, runId, chunkId } = message;
  const link = await engine.links.get(tenantId, linkId);
  if (!link) return;
  const notBefore = error && postponement.notBefore;
  const trouble = error && {
    found: 'trouble' as const,
    kind: error.kind,
    reason: error.kind,
    explanation: error.explanation,
    attempts,
    at: engine.runtime.now(),
    runId,
    nextAttemptAt: notBefore,
  };
  const rest = {
    staysDue: isLive(link.state) ? { ...dueOf(link, engine.runtime.newId()), notBefore } : undefined,
    counts: { runId, chunkId, deltas: { lookedAt: 1, failed: 1 }, result: true },
  };
  const stored = trouble
    ? await recordFinding(engine, link, trouble, () => rest)
    : await engine.links.record({ before: link, after: link, ...rest });
  if (stored === 'superseded') await postpone(work, linkId, postponement);
}
