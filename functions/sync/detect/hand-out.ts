/**
 * Makes the links of a page due and sends them out. Always true: a link is due before anything that could lose it. A crash
 * may leave due items whose chunk was never added: the page is handled again, and its chunks, named by their content, are
 * the same ones. Attacked by test/crash/every-port-call.test.ts.
 */

import type { DueItem } from '../../core/model/due.ts';
import type { Run } from '../../core/model/run.ts';
import { maxAttempts } from '../../core/timing/retry.ts';
import type { DetectMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';
import { parseChain } from '../runs/chains.ts';
import { isPassing } from '../runs/passing.ts';
import { chunksOf, duesOf, lookMessages, pageOf } from '../runs/send-chunks.ts';
import type { DetectedPage } from './read-chain-page.ts';

/**
 * Links that this run is about to look at anyway: their chunk is open and has no result of theirs. A fresh due item is
 * all they need; if that look had read already, its own due item is gone and the fresh one waits for the next poll.
 */
async function waitingInThisRun(engine: Engine, run: Run, dues: readonly DueItem[]): Promise<DueItem[]> {
  const ours = dues.filter((due) => due.chunk?.runId === run.id);
  const refs = new Map(ours.flatMap(({ chunk }) => (chunk ? [[chunk.chunkId, chunk] as const] : [])));
  const chunks = await engine.runs.getChunks(run.tenantId, [...refs.values()]);
  return ours
    .filter((due) => chunks.some(({ id, pending }) => id === due.chunk?.chunkId && pending.includes(due.linkId)))
    .map((due) => ({ ...due, sequence: engine.runtime.newId() }));
}

/** Links that are asked at most hourly: a change of theirs that is listed meanwhile waits with them. */
function keepingTheirWait(engine: Engine, { chain }: DetectMessage, dues: readonly DueItem[]): DueItem[] {
  if (parseChain(chain).kind !== 'changes') return [];
  const now = engine.runtime.now();
  return dues
    .filter(({ keepsWait, notBefore }) => keepsWait && notBefore !== undefined && notBefore > now)
    .map((due) => ({ ...due, sequence: engine.runtime.newId() }));
}

/** A change is a reason to try a link anew; met in another way, one with an open failure is tried once at a time. */
function triedOnce({ chain }: DetectMessage, dues: readonly DueItem[]): ReadonlySet<string> {
  const anew = parseChain(chain).kind === 'changes';
  return new Set(dues.flatMap(({ linkId, notBefore }) => (notBefore === undefined || anew ? [] : [linkId])));
}

/** False: the run has ended or the chain moved on, and what is due now waits for a poll. */
export async function handOut(engine: Engine, run: Run, message: DetectMessage, page: DetectedPage): Promise<boolean> {
  if (page.linkIds.length === 0) return true;
  const makesDue = !run.dryRun && !isPassing(run);
  const asked = makesDue ? page.linkIds : (page.troubled ?? []);
  const dues = run.dryRun ? [] : await engine.dueItems.getMany(run.tenantId, run.connectionId, asked);
  const waiting = [...keepingTheirWait(engine, message, dues), ...(await waitingInThisRun(engine, run, dues))];
  const covered = new Set(waiting.map((due) => due.linkId));
  const once = triedOnce(message, dues);
  const [again = [], first = []] = [true, false].map((isAgain) =>
    page.linkIds.filter((linkId) => !covered.has(linkId) && once.has(linkId) === isAgain),
  );
  const prefix = `${pageOf(message)}${page.mark}`;
  const { lane } = message;
  const chunks = [
    ...chunksOf(engine, run, { linkIds: first, prefix, lane }),
    ...chunksOf(engine, run, { linkIds: again, prefix: `${prefix}.again`, lane, attempt: maxAttempts }),
  ];
  if (makesDue) await engine.dueItems.putMany([...waiting, ...duesOf(engine, chunks)]);
  const sent = await engine.runs.addChunks(run, message.chain, message.page, chunks);
  if (!sent) return false;
  await engine.queue.send(lookMessages(sent, { interactive: message.interactive, passing: isPassing(run) }));
  return true;
}
