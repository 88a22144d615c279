import type { SyncError } from '../../core/errors.ts';
import { failureId } from '../../core/merge/outcome.ts';
import type { Failure } from '../../core/model/failure.ts';
import { isLive, type Link } from '../../core/model/link.ts';
import type { LookMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';

export interface Postponement {
  /** Polls come back to the link after this; our clock, milliseconds. */
  readonly notBeforeMs: number;
  readonly attempts: number;
  /** Absent = the link was only busy: no failure is opened. */
  readonly error?: SyncError;
}

function failureOf(engine: Engine, link: Link, runId: string, postponed: Postponement): Failure | undefined {
  const { error } = postponed;
  if (!error) return undefined;
  const at = new Date(engine.runtime.nowMs()).toISOString();
  return {
    tenantId: link.tenantId,
    id: failureId(link.id),
    connectionId: link.connectionId,
    linkId: link.id,
    runId,
    kind: error.kind,
    reason: error.kind,
    ...(error.explanation && { explanation: error.explanation.slice(0, 4000) }),
    attempts: postponed.attempts,
    firstAt: at,
    lastAt: at,
    nextAttemptAt: new Date(postponed.notBeforeMs).toISOString(),
  };
}

/**
 * Gives links up for this run: each stays due (not before the time given) and counts as failed; with an error it gets an
 * open failure, which the next look that succeeds closes.
 */
export async function postponeLinks(
  engine: Engine,
  message: LookMessage,
  linkIds: readonly string[],
  postponed: Postponement,
): Promise<void> {
  for (const linkId of linkIds) await postpone(engine, message, linkId, postponed);
}

async function postpone(engine: Engine, message: LookMessage, linkId: string, postponed: Postponement): Promise<void> {
  const { tenantId, connectionId, runId, chunkId } = message;
  const link = await engine.links.get(tenantId, linkId);
  if (!link) return;
  const failure = failureOf(engine, link, runId, postponed);
  const stored = await engine.links.record({
    before: link,
    after: failure ? { ...link, openFailures: [...new Set([...link.openFailures, failure.id])] } : link,
    changes: [],
    openFailures: failure ? [failure] : [],
    closeFailures: [],
    ...(isLive(link.state) && {
      staysDue: {
        tenantId,
        connectionId,
        linkId,
        sequence: engine.runtime.newId(),
        ...(postponed.error && { notBefore: new Date(postponed.notBeforeMs).toISOString() }),
      },
    }),
    counts: { runId, chunkId, deltas: { lookedAt: 1, failed: 1 }, result: true },
  });
  if (stored === 'superseded') await postpone(engine, message, linkId, postponed);
}
