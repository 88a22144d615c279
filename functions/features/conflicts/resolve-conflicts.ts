/**
 * Many held fields decided alike. Always true: each is decided like a single one, on the values that are there now, and what
 * cannot be is named with the reason; a link's decisions are one write. A crash leaves those that were stored: due, and
 * looked at by the next poll. Attacked by test/features/conflicts/resolve-many.test.ts.
 */

import { batches } from '../../core/batches.ts';
import { asSyncError } from '../../core/errors.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { type Choice, isLive, type Link } from '../../core/model/link.ts';
import type { Side } from '../../core/model/side.ts';
import { type LinkRead, type NotRead, readBoth, readOf } from '../../sync/look/read-both.ts';
import type { OpenEnds } from '../../sync/open-ends.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { enoughOf } from '../enough-of.ts';
import { refusalOfRead, refusalText } from '../links/link-refusal.ts';
import { activeContext } from '../links/pairs.ts';
import { runOverLinks } from '../runs/run-over-links.ts';
import { decisionOn, storeDecisions } from './decision.ts';
import { type ConflictView, conflictsOf } from './list-conflicts.ts';

/** A call takes no more once it has so many. */
const conflictsPerCall = 500;
const failuresPerPage = 50;
const linksPerRun = 100;
const storedAtOnce = 8;

export interface ConflictRule {
  readonly keep: Side;
  readonly connectionId?: string | undefined;
  readonly actorType?: string | undefined;
  readonly erpField?: string | undefined;
  readonly crmField?: string | undefined;
  readonly reason?: string | undefined;
}

interface Refused {
  readonly id: string;
  readonly reason: string;
}

/** Ids of conflicts that were decided, and of those that were not, with the reason. */
interface Decided {
  readonly linkIds: string[];
  readonly resolved: Set<string>;
  readonly refused: Map<string, string>;
}

function fits(conflict: ConflictView, { actorType, erpField, crmField, reason }: ConflictRule): boolean {
  return (
    (actorType ?? conflict.actorType) === conflict.actorType &&
    (erpField ?? conflict.erpField) === conflict.erpField &&
    (crmField ?? conflict.crmField) === conflict.crmField &&
    (reason ?? conflict.reason) === conflict.reason
  );
}

/** Of whole failures: of a link all fields or none, so that the next call misses none of them. */
function conflictsFor(app: Application, tenantId: string, rule: ConflictRule, from: string | undefined) {
  const { connectionId } = rule;
  return enoughOf(
    (page) => app.failures.list(tenantId, { connectionId }, page),
    async (failures) => (await conflictsOf(app, tenantId, failures)).flat().filter((conflict) => fits(conflict, rule)),
    { enough: conflictsPerCall, limit: failuresPerPage, from },
  );
}

/** The reason, for people; throws what is a fault of ours. */
function whyNot(failure: unknown): string {
  const error = asSyncError(failure);
  if (error.kind === 'defect') throw error;
  return error.message;
}

interface Batch {
  readonly app: Application;
  readonly context: OpenEnds;
  readonly reads: ReadonlyMap<string, LinkRead | NotRead>;
  readonly keep: Side;
}

/** Why nothing of the link can be decided: what keeps one link from being read is that link's. */
function whyNone({ reads }: Batch, link: Link | undefined): string | undefined {
  if (!link) return 'There is no such link any more.';
  if (!isLive(link.state)) return `The link is ${link.state}: nothing is written.`;
  const read = readOf(reads, link);
  const refusal = 'error' in read ? refusalOfRead(read) : undefined;
  return refusal && `${refusalText(refusal)}.`;
}

/** The held fields of one link, in one write. */
async function decideLink(
  batch: Batch,
  link: Link | undefined,
  conflicts: readonly ConflictView[],
  decided: Decided,
): Promise<void> {
  const refuse = (id: string, reason: string) => decided.refused.set(id, reason);
  const none = whyNone(batch, link);
  if (!link || none !== undefined) {
    for (const { id } of conflicts) refuse(id, none ?? '');
    return;
  }
  const { app, context, reads, keep } = batch;
  const choices = new Map<string, Choice>();
  const ids = new Map(conflicts.map(({ id, erpField, crmField }) => [`${erpField}~${crmField}`, id]));
  for (const [field, id] of ids) {
    try {
      if (link.fieldStates[field]?.held)
        choices.set(field, decisionOn(context, readOf(reads, link), { link, field }, { keep }));
      else refuse(id, 'It is no conflict any more.');
    } catch (failure) {
      refuse(id, whyNot(failure));
    }
  }
  if (choices.size === 0) return;
  const chosen = [...choices.keys()].map((field) => ids.get(field) ?? '');
  try {
    await storeDecisions(app, context, link, choices);
    for (const id of chosen) decided.resolved.add(id);
    decided.linkIds.push(link.id);
  } catch (failure) {
    for (const id of chosen) refuse(id, whyNot(failure));
  }
}

async function decideOfConnection(
  app: Application,
  { tenantId, caller }: Caller,
  connectionId: string,
  conflicts: readonly ConflictView[],
  keep: Side,
) {
  const decided: Decided = { linkIds: [], resolved: new Set(), refused: new Map() };
  const runIds: string[] = [];
  try {
    const context = await activeContext(app, tenantId, connectionId);
    const byLink = Map.groupBy(conflicts, ({ linkId }) => linkId);
    for (const linkIds of batches([...byLink.keys()], linksPerRun)) {
      const links = new Map((await app.links.getMany(tenantId, linkIds)).map((link) => [link.id, link]));
      const live = [...links.values()].filter(({ state }) => isLive(state));
      const batch = { app, context, reads: await readBoth(app, context, live), keep };
      await inParallel(linkIds, storedAtOnce, (linkId) =>
        decideLink(batch, links.get(linkId), byLink.get(linkId) ?? [], decided),
      );
      const now = decided.linkIds.splice(0);
      if (now.length === 0) continue;
      const trigger = { by: 'user', caller } as const;
      runIds.push((await runOverLinks(app, { tenantId, connectionId, linkIds: now, trigger, forced: true })).id);
    }
  } catch (failure) {
    const reason = whyNot(failure);
    // What was stored by then is due, and carried out by a later look.
    for (const { id } of conflicts)
      if (!decided.resolved.has(id) && !decided.refused.has(id)) decided.refused.set(id, reason);
  }
  const refused = [...decided.refused].map(([id, reason]): Refused => ({ id, reason }));
  return { runIds, resolved: decided.resolved.size, refused };
}

/**
 * Keeps one side of all held fields that the rule names, some 500 a call; what cannot be is named with the reason. `cursor`:
 * there may be more, behind those that were taken, whatever became of them.
 */
export async function resolveConflicts(app: Application, caller: Caller, rule: ConflictRule, from?: string) {
  const { found: conflicts, cursor } = await conflictsFor(app, caller.tenantId, rule, from);
  const runIds: string[] = [];
  const refused: Refused[] = [];
  let resolved = 0;
  for (const [connectionId, group] of Map.groupBy(conflicts, (conflict) => conflict.connectionId)) {
    const decided = await decideOfConnection(app, caller, connectionId, group, rule.keep);
    runIds.push(...decided.runIds);
    refused.push(...decided.refused);
    resolved += decided.resolved;
  }
  return { resolved, runIds, refused, cursor };
}
