import { hasEnded, isDetecting, type Run } from '../../core/model/run.ts';
import type { Engine } from '../engine.ts';

/**
 * Ends a run once nothing is detecting and nothing is open. Safe to call at any time and twice: whoever meets a complete
 * run ends it, so a crash between the last close and the end is made good by the redelivered message or the dispatcher.
 */
export async function finishIfComplete(engine: Engine, run: Run | undefined): Promise<void> {
  if (!run || hasEnded(run.state) || run.state === 'queued') return;
  if (run.open > 0 || isDetecting(run)) return;
  if (run.latent) {
    await engine.runs.dropLatent(run.tenantId, run.id);
    return;
  }
  const troubled = run.counters.failed > 0 || run.counters.rejected > 0;
  const at = engine.runtime.now();
  const ended = await engine.runs.end(run, troubled ? 'done-with-failures' : 'done', at);
  if (ended && !run.dryRun) await engine.connections.noteSynced(run.tenantId, run.connectionId, at);
}
