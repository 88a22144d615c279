/**
 * Helps runs on that lost a message or their end. Always true: every run ends, whatever message was lost; one that stalls
 * is sent again once, and again only after twice the time. A crash may leave a run with a slot it no longer needs, complete
 * but not ended, waiting for a slot that nobody is in, or with chains and chunks whose messages are gone; each is made good
 * here. Attacked by test/sync/dispatch-poll.test.ts, test/sync/ends-of-runs.test.ts and test/crash/every-port-call.test.ts.
 */

import { isDetecting, type Run } from '../../core/model/run.ts';
import { isAbandoned, isStalled } from '../../core/timing/stalled-or-abandoned.ts';
import type { Engine } from '../engine.ts';
import { letGo } from './cancel-run.ts';
import { detectMessage } from './chains.ts';
import { finishIfComplete } from './finish-run.ts';
import { goOn } from './go-on.ts';
import { resendChunks, sendNext } from './send-chunks.ts';
import { liveRunInSlot, passSlotOn } from './slots.ts';

/** A run that waits for its slot: the one in it may have ended without passing it on, or be gone. */
async function helpIn(engine: Engine, run: Run): Promise<void> {
  if ((await liveRunInSlot(engine, run)) !== undefined) return;
  const current = await engine.runs.get(run.tenantId, run.id);
  // Nobody is in the slot and it was not let in: the slot does not know of it.
  if (current?.state === 'queued') await engine.runs.end(current, 'failed', engine.runtime.now(), 'no-progress');
}

export async function helpOn(engine: Engine, run: Run): Promise<void> {
  if (run.state === 'queued') return helpIn(engine, run);
  if (run.state !== 'running') return;
  // Nothing left to detect: a crash may have come between the last chain's end and what follows it.
  if (!isDetecting(run)) await passSlotOn(engine, run);
  if (run.open === 0 && !isDetecting(run)) return finishIfComplete(engine, run);
  const nowMs = engine.runtime.nowMs();
  if (isAbandoned(run, nowMs)) {
    await engine.runs.end(run, 'failed', engine.runtime.now(), 'no-progress');
    return letGo(engine, run);
  }
  if (!isStalled(run, nowMs, engine.settings) || !(await engine.runs.noteHelped(run, engine.runtime.now()))) return;
  await engine.queue.send(Object.entries(run.chains).map(([chain, at]) => detectMessage(run, chain, at.page)));
  const chunks = await resendChunks(engine, run);
  // Counted anew: a count that is wrong would keep the others from being sent for good.
  const counted = await engine.runs.noteOut(run, chunks.filter(({ apart }) => !apart).length);
  await sendNext(engine, counted);
  // Every link has its result, and the message that was to close the chunk is gone.
  for (const { id } of chunks.filter(({ pending }) => pending.length === 0)) {
    await goOn(engine, await engine.runs.closeChunk(run.tenantId, run.id, id));
  }
}
