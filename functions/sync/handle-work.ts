import type { WorkMessage } from '../ports/work-queue.ts';
import { detectPage } from './detect/detect-page.ts';
import type { Engine } from './engine.ts';
import { holdInHand } from './guards/hold-in-hand.ts';
import { lookAtChunk } from './look/look-at-chunk.ts';

/** One message of the work queues. Safe to call twice with the same message, also at the same time. */
export async function handleWork(engine: Engine, message: WorkMessage, receiveCount: number): Promise<void> {
  await holdInHand(engine, message, receiveCount, ({ message: held, ...rest }) =>
    held.kind === 'detect'
      ? detectPage(engine, { message: held, ...rest })
      : lookAtChunk(engine, { message: held, ...rest }),
  );
}
