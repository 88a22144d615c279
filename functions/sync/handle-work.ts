import type { QueueMessage } from '../ports/work-queue.ts';
import { detectPage } from './detect/detect-page.ts';
import type { Engine } from './engine.ts';
import { holdInHand } from './guards/hold-in-hand.ts';
import { lookAtChunk } from './look/look-at-chunk.ts';
import { purgePage } from './purge/purge-page.ts';

/** One message of the work queues. Safe to call twice with the same message, also at the same time. */
export async function handleWork(engine: Engine, message: QueueMessage, receiveCount: number): Promise<void> {
  // It asks no system for anything, and has one message at a time.
  if (message.kind === 'purge') return purgePage(engine, message);
  await holdInHand(engine, message, receiveCount, ({ message: held, ...rest }) =>
    held.kind === 'detect'
      ? detectPage(engine, { message: held, ...rest })
      : lookAtChunk(engine, { message: held, ...rest }),
  );
}
