import type { SyncError } from '../../../../core/errors.ts';
import type { Runtime } from '../../../../ports/runtime.ts';

/** Limits are counted by the second, where none is told. */
const turnMs = 1_000;
/** As long as a worker waits in place. */
const longestTurnMs = 5_000;

/**
 * Waits until a write that was refused for a limit may be sent again; false where that takes too long. Each record takes a
 * read and a write: at a few calls a second the reads of several use up what their writes need, and a new try would read
 * them all again.
 */
export async function waitTurn({ sleep }: Pick<Runtime, 'sleep'>, { retryAfterMs = turnMs }: SyncError) {
  if (retryAfterMs > longestTurnMs) return false;
  await sleep(retryAfterMs);
  return true;
}
