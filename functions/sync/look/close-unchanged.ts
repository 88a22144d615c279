/**
 * The end of looks that had nothing to record. Always true: a due item goes before its result is counted, and no result
 * counts twice. A crash in between leaves links without a result: the message comes again, and they are looked at once
 * more. Attacked by test/crash/every-port-call.test.ts and test/property/.
 */

import { inParallel } from '../../core/in-parallel.ts';
import type { DueItem } from '../../core/model/due.ts';
import type { ChunkWork } from './chunk-work.ts';

const removedAtOnce = 8;

/** Removes the due items, which are named by link id, and counts the results. */
export async function closeUnchanged(
  { engine, run, chunk }: ChunkWork,
  dues: ReadonlyMap<string, DueItem | undefined>,
): Promise<void> {
  if (!run.dryRun) {
    await inParallel([...dues.values()], removedAtOnce, async (due) => {
      if (due) await engine.dueItems.remove(due);
    });
  }
  const linkIds = [...dues.keys()].filter((linkId) => chunk.pending.includes(linkId));
  if (linkIds.length === 0) return;
  const added = await engine.runs.addResults(chunk, linkIds, { lookedAt: linkIds.length });
  if (added || linkIds.length === 1) return;
  // A duplicate of this message has counted some of them already: the rest one by one.
  for (const linkId of linkIds) await engine.runs.addResults(chunk, [linkId], { lookedAt: 1 });
}
