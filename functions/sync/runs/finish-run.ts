/**
 * Always true: a run ends only when nothing is detecting and no chunk is open. A crash may leave a complete run that has
 * not ended: whoever meets one ends it, the redelivered message or the dispatcher. Attacked by
 * test/crash/every-port-call.test.ts.
 */

import { hasEnded, isDetecting, type Run } from '../../core/model/run.ts';
import type { Engine } from '../engine.ts';
import { liftBrakes } from '../guards/lift-brakes.ts';
import { stopByBrake } from '../guards/stop-by-brake.ts';

async function liftAfter(engine: Engine, { tenantId, connectionId, dryRun }: Run): Promise<void> {
  if (dryRun) return;
  const found = await engine.connections.getWithBrakes(tenantId, connectionId);
  await liftBrakes(engine, found?.brakes ?? []);
}

/** Safe to call at any time and twice. */
export async function finishIfComplete(engine: Engine, run: Run | undefined): Promise<void> {
  if (!run || hasEnded(run.state) || run.state === 'queued') return;
  if (run.open > 0 || isDetecting(run)) return;
  if (run.latent) {
    await engine.runs.dropLatent(run.tenantId, run.id);
    return;
  }
  if (await stopByBrake(engine, run)) return liftAfter(engine, run);
  const troubled = run.counters.failed > 0 || run.counters.rejected > 0;
  const at = engine.runtime.now();
  const state = troubled ? 'done-with-failures' : 'done';
  if (run.dryRun) {
    await engine.runs.end(run, state, at);
    return;
  }
  // Side by side, for somebody may be waiting: the run is complete, whoever ends it.
  const [ended, , found] = await Promise.all([
    engine.runs.end(run, state, at),
    engine.connections.noteSynced(run.tenantId, run.connectionId, at),
    engine.connections.getWithBrakes(run.tenantId, run.connectionId),
  ]);
  if (ended) await liftBrakes(engine, found?.brakes ?? []);
}
