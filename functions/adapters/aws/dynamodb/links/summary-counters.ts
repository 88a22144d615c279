/**
 * Counts of links, open failures, held fields and links with something withheld. Always true: they are the sum over all
 * links, because a counter changes only in the transaction that changes its link; a crash leaves both or neither. Attacked
 * by test/contract/stores-record-suite.ts.
 */
import { ActorType } from '../../../../core/model/actor-type.ts';
import { type ActKind, actKinds, byKind, noActs } from '../../../../core/model/brake.ts';
import { isWatched, type Link, linkStates } from '../../../../core/model/link.ts';
import type { SummaryCounts } from '../../../../ports/connections.ts';
import type { Item, Table, Write } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { numberIn, textIn } from '../table/stored-item.ts';

/** What one link adds to its connection's summary. */
function contribution(link: Link | undefined): Record<string, number> {
  if (!link) return {};
  const held = link.state === 'disconnected' ? 0 : Object.values(link.fieldStates).filter((field) => field.held).length;
  const kinds = isWatched(link.state) ? actKinds.filter((kind) => link.withheld?.[kind]) : [];
  const counts: Record<string, number> = { [linksIn(link.state)]: 1, failures: link.openFailures.length, held };
  for (const kind of kinds) counts[withheldIn(kind)] = 1;
  return counts;
}

function linksIn(state: string): string {
  return `links-${state}`;
}

function withheldIn(kind: ActKind): string {
  return `withheld-${kind}`;
}

/**
 * The counter's change in the transaction that changes the link; none where nothing that is counted changes. `spread`: the
 * text that chooses the counter. Counters are added up, so it may be another one for each change of a link.
 */
export function summaryWrites(before: Link | undefined, after: Link, spread = after.id): Write[] {
  const old = contribution(before);
  const fresh = contribution(after);
  const add: Record<string, number> = {};
  for (const name of Object.keys({ ...old, ...fresh })) {
    const amount = (fresh[name] ?? 0) - (old[name] ?? 0);
    if (amount !== 0) add[name] = amount;
  }
  if (Object.keys(add).length === 0) return [];
  const { tenantId, connectionId } = after;
  const actorType = after.ends.erp.type;
  const key = keys.summary(tenantId, connectionId, actorType, decides(add) ? after.id : spread);
  return [{ update: key, set: { type: 'summary', v: 1, actorType }, add }];
}

/** Brakes are lifted by what is withheld: of each link in one counter, so that no sum is ever too low by it. */
function decides(add: Readonly<Record<string, number>>): boolean {
  return actKinds.some((kind) => withheldIn(kind) in add);
}

/** Not of one moment: what changes meanwhile may be in it in part. */
export async function readSummary(table: Table, tenantId: string, connectionId: string): Promise<SummaryCounts> {
  return sumOf(await table.getMany(keys.summaries(tenantId, connectionId, ActorType.options)));
}

function sumOf(items: readonly Item[]): SummaryCounts {
  const sums: Record<string, SummaryCounts[string]> = {};
  for (const item of items) {
    const actorType = textIn(item, 'actorType') ?? '';
    const sum = sums[actorType] ?? {
      links: { pending: 0, active: 0, paused: 0, broken: 0, disconnected: 0 },
      failures: 0,
      held: 0,
      withheld: noActs(),
    };
    const links = { ...sum.links };
    for (const state of linkStates) links[state] += numberIn(item, linksIn(state));
    const withheld = byKind((kind) => sum.withheld[kind] + numberIn(item, withheldIn(kind)));
    sums[actorType] = {
      links,
      withheld,
      failures: sum.failures + numberIn(item, 'failures'),
      held: sum.held + numberIn(item, 'held'),
    };
  }
  return sums;
}
