/**
 * Always true: `open` is the number of the run's chunk items, and a chunk is added once, even when the message that adds it
 * is handled again after the chunk was closed: the chain remembers what was added at its page. A crash leaves all of a
 * write or none of it; of what was lost after it the redelivered message finds the rest. Attacked by
 * test/contract/stores-runs-suite.ts.
 */

import { SyncError } from '../../../../core/errors.ts';
import type { Chunk, Run, RunRef } from '../../../../core/model/run.ts';
import type { Table, Write } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { attributesOf, membersIn, numberIn } from '../table/stored-item.ts';
import { chainAttributes, chunkItem, readRun, runIndex } from './run-items.ts';

const mostTries = 10;

export async function addChunksToRun(
  table: Table,
  run: Run,
  step: { readonly chain: string; readonly page: number; readonly at: string },
  chunks: readonly Chunk[],
): Promise<boolean> {
  const key = keys.run(run.tenantId, run.id);
  const names = chainAttributes(step.chain);
  const existing = new Set<string>();
  for (let tries = 0; tries < mostTries; tries += 1) {
    const item = await table.get(key);
    if (item?.state !== 'running' || item[names.page] !== step.page) return false;
    const added = membersIn(item, names.added);
    const fresh = chunks.filter((chunk) => !added.has(chunk.id) && !existing.has(chunk.id));
    if (fresh.length === 0) return true;
    const rounds = numberIn(item, names.rounds);
    const seenRounds = rounds > 0 ? { equals: { [names.rounds]: rounds }, absent: [] } : { absent: [names.rounds] };
    const outcome = await table.transact([
      {
        update: key,
        set: { latent: false, lastProgressAt: step.at, ...runIndex({ ...run, state: 'running' }) },
        add: { open: fresh.length, [names.rounds]: 1 },
        addMembers: { [names.added]: fresh.map((chunk) => chunk.id) },
        when: {
          equals: { state: 'running', [names.page]: step.page, ...seenRounds.equals },
          absent: seenRounds.absent,
        },
      },
      ...fresh.map((chunk): Write => ({ put: chunkItem(chunk), when: { exists: false } })),
    ]);
    if (outcome.ok) return true;
    for (const position of outcome.failed) existing.add(fresh[position - 1]?.id ?? '');
  }
  throw new SyncError('transient', `Run ${run.id} is being changed all the time.`);
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
