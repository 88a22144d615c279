/**
 * One page of a chain: detect links, make them due, send them out. Always true: only then does the cursor move, so
 * nothing that was listed is lost; a page that kills its workers is an open failure at its fourth receive. A crash at any
 * point repeats at most this page; a cancelled run leaves its due items to the next poll. Attacked by
 * test/crash/every-port-call.test.ts and test/sync/ends-of-runs.test.ts.
 */

import { asSyncError, SyncError } from '../../core/errors.ts';
import { type CounterDeltas, hasEnded, isDetecting, type Run } from '../../core/model/run.ts';
import { failAtReceive, failPageAtReceive } from '../../core/timing/receives.ts';
import type { DetectMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';
import { forgetPassedThrottles } from '../guards/heed-throttle.ts';
import { type Opened, tryOpenEnds } from '../open-ends.ts';
import { cancelOfInactive, letGo } from '../runs/cancel-run.ts';
import { detectMessage, parseChain } from '../runs/chains.ts';
import { countingCalls } from '../runs/counting-calls.ts';
import { finishIfComplete } from '../runs/finish-run.ts';
import { pageOf, resendChunks } from '../runs/send-chunks.ts';
import { endChain, passSlotOn } from '../runs/slots.ts';
import { chainFailed, chainRecovered, type PageTrouble } from './chain-failure.ts';
import { handOut } from './hand-out.ts';
import { type DetectedPage, readChainPage } from './read-chain-page.ts';
import { startListAnew } from './start-list-anew.ts';

type PageVerdict =
  | ({ readonly verdict: 'detected' } & DetectedPage)
  /** Nothing was read: the system did not answer, or could not even be opened. */
  | ({ readonly verdict: 'failed' } & PageTrouble);

async function verdictOn(engine: Engine, run: Run, name: string, opened: Opened): Promise<PageVerdict> {
  const { connection } = opened.setup;
  if ('error' in opened) return { verdict: 'failed', connection, error: opened.error, side: opened.side };
  const { context } = opened;
  const counted = (counts: CounterDeltas) => engine.runs.addCounts({ tenantId: run.tenantId, runId: run.id }, counts);
  return countingCalls(context, counted, async () => {
    try {
      const page = await readChainPage(engine, context, run, name);
      await forgetPassedThrottles(engine, context);
      return { verdict: 'detected', ...page };
    } catch (failure) {
      const chain = parseChain(name);
      const side = chain.kind === 'changes' ? chain.side : undefined;
      return { verdict: 'failed', connection, error: asSyncError(failure), side };
    }
  });
}

/** Every link of the page is due: now the cursor may move, and the chain with it. */
async function moveOn(engine: Engine, run: Run, { chain, page }: DetectMessage, detected: DetectedPage): Promise<void> {
  const { cursor } = detected;
  if (cursor) {
    // Moved by somebody else meanwhile: they made that page's links due, and we go on from where they are.
    const { side, table, value, revision } = cursor;
    const { tenantId, connectionId } = run;
    await engine.cursors.store({ tenantId, connectionId, side, table }, value, revision);
  }
  if (detected.complete) {
    await chainRecovered(engine, run, chain);
    return endChain(engine, run, chain);
  }
  const from = cursor ? undefined : detected.from;
  if (await engine.runs.advanceChain(run, chain, page, from)) {
    await engine.queue.send([detectMessage(run, chain, page + 1)]);
  }
}

/** Whoever tried to read this page died over it: nobody tries again for this run. */
async function giveUpPage(engine: Engine, run: Run, message: DetectMessage): Promise<void> {
  const connection = await engine.connections.get(run.tenantId, run.connectionId);
  if (connection?.state !== 'active') return cancelOfInactive(engine, run);
  const error = new SyncError('defect', 'The reading of this list ended again and again.');
  return chainFailed(engine, run, message, { connection, error });
}

/** A cursor that cannot be gone on from, or a person who retries although the server's clock stands before it. */
function startsAnew({ dryRun, trigger }: Run, { listTrouble }: SyncError): boolean {
  if (dryRun) return false;
  return listTrouble === 'cursor-not-accepted' || (listTrouble === 'clock-stepped-back' && trigger.by === 'retry');
}

/** Handles one detect message. Throws only defects and storage failures: then the queue delivers it again. */
export async function detectPage(engine: Engine, message: DetectMessage, receiveCount: number): Promise<void> {
  const { tenantId, connectionId, runId, chain } = message;
  const run = await engine.runs.get(tenantId, runId);
  if (!run || run.state === 'queued') return;
  if (hasEnded(run.state)) return letGo(engine, run);
  if (receiveCount > 1) await resendChunks(engine, run, pageOf(message));
  const at = run.chains[chain];
  if (!at) {
    // The chain has ended; what follows its end may have been lost with an earlier delivery of this message.
    if (!isDetecting(run)) await passSlotOn(engine, run);
    return finishIfComplete(engine, run);
  }
  if (at.page !== message.page) {
    if (receiveCount > 1) await engine.queue.send([detectMessage(run, chain, at.page)]);
    return;
  }
  if (receiveCount >= failAtReceive) return giveUpPage(engine, run, message);
  const opened = await tryOpenEnds(engine, tenantId, connectionId);
  if (!opened) return cancelOfInactive(engine, run);
  const verdict = await verdictOn(engine, run, chain, opened);
  if (verdict.verdict === 'failed') {
    if (verdict.error.kind === 'defect' && receiveCount < failPageAtReceive) throw verdict.error;
    if (startsAnew(run, verdict.error) && 'context' in opened) {
      await startListAnew(engine, run, opened.context, chain);
      await chainRecovered(engine, run, chain);
      return endChain(engine, run, chain);
    }
    return chainFailed(engine, run, message, verdict);
  }
  if (message.attempt > 1) await engine.runs.noteWaiting(tenantId, runId, undefined);
  if (await handOut(engine, run, message, verdict)) await moveOn(engine, run, message, verdict);
}
