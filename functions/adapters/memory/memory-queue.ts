import { SyncError } from '../../core/errors.ts';
import { longestMessageDelayMs } from '../../core/timing/retry.ts';
import { QueueMessage, type WorkQueue } from '../../ports/work-queue.ts';

interface WaitingMessage {
  readonly message: QueueMessage;
  readonly delayMs: number;
}

/** A queue that delivers nothing by itself: a test takes what it wants, in any order and as often as it wants. */
export interface MemoryQueue extends WorkQueue {
  readonly waiting: readonly WaitingMessage[];
  /** Takes a message out; nothing where there is none. */
  take(position?: number): WaitingMessage | undefined;
}

export function memoryQueue(): MemoryQueue {
  const waiting: WaitingMessage[] = [];
  return {
    waiting,
    async send(messages, { delayMs = 0 } = {}) {
      if (delayMs > longestMessageDelayMs) throw new SyncError('defect', 'A delay is more than a queue can hold.');
      // Through text, as on the way: what does not survive it must not arrive here either.
      for (const message of messages) {
        waiting.push({ message: QueueMessage.parse(JSON.parse(JSON.stringify(message))), delayMs });
      }
    },
    take: (position = 0) => waiting.splice(position, 1)[0],
  };
}
