/**
 * Helps runs on that lost a message or their end. Always true: every run ends, whatever message was lost. A
 * crash may leave a run with a slot it no longer needs, complete but not ended, or with chains and chunks whose messages
 * are gone; each is made good here, as often as it is met. Attacked by test/sync/dispatch-poll.test.ts
 * and test/crash/every-port-call.test.ts.
 */

import { isDetecting, type Run } from '../../core/model/run.ts';
import { isAbandoned, isStalled } from '../../core/timing/stalled-or-abandoned.ts';
import type { Engine } from '../engine.ts';
import { detectMessage } from './chains.ts';
import { finishIfComplete } from './finish-run.ts';
import { resendChunks } from './send-chunks.ts';
import { passSlotOn } from './slots.ts';

export async function helpOn(engine: Engine, run: Run): Promise<void> {
  if (run.state !== 'running') return;
  // Nothing left to detect: a crash may have come between the last chain's end and what follows it.
  if (!isDetecting(run)) await passSlotOn(engine, run);
  if (run.open === 0 && !isDetecting(run)) return finishIfComplete(engine, run);
  const nowMs = engine.runtime.nowMs();
  if (isAbandoned(run, nowMs)) {
    await engine.runs.end(run, 'failed', engine.runtime.now(), 'no-progress');
    return passSlotOn(engine, run);
  }
  if (!isStalled(run, nowMs, engine.settings)) return;
  await engine.queue.send(Object.entries(run.chains).map(([chain, at]) => detectMessage(run, chain, at.page)));
  const chunks = await resendChunks(engine, run);
  // Every link has its result, and the message that was to close the chunk is gone.
  for (const { id } of chunks.filter(({ pending }) => pending.length === 0)) {
    await finishIfComplete(engine, await engine.runs.closeChunk(run.tenantId, run.id, id));
  }
}
