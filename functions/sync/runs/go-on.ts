/**
 * What follows a closed chunk, or one that gave its place up. Always true: while chunks are unsent some are out, and each
 * that closes comes by here. A crash before it leaves the message, which finds its chunk closed and comes by here again.
 * Attacked by test/sync/chunks-out.test.ts and test/crash/every-port-call.test.ts.
 */
import type { Run } from '../../core/model/run.ts';
import type { Engine } from '../engine.ts';
import { finishIfComplete } from './finish-run.ts';
import { sendNext } from './send-chunks.ts';

/** The run as it is now: sends its next chunks, or ends it. Safe to call at any time and twice. */
export async function goOn(engine: Engine, run: Run | undefined): Promise<void> {
  if (!run) return;
  await sendNext(engine, run);
  await finishIfComplete(engine, run);
}
