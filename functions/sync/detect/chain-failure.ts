/**
 * What follows a page that could not be read. Always true: the cursor has not moved, and the chain goes on as a message, or
 * ends with an open failure or a suspended connection; a dry run ends its chain and leaves neither. Polls leave a chain with
 * an open failure alone until its time, and whoever reads it to its end closes that failure. A crash may leave the failure
 * and the chain still there: the message comes back and does both again. Attacked by test/sync/waits.test.ts and
 * test/crash/every-port-call.test.ts.
 */

import type { SyncError } from '../../core/errors.ts';
import type { Connection } from '../../core/model/connection.ts';
import { type ActorTypeSetup, isSetAside } from '../../core/model/connection-setup.ts';
import { chainFailureId, failureOf } from '../../core/model/failure.ts';
import type { Run } from '../../core/model/run.ts';
import type { Side } from '../../core/model/side.ts';
import {
  dispositionOf,
  hourlyRetryMs,
  instantAfter,
  type NextWait,
  nextWait,
  plannedWaitMs,
  putOffReason,
  putOffSince,
  spendsAttempt,
} from '../../core/timing/retry.ts';
import type { DetectMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';
import { doubtMs, isDoubted, stillDoubted } from '../guards/doubt.ts';
import { resumeActorTypes } from '../guards/resume-actor-types.ts';
import { suspendActorTypes, typesOfRecordType, typesOfTable } from '../guards/suspend-actor-types.ts';
import { suspendConnection } from '../guards/suspend-connection.ts';
import { parseChain } from '../runs/chains.ts';
import { withoutGoneFields } from '../runs/describe-daily.ts';
import { endChain } from '../runs/slots.ts';

/** Why a page could not be read, and on which side where that is known. */
export interface PageTrouble {
  readonly connection: Connection;
  readonly error: SyncError;
  readonly side?: Side | undefined;
}

async function nextTry(
  engine: Engine,
  { connectionId, tenantId, chain, attempt, throttledSinceMs }: DetectMessage,
  error: SyncError,
  waitMs: number,
): Promise<NextWait> {
  const nowMs = engine.runtime.nowMs();
  const { kind, listTrouble } = error;
  if (listTrouble) return { next: 'give-up', notBefore: instantAfter(nowMs, hourlyRetryMs) };
  const { chainsWaiting } = await engine.connections.activity(tenantId, connectionId);
  const isOpen = chainsWaiting?.[chain] !== undefined;
  return nextWait({ attempt, spends: spendsAttempt(error), waitMs, kind, isOpen, throttledSinceMs }, nowMs);
}

/** Waits, suspends the connection, or gives the chain up for this run with an open failure. */
export async function chainFailed(
  engine: Engine,
  run: Run,
  message: DetectMessage,
  { connection, error: met, side }: PageTrouble,
): Promise<void> {
  const { listTrouble } = met;
  const { attempt, chain } = message;
  if (isDoubted(message, met)) return askAgain(engine, run, message, { error: met, side });
  const types = listTrouble ? [] : await typesConcerned(engine, run, chain, met);
  if (types.length > 0) {
    if (!run.dryRun) await suspendActorTypes(engine, types, { error: met, metBy: 'list', runId: run.id });
    return countAndEnd(engine, run, chain);
  }
  const error = listTrouble || run.dryRun ? met : await withoutGoneFields(engine, connection, met);
  const { kind } = error;
  if (!listTrouble && dispositionOf(kind) === 'suspend') {
    // Counted first: suspending ends the run.
    await engine.runs.addCounts({ tenantId: run.tenantId, runId: run.id }, { failed: 1 });
    if (!run.dryRun) await suspendConnection(engine, connection, error, run.id);
    return endChain(engine, run, chain);
  }
  const waitMs = plannedWaitMs(attempt, engine.runtime.random(), error.retryAfterMs);
  const throttledSinceMs = putOffSince(error, message.throttledSinceMs, engine.runtime.nowMs());
  const planned = await nextTry(engine, { ...message, throttledSinceMs }, error, waitMs);
  if (planned.next === 'message') {
    await engine.runs.noteWaiting(run.tenantId, run.id, { kind, side, attempt, until: planned.until });
    const troubledSinceMs = message.troubledSinceMs ?? engine.runtime.nowMs();
    const next = {
      ...message,
      attempt: planned.attempt,
      throttledSinceMs,
      troubledSinceMs,
      doubted: stillDoubted(message, error),
    };
    return engine.queue.send([next], { delayMs: waitMs });
  }
  if (!run.dryRun) await openChainFailure(engine, run, message, error, planned.notBefore);
  await countAndEnd(engine, run, chain);
}

/** The page is read once more before anything is concluded from what it met. */
async function askAgain(
  engine: Engine,
  run: Run,
  message: DetectMessage,
  { error: { kind }, side }: Pick<PageTrouble, 'error' | 'side'>,
): Promise<void> {
  const [waitMs, nowMs] = [doubtMs(engine), engine.runtime.nowMs()];
  const until = instantAfter(nowMs, waitMs);
  await engine.runs.noteWaiting(run.tenantId, run.id, { kind, side, attempt: message.attempt, until });
  const troubledSinceMs = message.troubledSinceMs ?? nowMs;
  await engine.queue.send([{ ...message, troubledSinceMs, doubted: true }], { delayMs: waitMs });
}

/** What a list refuses for a record type, or for its whole table, concerns the actor types that live there. */
async function typesConcerned(engine: Engine, run: Run, chain: string, error: SyncError): Promise<ActorTypeSetup[]> {
  const at = parseChain(chain);
  const ofTable = error.kind === 'forbidden' && at.kind === 'changes';
  if (!ofTable && error.recordType === undefined) return [];
  const setup = await engine.connections.getSetup(run.tenantId, run.connectionId);
  if (!setup) return [];
  return error.recordType === undefined && at.kind === 'changes'
    ? typesOfTable(setup, at.side, at.table)
    : typesOfRecordType(setup, error.recordType ?? '');
}

async function countAndEnd(engine: Engine, run: Run, chain: string): Promise<void> {
  await engine.runs.addCounts({ tenantId: run.tenantId, runId: run.id }, { failed: 1 });
  await endChain(engine, run, chain);
}

/** The note comes first: a failure without it would never be tried again by its time, nor closed. */
async function openChainFailure(
  engine: Engine,
  { tenantId, connectionId, id: runId }: Run,
  { chain, attempt, troubledSinceMs }: DetectMessage,
  error: SyncError,
  notBefore: string,
): Promise<void> {
  const { kind, listTrouble, explanation } = error;
  await engine.connections.noteChainWait(tenantId, connectionId, chain, notBefore);
  const id = chainFailureId(connectionId, chain);
  const before = await engine.failures.get(tenantId, id);
  const failure = failureOf({
    tenantId,
    id,
    connectionId,
    runId,
    kind,
    reason: listTrouble ?? putOffReason(error) ?? (kind === 'throttled' ? kind : 'changes-not-listed'),
    explanation,
    attempts: before ? before.attempts + 1 : attempt,
    since: before?.firstAt ?? (troubledSinceMs === undefined ? undefined : instantAfter(troubledSinceMs, 0)),
    at: engine.runtime.now(),
    nextAttemptAt: notBefore,
  });
  await engine.failures.open(failure);
}

/** The chain works, or there is none any more: its open failure is closed, and polls read it as ever. */
export async function closeChainFailure(
  engine: Engine,
  { tenantId, connectionId }: Pick<Run, 'tenantId' | 'connectionId'>,
  chain: string,
): Promise<void> {
  await engine.failures.close(tenantId, chainFailureId(connectionId, chain));
  await engine.connections.noteChainWait(tenantId, connectionId, chain, undefined);
}

/** The chain was read to its end: whatever kept it from that is over. */
export async function chainRecovered(engine: Engine, run: Run, chain: string): Promise<void> {
  if (run.dryRun) return;
  await resumeListed(engine, run, chain);
  const { chainsWaiting } = await engine.connections.activity(run.tenantId, run.connectionId);
  if (chainsWaiting?.[chain] !== undefined) await closeChainFailure(engine, run, chain);
}

/** A list that was refused and comes again is the end of that trouble, for the types that were tried with it. */
async function resumeListed(engine: Engine, run: Run, chain: string): Promise<void> {
  const at = parseChain(chain);
  const setup = await engine.connections.getSetup(run.tenantId, run.connectionId);
  if (!setup || at.kind !== 'changes') return;
  const nowMs = engine.runtime.nowMs();
  const tried = typesOfTable(setup, at.side, at.table).filter((type) => !isSetAside(type, nowMs));
  await resumeActorTypes(
    engine,
    tried.filter(({ suspended }) => suspended?.metBy === 'list'),
  );
}
