/**
 * The end of looks that had nothing to record. Always true: a due item goes before its result is counted. A crash in between
 * leaves links without a result: the message comes again, and they are looked at once more. Attacked by
 * test/crash/every-port-call.test.ts and test/property/.
 */

import { inParallel } from '../../core/in-parallel.ts';
import type { DueItem } from '../../core/model/due.ts';
import type { ChunkWork } from './chunk-work.ts';

const removedAtOnce = 16;

/** Removes the due items, which are named by link id, and notes the results. */
export async function closeUnchanged(
  { engine, run, found }: ChunkWork,
  dues: ReadonlyMap<string, DueItem | undefined>,
): Promise<void> {
  if (!run.dryRun) {
    await inParallel([...dues.values()], removedAtOnce, async (due) => {
      if (due) await engine.dueItems.remove(due);
    });
  }
  found.unchanged(dues.keys());
}
