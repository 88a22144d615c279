import type { DueItem } from '../../core/model/due.ts';
import { hasEnded } from '../../core/model/run.ts';
import type { Engine } from '../engine.ts';

/** Due items that a message of a run still under way will look at: the chunk is open and has no result of theirs. */
export async function withLiveMessage(
  engine: Engine,
  tenantId: string,
  dues: readonly DueItem[],
): Promise<Set<DueItem>> {
  const chunks = await engine.runs.getChunks(
    tenantId,
    dues.flatMap(({ chunk }) => chunk ?? []),
  );
  const live = new Set<DueItem>();
  for (const [runId, group] of Map.groupBy(chunks, (chunk) => chunk.runId)) {
    const run = await engine.runs.get(tenantId, runId);
    if (!run || hasEnded(run.state)) continue;
    const pending = new Set(group.flatMap(({ id, pending }) => pending.map((linkId) => `${id}/${linkId}`)));
    for (const due of dues) {
      if (due.chunk?.runId === runId && pending.has(`${due.chunk.chunkId}/${due.linkId}`)) live.add(due);
    }
  }
  return live;
}
