import { changeOf, countsOf } from '../../core/merge/outcome.ts';
import { isLive } from '../../core/model/link.ts';
import { fingerprint } from '../../core/values/fingerprint.ts';
import type { Engine } from '../engine.ts';
import type { LinkOutcome, LookPlace } from './look-at-links.ts';
import { type LookContext, planOf, readBoth } from './look-context.ts';

/** Reads and plans as a look would, and keeps the planned changes; touches neither due items, last agreed nor either side. */
export async function dryLook(
  engine: Engine,
  context: LookContext,
  place: LookPlace,
  linkIds: readonly string[],
): Promise<ReadonlyMap<string, LinkOutcome>> {
  const links = (await engine.links.getMany(place.tenantId, linkIds)).filter((link) => isLive(link.state));
  const reads = await readBoth(context, links);
  const chunk = await engine.runs.getChunk(place.tenantId, place.runId, place.chunkId);
  const at = new Date(engine.runtime.nowMs()).toISOString();
  for (const link of links) {
    const read = reads.get(link.id);
    if (!read?.crm || !read.erp) continue;
    const plan = planOf(context, link, read.crm, read.erp);
    const changes = plan.fields.flatMap((field) => {
      if (!field.write) return [];
      // The id is made from the field, so that a message handled twice keeps one planned change.
      const newId = () => fingerprint([place.runId, link.id, field.field]);
      return [changeOf({ link, runId: place.runId, at, newId }, field, field.write.side, field.write.value, 'planned')];
    });
    const rejected = plan.fields.filter((field) => field.rule === 'refused').length;
    await engine.changeLog.putPlanned(changes);
    const deltas = { ...countsOf(changes, rejected), lookedAt: 1 };
    if (chunk) await engine.runs.addFirstResult(chunk, link.id, deltas);
  }
  const planned = new Set(
    links.filter((link) => reads.get(link.id)?.crm && reads.get(link.id)?.erp).map((one) => one.id),
  );
  return new Map(
    linkIds.map((linkId): [string, LinkOutcome] => [
      linkId,
      { outcome: planned.has(linkId) ? 'recorded' : 'unchanged' },
    ]),
  );
}
