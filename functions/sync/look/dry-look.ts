/**
 * Reads and plans as a look would, and keeps the planned changes. Always true: it touches neither due items, last agreed,
 * failures nor either side. Ids are made from the field, so that a message handled twice keeps one planned change.
 * Attacked by test/sync/engine.test.ts ("a dry run predicts the writes that follow and touches nothing").
 */
import { changeOfWrite } from '../../core/merge/field-outcome.ts';
import { countsOf } from '../../core/merge/outcome.ts';
import type { Plan } from '../../core/merge/plan.ts';
import type { FieldChange } from '../../core/model/field-change.ts';
import { isWatched, type Link } from '../../core/model/link.ts';
import { fingerprint } from '../../core/values/fingerprint.ts';
import { type LinkVerdict, ownTrouble, waitAfter } from './link-verdict.ts';
import type { Look } from './look.ts';
import { otherLinksOf } from './other-links.ts';
import { resyncOfLink } from './pass-on.ts';
import { planRead } from './plan-read.ts';
import { readBoth, readOf } from './read-both.ts';
import { standingOf } from './standing.ts';
import { patiently } from './worker-time.ts';

function plannedChanges(runId: string, at: string, link: Link, plan: Plan): FieldChange[] {
  return plan.fields.flatMap((field) => {
    const newId = () => fingerprint([runId, link.id, field.field]);
    return field.write ? [changeOfWrite({ link, runId, at, newId }, field, field.write, 'planned')] : [];
  });
}

export async function dryLook(look: Look, linkIds: readonly string[]): Promise<ReadonlyMap<string, LinkVerdict>> {
  const { engine, context, chunk: ref, turn } = look;
  const verdicts = new Map<string, LinkVerdict>(linkIds.map((linkId) => [linkId, { verdict: 'unchanged' }]));
  const links = (await engine.links.getMany(ref.tenantId, linkIds)).filter((link) => isWatched(link.state));
  const reads = await readBoth(engine, context, links, (read) => patiently(look, read));
  const others = await otherLinksOf(engine, links);
  const at = engine.runtime.now();
  for (const link of links) {
    const read = readOf(reads, link);
    if ('error' in read) {
      verdicts.set(link.id, read.own ? ownTrouble(read.error) : waitAfter(read.error));
      continue;
    }
    const standing = standingOf(link, read);
    if (standing.state !== 'live') continue;
    const { clockErrorMs } = read;
    const plan = planRead(context, link, {
      records: standing.records,
      clockErrorMs,
      resync: resyncOfLink(look.resync, link, engine.runtime.nowMs()),
      crmWriters: others.get(link.id)?.writers,
    });
    const changes = plannedChanges(ref.runId, at, link, plan);
    const rejected = plan.fields.filter((field) => field.rule === 'refused').length;
    // All that are unchanged are counted in one call.
    if (changes.length === 0 && rejected === 0) continue;
    await engine.changeLog.putPlanned(changes);
    await engine.runs.addFirstResult(turn.chunk, link.id, { ...countsOf(changes, rejected), lookedAt: 1 });
    verdicts.set(link.id, { verdict: 'recorded' });
  }
  return verdicts;
}
