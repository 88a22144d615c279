/**
 * Reads and plans as a look would, and keeps the planned changes. Always true: it touches neither due items, last agreed,
 * failures nor either side. Ids are made from the field, so that a message handled twice keeps one planned change; a link is
 * counted after its changes are kept. Attacked by test/sync/engine.test.ts ("a dry run predicts the writes that follow and
 * touches nothing"), test/features/mappings/dry-run.test.ts and test/crash/proposal.test.ts.
 */
import { actorTypeOf } from '../../core/mapping/mapped-fields.ts';
import { changeOfWrite } from '../../core/merge/field-outcome.ts';
import { countsOf } from '../../core/merge/outcome.ts';
import type { Plan } from '../../core/merge/plan.ts';
import { placesOf, talliesOfPlan } from '../../core/merge/tallies-of-plan.ts';
import { type FieldChange, plannedChangeId } from '../../core/model/field-change.ts';
import { isLive, isWatched, type Link } from '../../core/model/link.ts';
import { mostExamplesOfField, type Tallies, tallies } from '../../core/model/proposal.ts';
import type { CounterDeltas, Run } from '../../core/model/run.ts';
import type { ExampleAt } from '../../ports/proposals.ts';
import { asNamed } from './as-named.ts';
import { eraseBehind } from './erase-behind.ts';
import { type LinkVerdict, ownTrouble, waitAfter } from './link-verdict.ts';
import type { Look } from './look.ts';
import { otherLinksOf } from './other-links.ts';
import { resyncOfLink } from './pass-on.ts';
import { planRead } from './plan-read.ts';
import { type LinkRead, readBoth, readOf } from './read-both.ts';
import { standingOf } from './standing.ts';
import { patiently } from './worker-time.ts';

/** What a link would come to. */
interface DryResult {
  readonly link: Link;
  readonly changes: readonly FieldChange[];
  readonly counts: CounterDeltas;
  readonly tallies: Tallies;
}

type Places = ReadonlyMap<string, number>;

function plannedChanges(runId: string, at: string, link: Link, plan: Plan): FieldChange[] {
  return plan.fields.flatMap((field) => {
    const newId = () => plannedChangeId(runId, link.id, field.field);
    return field.write ? [changeOfWrite({ link, runId, at, newId }, field, field.write, 'planned')] : [];
  });
}

/** Where the fields of a proposed mapping stand in it; nothing in other dry runs. */
function placesIn({ context }: Look, { proposed, scope }: Run): Places | undefined {
  if (!proposed || scope.kind !== 'actor-type') return undefined;
  return placesOf(actorTypeOf(context.setup, scope.actorType)?.fields ?? []);
}

interface DryReads {
  readonly others: Awaited<ReturnType<typeof otherLinksOf>>;
  readonly places: Places | undefined;
}

/** Nothing where the link would stay as it is. */
function resultOf(look: Look, link: Link, read: LinkRead, { others, places }: DryReads): DryResult | undefined {
  const { engine, context, chunk } = look;
  const standing = standingOf(link, read);
  const counts = { lookedAt: 1 };
  if (standing.state !== 'live') {
    const pauses = places && standing.state === 'paused' && isLive(link.state);
    return pauses ? { link, changes: [], counts, tallies: { [tallies.pause]: 1 } } : undefined;
  }
  const plan = planRead(context, link, {
    records: standing.records,
    clockErrorMs: read.clockErrorMs,
    resync: resyncOfLink(look.resync, link, engine.runtime.nowMs()),
    crmWriters: others.get(link.id)?.writers,
  });
  const changes = plannedChanges(chunk.runId, engine.runtime.now(), link, plan);
  const rejected = plan.fields.filter((field) => field.rule === 'refused').length;
  const resumes: Tallies = isLive(link.state) ? {} : { [tallies.resume]: 1 };
  const tallied = places ? { ...talliesOfPlan(plan, places), ...resumes } : {};
  // All that are unchanged are counted in one call.
  if (changes.length === 0 && rejected === 0 && Object.keys(tallied).length === 0) return undefined;
  return { link, changes, counts: { ...countsOf(changes, rejected), ...counts }, tallies: tallied };
}

/** Examples of fields that had too few by now. */
function examplesIn(results: readonly DryResult[], places: Places, counted: Tallies): ExampleAt[] {
  return [...places.values()].flatMap((row) => {
    const names = [tallies.written(row, 'crm'), tallies.written(row, 'erp')];
    if (names.some((name) => (counted[name] ?? 0) >= mostExamplesOfField)) return [];
    const writing = results.filter((one) => names.some((name) => one.tallies[name]));
    return writing.slice(0, mostExamplesOfField).map(({ link }, slot) => ({ row, slot, linkId: link.id }));
  });
}

export async function dryLook(
  look: Look,
  linkIds: readonly string[],
  run: Run,
): Promise<ReadonlyMap<string, LinkVerdict>> {
  const { engine, context, chunk: ref, turn } = look;
  const verdicts = new Map<string, LinkVerdict>(linkIds.map((linkId) => [linkId, { verdict: 'unchanged' }]));
  const found = await engine.links.getMany(ref.tenantId, linkIds);
  await eraseBehind(engine, found);
  const links = found.filter((link) => isWatched(link.state));
  const reads = await readBoth(engine, context, links, (read) => patiently(look, read));
  const others = await otherLinksOf(engine, links);
  const places = placesIn(look, run);
  const results: DryResult[] = [];
  for (const one of links) {
    const read = readOf(reads, one);
    if ('error' in read) {
      verdicts.set(one.id, read.own ? ownTrouble(read.error) : waitAfter(read.error));
      continue;
    }
    const result = resultOf(look, asNamed(one, read), read, { others, places });
    if (result) results.push(result);
  }
  const planned = results.filter(({ changes }) => changes.length > 0);
  await engine.changeLog.putPlanned(planned.flatMap(({ changes }) => changes));
  const now = await engine.links.getHeads(
    ref.tenantId,
    planned.map(({ link }) => link.id),
  );
  await eraseBehind(engine, now);
  const examples = places ? examplesIn(results, places, run.tallies ?? {}) : [];
  if (examples.length > 0) await engine.proposals.noteExamples(ref, examples, engine.runtime.now());
  for (const result of results) {
    await engine.runs.addFirstResult(turn.chunk, result.link.id, result.counts, result.tallies);
    verdicts.set(result.link.id, { verdict: 'recorded' });
  }
  return verdicts;
}
