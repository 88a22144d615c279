/**
 * Chunks that wait until fewer of their run are out. Always true: a chunk that was not sent has an item that says so, the run
 * counts those and the ones that are out, and who removes that item, with the counts, is the one that sends it. A crash after
 * that leaves chunks without a message: whoever's message it was is delivered again and sends them. Attacked by test/contract/stores-unsent-suite.ts and
 * test/crash/every-port-call.test.ts.
 */
import type { Chunk, Run, RunRef } from '../../../../core/model/run.ts';
import { mostChunksOut } from '../../../../core/timing/caps.ts';
import type { Item, Table, Write } from '../../../../ports/table.ts';
import { keys, partitions, sortKeys } from '../table/keys.ts';
import { readWhole } from '../table/read-page.ts';
import { numberIn, storedItem, textIn } from '../table/stored-item.ts';
import { getRun, readChunk, unendedLifeMs } from './run-items.ts';

const mostTries = 10;

/** In one transaction with their run: each has two items. */
const droppedAtOnce = 49;

/** How many more chunks of the run may be out; what an earlier version sent was not counted as it went out, and is as it closes. */
function roomBeside(out: number): number {
  return Math.min(mostChunksOut, Math.max(0, mostChunksOut - out));
}

export function roomIn(run: Item): number {
  return roomBeside(numberIn(run, 'out'));
}

export function unsentItem({ tenantId, runId, id, sentAt }: Chunk): Item {
  const expiresAtMs = Date.parse(sentAt) + unendedLifeMs;
  return storedItem({ type: 'unsent', key: keys.unsent(tenantId, runId, id), expiresAtMs }, { chunkId: id });
}

export async function unsentOf(table: Table, { tenantId, runId }: RunRef, prefix = ''): Promise<ReadonlySet<string>> {
  const items = await readWhole(table, {
    pk: partitions.chunks(tenantId, runId),
    prefix: sortKeys.unsentPrefix(prefix),
  });
  return new Set(items.map((item) => textIn(item, 'chunkId') ?? ''));
}

/** Those of chunks that exist already for which nobody else has a message to send. */
export async function sentAmong(table: Table, chunks: readonly Chunk[]): Promise<Chunk[]> {
  const marks = await table.getMany(chunks.map(({ tenantId, runId, id }) => keys.unsent(tenantId, runId, id)));
  const unsent = new Set(marks.map((item) => textIn(item, 'chunkId')));
  return chunks.filter(({ id }) => !unsent.has(id));
}

export async function takeUnsentOf(table: Table, of: Run): Promise<Chunk[]> {
  const { tenantId, id: runId } = of;
  let run: Run | undefined = of;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const room = roomBeside(run?.out ?? 0);
    if (run?.state !== 'running' || room === 0) return [];
    const pk = partitions.chunks(tenantId, runId);
    const { items } = await table.query({ pk, prefix: sortKeys.unsentPrefix(''), limit: room });
    if (items.length === 0) return [];
    const taken = items.map((item) => textIn(item, 'chunkId') ?? '');
    const { ok } = await table.transact([
      {
        update: keys.run(tenantId, runId),
        add: { out: taken.length, unsent: -taken.length },
        when: { equals: { state: 'running', out: run.out ?? 0 } },
      },
      ...taken.map((chunkId): Write => ({ delete: keys.unsent(tenantId, runId, chunkId), when: { exists: true } })),
    ]);
    if (ok) {
      const chunks = await table.getMany(taken.map((chunkId) => keys.chunk(tenantId, runId, chunkId)));
      // Nobody has been at them: they have no results.
      return chunks.map((chunk) => readChunk(chunk, () => false));
    }
    run = await getRun(table, tenantId, runId);
  }
  // Others take them at the same time.
  return [];
}

/** On condition that the run has not moved since it was read: an earlier version closed chunks without counting them as no longer out. */
export async function noteOutOf(table: Table, run: Run, out: number): Promise<Run> {
  if (run.out === out) return run;
  const { lastProgressAt } = run;
  const { ok } = await table.write({
    update: keys.run(run.tenantId, run.id),
    set: { out },
    when: {
      equals: { state: 'running', lastProgressAt, ...(run.out !== undefined && { out: run.out }) },
      absent: run.out === undefined ? ['out'] : [],
    },
  });
  return ok ? { ...run, out } : run;
}

/** Of a run that has ended, so that nobody takes them any more; nobody has been at them, so nothing is summed. */
export async function dropUnsentOf(table: Table, { tenantId, runId }: RunRef): Promise<void> {
  const pk = partitions.chunks(tenantId, runId);
  for (;;) {
    const { items } = await table.query({ pk, prefix: sortKeys.unsentPrefix(''), limit: droppedAtOnce });
    if (items.length === 0) return;
    // What fails was dropped by somebody else.
    await table.transact([
      {
        update: keys.run(tenantId, runId),
        add: { open: -items.length, unsent: -items.length },
        when: { exists: true },
      },
      ...items.flatMap((item): Write[] => {
        const chunkId = textIn(item, 'chunkId') ?? '';
        return [
          { delete: { pk: item.pk, sk: item.sk }, when: { exists: true } },
          { delete: keys.chunk(tenantId, runId, chunkId) },
        ];
      }),
    ]);
  }
}
