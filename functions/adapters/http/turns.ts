/**
 * Waiting for one's turn at a system that takes a few calls a second. Always true: only where calls of ours got through a
 * moment ago, and so used up what is refused now, a refused call is sent once more after a short wait; for else the calls
 * of one list or write would be made again from the first each time, and never come to the last. What is refused without
 * that, or twice, is told to the engine, which leaves the system in peace for all. Nothing is stored: a crash forgets it.
 * Test: test/adapters/http/turns.test.ts.
 */
import type { Runtime } from '../../ports/runtime.ts';

/** Limits are counted by the second, where none is told. */
const turnMs = 1_000;
/** As long as a worker waits in place. */
const longestTurnMs = 5_000;
const aMomentMs = 2_000;

export interface Turns {
  noteThrough(): void;
  /** Waits until the refused call may be sent once more; false where it must not be. */
  await(retryAfterMs: number | undefined): Promise<boolean>;
}

export function turns({ nowMs, sleep }: Pick<Runtime, 'nowMs' | 'sleep'>): Turns {
  let throughAtMs = Number.NEGATIVE_INFINITY;
  return {
    noteThrough() {
      throughAtMs = nowMs();
    },
    async await(retryAfterMs = turnMs) {
      if (nowMs() - throughAtMs > aMomentMs || retryAfterMs > longestTurnMs) return false;
      await sleep(retryAfterMs);
      return true;
    },
  };
}
