/**
 * Reads and plans as a look would, and keeps the planned changes. Always true: it touches neither due items, last agreed,
 * failures nor either side. Ids are made from the field, so that a message handled twice keeps one planned change.
 * Attacked by test/sync/engine.test.ts ("a dry run predicts the writes that follow and touches nothing").
 */
import { changeOfWrite } from '../../core/merge/field-outcome.ts';
import { countsOf } from '../../core/merge/outcome.ts';
import type { Plan } from '../../core/merge/plan.ts';
import type { FieldChange } from '../../core/model/field-change.ts';
import { isLive, type Link } from '../../core/model/link.ts';
import { fingerprint } from '../../core/values/fingerprint.ts';
import type { LinkVerdict } from './link-verdict.ts';
import type { Look } from './look.ts';
import { planRead } from './plan-read.ts';
import { bothRecords, readBoth } from './read-both.ts';

function plannedChanges(runId: string, at: string, link: Link, plan: Plan): FieldChange[] {
  return plan.fields.flatMap((field) => {
    const newId = () => fingerprint([runId, link.id, field.field]);
    return field.write ? [changeOfWrite({ link, runId, at, newId }, field, field.write, 'planned')] : [];
  });
}

export async function dryLook(look: Look, linkIds: readonly string[]): Promise<ReadonlyMap<string, LinkVerdict>> {
  const { engine, context, chunk: ref } = look;
  const verdicts = new Map<string, LinkVerdict>(linkIds.map((linkId) => [linkId, { verdict: 'unchanged' }]));
  const links = (await engine.links.getMany(ref.tenantId, linkIds)).filter((link) => isLive(link.state));
  const reads = await readBoth(engine, context, links);
  const chunk = await engine.runs.getChunk(ref.tenantId, ref.runId, ref.chunkId);
  const at = engine.runtime.now();
  for (const link of links) {
    const read = reads.get(link.id);
    const records = read && bothRecords(read);
    if (!records) continue;
    const plan = planRead(context, link, { records, clockErrorMs: read.clockErrorMs });
    const changes = plannedChanges(ref.runId, at, link, plan);
    const rejected = plan.fields.filter((field) => field.rule === 'refused').length;
    await engine.changeLog.putPlanned(changes);
    if (chunk) await engine.runs.addFirstResult(chunk, link.id, { ...countsOf(changes, rejected), lookedAt: 1 });
    verdicts.set(link.id, { verdict: 'recorded' });
  }
  return verdicts;
}
