/**
 * Always true: `open` is the number of the run's chunk items, and a chunk is added once, even when the message that adds it
 * is handled again after the chunk was closed: the chain remembers what was added at its page. A crash leaves all of a
 * write or none of it; of what was lost after it the redelivered message finds the rest. Attacked by
 * test/contract/stores-runs-suite.ts.
 */

import { SyncError } from '../../../../core/errors.ts';
import type { Chunk, Run, RunRef } from '../../../../core/model/run.ts';
import type { Condition, Item, Table, Write } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { attributesOf, membersIn, numberIn } from '../table/stored-item.ts';
import { chainAttributes, chunkItem, readRun, runIndex } from './run-items.ts';
import { roomIn, sentAmong, unsentItem } from './unsent-chunks.ts';

const mostTries = 10;

export async function addChunksToRun(
  table: Table,
  run: Run,
  step: { readonly chain: string; readonly page: number; readonly at: string },
  chunks: readonly Chunk[],
): Promise<readonly Chunk[] | undefined> {
  const key = keys.run(run.tenantId, run.id);
  const names = chainAttributes(step.chain);
  const existing = new Set<string>();
  for (let tries = 0; tries < mostTries; tries += 1) {
    const item = await table.get(key);
    if (item?.state !== 'running' || item[names.page] !== step.page) return undefined;
    const added = membersIn(item, names.added);
    const isFresh = ({ id }: Chunk) => !added.has(id) && !existing.has(id);
    const fresh = chunks.filter(isFresh);
    const others = chunks.filter((chunk) => !isFresh(chunk));
    // Whoever added them may have died before they were sent.
    const again = others.length === 0 ? [] : await sentAmong(table, others);
    if (fresh.length === 0) return again;
    const sent = fresh.slice(0, roomIn(item));
    const unsent = fresh.slice(sent.length);
    const seenRounds = seenAs(item, names.rounds);
    // As read: while some stay unsent, one that is out closes after this and sends them.
    const seenOut = seenAs(item, 'out');
    const outcome = await table.transact([
      {
        update: key,
        set: { latent: false, lastProgressAt: step.at, ...runIndex({ ...run, state: 'running' }) },
        add: { open: fresh.length, out: sent.length, unsent: unsent.length, [names.rounds]: 1 },
        addMembers: { [names.added]: fresh.map((chunk) => chunk.id) },
        when: {
          equals: { state: 'running', [names.page]: step.page, ...seenRounds.equals, ...seenOut.equals },
          absent: [...seenRounds.absent, ...seenOut.absent],
        },
      },
      ...fresh.map((chunk): Write => ({ put: chunkItem(chunk), when: { exists: false } })),
      ...unsent.map((chunk): Write => ({ put: unsentItem(chunk) })),
    ]);
    if (outcome.ok) return [...again, ...sent];
    for (const position of outcome.failed) existing.add(fresh[position - 1]?.id ?? '');
  }
  throw new SyncError('transient', `Run ${run.id} is being changed all the time.`);
}

function seenAs(item: Item, name: string): Required<Pick<Condition, 'equals' | 'absent'>> {
  return item[name] === undefined
    ? { equals: {}, absent: [name] }
    : { equals: { [name]: numberIn(item, name) }, absent: [] };
}

export async function advanceRunChain(
  table: Table,
  run: Pick<Run, 'tenantId' | 'id'>,
  step: {
    readonly chain: string;
    readonly page: number;
    readonly from: string | undefined;
    readonly at: string;
  },
): Promise<boolean> {
  const names = chainAttributes(step.chain);
  const { ok } = await table.transact([
    {
      update: keys.run(run.tenantId, run.id),
      set: attributesOf({ [names.page]: step.page + 1, lastProgressAt: step.at, [names.from]: step.from }),
      remove: [names.added, names.rounds].concat(step.from === undefined ? [names.from] : []),
      when: { equals: { state: 'running', [names.page]: step.page } },
    },
  ]);
  return ok;
}

export async function endRunChain(table: Table, run: RunRef, chain: string, at: string): Promise<Run | undefined> {
  const names = chainAttributes(chain);
  const result = await table.write({
    update: keys.run(run.tenantId, run.runId),
    set: { lastProgressAt: at },
    remove: [names.page, names.from, names.added, names.rounds],
    dropMembers: { detecting: [chain] },
    when: { exists: true },
  });
  return result.ok && result.item ? readRun(result.item) : undefined;
}
