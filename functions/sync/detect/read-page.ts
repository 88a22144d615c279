import { coveredFields, mappedFields } from '../../core/mapping/mapped-fields.ts';
import { wasSeen } from '../../core/merge/seen.ts';
import type { Side } from '../../core/model/actor-type.ts';
import { isLive } from '../../core/model/link.ts';
import { hasEnded, type Run } from '../../core/model/run.ts';
import type { Engine } from '../engine.ts';
import type { LookContext } from '../look/open-context.ts';
import type { Chain } from './chains.ts';

/** The links one page of a chain found, and how the chain goes on. */
export interface FoundPage {
  readonly linkIds: readonly string[];
  readonly complete: boolean;
  /** Names the page's content in chunk ids. */
  readonly mark: string;
  /** Where the next page starts, for chains without a stored cursor. */
  readonly from?: string;
  /** To be stored once every link of the page is due. */
  readonly cursor?: { readonly side: Side; readonly table: string; readonly value: string; readonly revision: number };
}

const pageSize = 200;

function fieldsByType(context: LookContext, side: Side, table: string): Record<string, readonly string[]> {
  const types = context.setup.actorTypes.filter((type) => (side === 'crm' ? type.crmTable : type.erpTable) === table);
  const fields: Record<string, readonly string[]> = {};
  for (const type of types) {
    const covered = coveredFields(mappedFields(context.setup, type.actorType), side);
    const key = side === 'crm' ? type.crmType : type.actorType;
    if (covered.length > 0) fields[key] = [...new Set([...(fields[key] ?? []), ...covered])];
  }
  return fields;
}

async function changesPage(
  engine: Engine,
  context: LookContext,
  run: Run,
  chain: { readonly side: Side; readonly table: string },
  from: string | undefined,
): Promise<FoundPage> {
  const { side, table } = chain;
  const { tenantId, connectionId } = run;
  const stored = await engine.cursors.get(tenantId, connectionId, side, table);
  const cursor = (run.dryRun ? from : undefined) ?? stored?.cursor ?? (await context[side].start(table));
  const page = await context[side].listChanges({ table, fieldsByType: fieldsByType(context, side, table), cursor });
  const keys = page.records.map((record) => record.key);
  const claims = await engine.links.findByKeys(tenantId, connectionId, side, table, keys);
  const links = await engine.links.getMany(tenantId, [...new Set(claims.values())]);
  const byId = new Map(links.map((link) => [link.id, link]));
  const changed = page.records.flatMap((record) => {
    const link = byId.get(claims.get(record.key) ?? '');
    if (!link || !isLive(link.state)) return [];
    // Seen with this version and these values: an overlap or the echo of our own write.
    const covered = coveredFields(mappedFields(context.setup, link.ends.erp.type), side);
    return wasSeen(link, side, record, covered) && !link.intent ? [] : [link.id];
  });
  const revision = stored?.revision ?? 0;
  return {
    linkIds: [...new Set(changed)],
    complete: page.complete,
    mark: `r${revision}`,
    from: page.cursor,
    ...(!run.dryRun && { cursor: { side, table, value: page.cursor, revision } }),
  };
}

/** Links of one actor type, by id order of the index; a pending link has its own due item. */
async function linksPage(engine: Engine, run: Run, actorType: string, from: string | undefined): Promise<FoundPage> {
  const filter = { connectionId: run.connectionId, actorType, state: 'active' as const };
  const page = await engine.links.list(run.tenantId, filter, { limit: pageSize, ...(from && { cursor: from }) });
  return {
    linkIds: page.items.map((link) => link.id),
    complete: page.cursor === undefined,
    mark: 'l',
    ...(page.cursor && { from: page.cursor }),
  };
}

/** Due items whose wait is over and whose message is gone: its chunk is closed, or its run has ended. */
async function duePage(engine: Engine, run: Run, from: string | undefined): Promise<FoundPage> {
  const { tenantId, connectionId } = run;
  const page = await engine.dueItems.list(tenantId, connectionId, pageSize, from);
  const now = new Date(engine.runtime.nowMs()).toISOString();
  const ripe = page.items.filter((due) => due.notBefore === undefined || due.notBefore <= now);
  const chunks = await engine.runs.getChunks(
    tenantId,
    ripe.flatMap((due) => (due.chunk ? [due.chunk] : [])),
  );
  const live = new Set<string>();
  for (const runId of new Set(chunks.map((chunk) => chunk.runId))) {
    const holder = await engine.runs.get(tenantId, runId);
    if (!holder || hasEnded(holder.state)) continue;
    for (const chunk of chunks) {
      if (chunk.runId !== runId) continue;
      for (const linkId of chunk.pending) live.add(`${runId}/${chunk.id}/${linkId}`);
    }
  }
  const lost = ripe.filter((due) => !due.chunk || !live.has(`${due.chunk.runId}/${due.chunk.chunkId}/${due.linkId}`));
  return {
    linkIds: lost.map((due) => due.linkId),
    complete: page.cursor === undefined,
    mark: 'd',
    ...(page.cursor && { from: page.cursor }),
  };
}

export async function readPage(
  engine: Engine,
  context: LookContext,
  run: Run,
  chain: Chain,
  from: string | undefined,
): Promise<FoundPage> {
  if (chain.kind === 'links') return linksPage(engine, run, chain.actorType, from);
  return chain.kind === 'due' ? duePage(engine, run, from) : changesPage(engine, context, run, chain, from);
}
