/**
 * Actor types that are set aside, as a look meets them. Always true: their links get a result and stay due; a trouble that
 * is a type's sets the type aside and nothing else; a type that works again is taken up, its failure closed. A crash leaves
 * links without a result, which are met again. Attacked by test/sync/actor-types.test.ts.
 */
import { type ConnectionSetup, isSetAside } from '../../core/model/connection-setup.ts';
import { dueOf } from '../../core/model/due.ts';
import { resumeActorTypes } from '../guards/resume-actor-types.ts';
import { suspendActorTypes, typesOfRecordType } from '../guards/suspend-actor-types.ts';
import type { ChunkWork } from './chunk-work.ts';
import type { LinkVerdict } from './link-verdict.ts';

async function typesByLink(
  { engine, run }: ChunkWork,
  linkIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const links = await engine.links.getMany(run.tenantId, linkIds);
  return new Map(links.map(({ id, ends }) => [id, ends.erp.type]));
}

/** They count as failed, and are due once their type is taken up: a comparison that nothing depends on made them not so. */
async function failAside({ engine, run, message, found }: ChunkWork, linkIds: readonly string[]): Promise<void> {
  if (message.passing && !run.dryRun) {
    const { tenantId, connectionId } = run;
    const due = (id: string) => dueOf({ tenantId, connectionId, id }, engine.runtime.newId());
    await engine.dueItems.putMany(linkIds.map(due));
  }
  found.failed(linkIds);
}

/** The links that can be looked at; the others count as failed in this run. */
export async function withoutLinksAside(
  work: ChunkWork,
  { actorTypes }: ConnectionSetup,
  linkIds: readonly string[],
): Promise<readonly string[]> {
  const nowMs = work.engine.runtime.nowMs();
  const aside = actorTypes.filter((type) => isSetAside(type, nowMs)).map((type): string => type.actorType);
  if (aside.length === 0) return linkIds;
  const types = await typesByLink(work, linkIds);
  const isAside = (linkId: string) => aside.includes(types.get(linkId) ?? '');
  await failAside(work, linkIds.filter(isAside));
  return linkIds.filter((linkId) => !isAside(linkId));
}

/** The verdicts that are left once those of a type's trouble are dealt with. */
export async function settleActorTypes(
  work: ChunkWork,
  setup: ConnectionSetup,
  verdicts: ReadonlyMap<string, LinkVerdict>,
): Promise<ReadonlyMap<string, LinkVerdict>> {
  const { engine, run } = work;
  const failed: string[] = [];
  const concerned = new Set<string>();
  for (const [linkId, verdict] of verdicts) {
    const error = verdict.verdict === 'wait' && !verdict.own && !verdict.doubted ? verdict.error : undefined;
    if (error?.kind !== 'misconfigured' || error.recordType === undefined) continue;
    failed.push(linkId);
    const types = typesOfRecordType(setup, error.recordType).filter(({ actorType }) => !concerned.has(actorType));
    for (const { actorType } of types) concerned.add(actorType);
    if (!run.dryRun) await suspendActorTypes(engine, types, { error, metBy: 'look', runId: run.id });
  }
  await failAside(work, failed);
  const left = new Map([...verdicts].filter(([linkId]) => !failed.includes(linkId)));
  const tried = setup.actorTypes.filter(
    ({ actorType, suspended }) => suspended?.metBy === 'look' && !concerned.has(actorType),
  );
  if (tried.length === 0 || run.dryRun) return left;
  const done = [...left].flatMap(([linkId, { verdict }]) => (verdict === 'wait' ? [] : [linkId]));
  const working = new Set((await typesByLink(work, done)).values());
  await resumeActorTypes(
    engine,
    tried.filter(({ actorType }) => working.has(actorType)),
  );
  return left;
}
