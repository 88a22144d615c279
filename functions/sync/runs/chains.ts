/**
 * The chains of a run, by their names, and their messages. Always true: a sync run reads each mapped table of its scope
 * once, and what is due unless it is a dry run; any other goes through every link of its types. Pure, so a crash leaves
 * nothing. Attacked by test/sync/engine.test.ts and test/sync/dispatch-poll.test.ts.
 */

import { isMapped } from '../../core/mapping/mapping.ts';
import { type ConnectionSetup, tablesOf } from '../../core/model/connection-setup.ts';
import type { Run, RunScope } from '../../core/model/run.ts';
import { type Side, sides } from '../../core/model/side.ts';
import { oneLaneLower } from '../../core/timing/lanes.ts';
import type { DetectMessage } from '../../ports/work-queue.ts';

/** How a run detects its links: `crm:{table}` and `erp:{table}` changes since the cursor, `due`, `waiting` (for list items that are mapped by now), `links:{actor type}`, `sweep:{actor type}`. */
export type Chain =
  | { readonly kind: 'changes'; readonly side: Side; readonly table: string }
  | { readonly kind: 'links'; readonly actorType: string }
  | { readonly kind: 'sweep'; readonly actorType: string }
  | { readonly kind: 'due' }
  | { readonly kind: 'waiting' };

export function parseChain(name: string): Chain {
  const [kind, rest] = name.split(':', 2);
  if (kind === 'due') return { kind };
  if (kind === 'waiting') return { kind };
  if (kind === 'links' || kind === 'sweep') return { kind, actorType: rest ?? '' };
  return { kind: 'changes', side: kind === 'crm' ? 'crm' : 'erp', table: rest ?? '' };
}

function typesInScope(setup: ConnectionSetup, scope: RunScope) {
  const active = setup.actorTypes.filter((type) => type.active && type.fields.some(isMapped));
  return scope.kind === 'actor-type' ? active.filter((type) => type.actorType === scope.actorType) : active;
}

/** Record tables of a connection that have mapped fields, each once per side. */
export function mappedTables(
  setup: ConnectionSetup,
  scope: RunScope = { kind: 'connection' },
): { side: Side; table: string }[] {
  const types = typesInScope(setup, scope);
  return sides.flatMap((side) => {
    const tables = new Set(types.map((type) => tablesOf(type)[side].table));
    return [...tables].map((table) => ({ side, table }));
  });
}

/** The chains of a run over a whole connection or actor type. A dry run leaves due items out: it may not touch them. */
export function chainsOf(setup: ConnectionSetup, run: Pick<Run, 'kind' | 'scope' | 'dryRun'>): string[] {
  const through = run.kind === 'sweep' ? 'sweep' : 'links';
  if (run.kind !== 'sync') return typesInScope(setup, run.scope).map((type) => `${through}:${type.actorType}`);
  const changes = mappedTables(setup, run.scope).map(({ side, table }) => `${side}:${table}`);
  const waiting = setup.lists.mappedAt === undefined ? [] : ['waiting'];
  return run.dryRun ? changes : [...waiting, 'due', ...changes];
}

/** Only the first page of a chain keeps the run's lane and its group for interactive work; later pages go one lane lower. */
export function detectMessage(run: Run, chain: string, page: number, attempt = 1): DetectMessage {
  const first = page === 0;
  return {
    kind: 'detect',
    tenantId: run.tenantId,
    connectionId: run.connectionId,
    runId: run.id,
    lane: first ? run.lane : oneLaneLower(run.lane),
    interactive: first && run.interactive,
    attempt,
    chain,
    page,
  };
}
