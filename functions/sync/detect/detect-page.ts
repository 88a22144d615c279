/**
 * Pages of a chain: detect links, make them due, send them out. Always true: only then does the cursor move, so
 * nothing that was listed is lost; a page that kills its workers is an open failure at its fourth receive. A crash at any
 * point repeats at most the page in hand; a cancelled run leaves its due items to the next poll. Attacked by
 * test/crash/every-port-call.test.ts and test/sync/ends-of-runs.test.ts.
 */

import { asSyncError, SyncError } from '../../core/errors.ts';
import { mayWorkFor } from '../../core/model/proposal.ts';
import { type CounterDeltas, hasEnded, isDetecting, type Run } from '../../core/model/run.ts';
import { failAtReceive, failPageAtReceive } from '../../core/timing/receives.ts';
import type { DetectMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';
import { forgetPassedThrottles } from '../guards/heed-throttle.ts';
import type { Held } from '../guards/hold-in-hand.ts';
import { workerTime } from '../look/worker-time.ts';
import { type Opened, openForRun, readStored, type StoredEnds } from '../open-ends.ts';
import { cancelHalted, letGo } from '../runs/cancel-run.ts';
import { detectMessage, parseChain } from '../runs/chains.ts';
import { countingCalls } from '../runs/counting-calls.ts';
import { finishIfComplete } from '../runs/finish-run.ts';
import { pageOf, resendChunks } from '../runs/send-chunks.ts';
import { endChain, passSlotOn } from '../runs/slots.ts';
import { chainFailed, chainRecovered, type PageTrouble } from './chain-failure.ts';
import { handOut } from './hand-out.ts';
import { type DetectedPage, listAhead, type PageAhead, readChainPage } from './read-chain-page.ts';
import { startListAnew } from './start-list-anew.ts';

type PageVerdict =
  | ({ readonly verdict: 'detected' } & DetectedPage)
  /** Nothing was read: the system did not answer, or could not even be opened. */
  | ({ readonly verdict: 'failed' } & PageTrouble);

async function verdictOn(
  engine: Engine,
  run: Run,
  chainAt: { readonly name: string; readonly ahead: PageAhead | undefined },
  opened: Opened,
): Promise<PageVerdict> {
  const { connection } = opened.setup;
  if ('error' in opened) return { verdict: 'failed', connection, error: opened.error, side: opened.side };
  const { context } = opened;
  const counted = (counts: CounterDeltas) => engine.runs.addCounts({ tenantId: run.tenantId, runId: run.id }, counts);
  const reading = async (): Promise<PageVerdict> => {
    try {
      const page = await readChainPage(engine, context, run, chainAt);
      await forgetPassedThrottles(engine, context);
      return { verdict: 'detected', ...page };
    } catch (failure) {
      const chain = parseChain(chainAt.name);
      const side = chain.kind === 'changes' ? chain.side : undefined;
      return { verdict: 'failed', connection, error: asSyncError(failure), side };
    }
  };
  return countingCalls(context, counted, reading, chainAt.ahead?.callsBefore);
}

/** Every link of the page is due: now the cursor may move, and the chain with it. True = the next page may be read. */
async function moveOn(
  engine: Engine,
  run: Run,
  { chain, page }: DetectMessage,
  detected: DetectedPage,
): Promise<boolean> {
  const { cursor } = detected;
  if (cursor) {
    // Moved by somebody else meanwhile: they made that page's links due, and we go on from where they are.
    const { side, table, value, revision } = cursor;
    const { tenantId, connectionId } = run;
    await engine.cursors.store({ tenantId, connectionId, side, table }, value, revision);
  }
  if (detected.complete) {
    await noteSweep(engine, run, chain, detected);
    const { released } = detected;
    if (released !== undefined) await engine.connections.endRelease(run.tenantId, run.connectionId, released);
    await chainRecovered(engine, run, chain);
    await endChain(engine, run, chain);
    return false;
  }
  if (!(await engine.runs.advanceChain(run, chain, page, cursor ? undefined : detected.from))) return false;
  await noteSweep(engine, run, chain, detected);
  return true;
}

/** Where the sweep goes on if this run does not. */
async function noteSweep(
  { connections }: Engine,
  { tenantId, connectionId }: Run,
  chain: string,
  { swept }: DetectedPage,
): Promise<void> {
  if (!swept) return;
  if (swept.hasEnded) await connections.endSweep(tenantId, connectionId, chain, swept.progress);
  else await connections.noteSwept(tenantId, connectionId, chain, swept.progress);
}

/** One worker reads so many pages of a chain in a row: each is a list call, and the message stays work of seconds. */
const pagesInARow = 10;

/** Pages from the one that was read on: the next is listed while this one is handed out. */
async function readOn(
  engine: Engine,
  first: Run,
  message: DetectMessage,
  opened: Opened,
  page: DetectedPage,
): Promise<void> {
  const { chain } = message;
  const time = workerTime(engine);
  let run = first;
  let detected = page;
  for (let at = message.page; ; at += 1) {
    // The first page alone keeps the lane of its run.
    const goesOn = !detected.complete && at > 0 && at + 1 < message.page + pagesInARow && time.allows(0);
    const from = detected.cursor?.value ?? detected.from;
    const ahead =
      goesOn && from !== undefined && 'context' in opened ? listAhead(engine, opened.context, chain, from) : undefined;
    const now = { ...message, page: at };
    if (!(await handOut(engine, run, now, detected)) || !(await moveOn(engine, run, now, detected))) return;
    if (!goesOn) return engine.queue.send([detectMessage(run, chain, at + 1)]);
    run = { ...run, chains: { ...run.chains, [chain]: { page: at + 1, from: detected.from } } };
    const next = await verdictOn(engine, run, { name: chain, ahead }, opened);
    // What keeps this page from being read is dealt with by whoever has its message.
    if (next.verdict === 'failed') return engine.queue.send([detectMessage(run, chain, at + 1)]);
    detected = next;
  }
}

/** Whoever tried to read this page died over it: nobody tries again for this run. */
async function giveUpPage(engine: Engine, run: Run, message: DetectMessage, stored: StoredEnds): Promise<void> {
  const connection = stored.setup?.connection;
  if (!connection || !mayWorkFor(connection, run)) return cancelHalted(engine, run, { ...stored, connection });
  const error = new SyncError('defect', 'The reading of this list ended again and again.');
  return chainFailed(engine, run, message, { connection, error });
}

/** A cursor that cannot be gone on from, or a person who retries although the server's clock stands before it. */
function startsAnew({ dryRun, trigger }: Run, { listTrouble }: SyncError): boolean {
  if (dryRun) return false;
  return listTrouble === 'cursor-not-accepted' || (listTrouble === 'clock-stepped-back' && trigger.by === 'retry');
}

/** Handles one detect message. Throws only defects and storage failures: then the queue delivers it again. */
export async function detectPage(engine: Engine, held: Held<DetectMessage>): Promise<void> {
  const { message, receives, mayBegin } = held;
  const { tenantId, connectionId, runId, chain } = message;
  const [run, stored, begins] = await Promise.all([
    engine.runs.get(tenantId, runId),
    readStored(engine, tenantId, connectionId),
    mayBegin,
  ]);
  if (!run || !begins || run.state === 'queued') return;
  if (hasEnded(run.state)) return letGo(engine, run);
  if (receives > 1) await resendChunks(engine, run, pageOf(message));
  const at = run.chains[chain];
  if (!at) {
    // The chain has ended; what follows its end may have been lost with an earlier delivery of this message.
    if (!isDetecting(run)) await passSlotOn(engine, run);
    return finishIfComplete(engine, run);
  }
  if (at.page !== message.page) {
    if (receives <= 1) return;
    // Whoever had it may have died over a later page of its row, whose chunks were stored and not sent.
    await resendChunks(engine, run, pageOf({ chain, page: at.page }));
    return engine.queue.send([detectMessage(run, chain, at.page)]);
  }
  if (receives >= failAtReceive) return giveUpPage(engine, run, message, stored);
  const opened = await openForRun(engine, stored, run);
  if (!opened) return cancelHalted(engine, run, { ...stored, connection: stored.setup?.connection });
  const verdict = await verdictOn(engine, run, { name: chain, ahead: undefined }, opened);
  if (verdict.verdict === 'failed') {
    if (verdict.error.kind === 'defect' && receives < failPageAtReceive) throw verdict.error;
    if (startsAnew(run, verdict.error) && 'context' in opened) {
      await startListAnew(engine, run, opened.context, chain);
      await chainRecovered(engine, run, chain);
      return endChain(engine, run, chain);
    }
    return chainFailed(engine, run, message, verdict);
  }
  if (message.attempt > 1 || message.doubted) await engine.runs.noteWaiting(tenantId, runId, undefined);
  return readOn(engine, run, message, opened, verdict);
}
