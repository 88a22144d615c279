/**
 * What follows a page that could not be read. Always true: the cursor has not moved, and the chain goes on as a message, or
 * ends with an open failure or a suspended connection. A crash may leave the failure and the chain still there: the
 * message comes back and does both again. Attacked by test/crash/every-port-call.test.ts.
 */

import type { SyncError } from '../../core/errors.ts';
import type { Connection } from '../../core/model/connection.ts';
import { type ActorTypeSetup, isSetAside } from '../../core/model/connection-setup.ts';
import { chainFailureId, failureOf } from '../../core/model/failure.ts';
import type { Run } from '../../core/model/run.ts';
import type { Side } from '../../core/model/side.ts';
import { dispositionOf, nextWait, plannedWaitMs, spendsAttempt } from '../../core/timing/retry.ts';
import type { DetectMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';
import { resumeActorTypes } from '../guards/resume-actor-types.ts';
import { suspendActorTypes, typesOfRecordType, typesOfTable } from '../guards/suspend-actor-types.ts';
import { suspendConnection } from '../guards/suspend-connection.ts';
import { parseChain } from '../runs/chains.ts';
import { endChain } from '../runs/slots.ts';

/** Why a page could not be read, and on which side where that is known. */
export interface PageTrouble {
  readonly connection: Connection;
  readonly error: SyncError;
  readonly side?: Side | undefined;
}

/** Waits, suspends the connection, or gives the chain up for this run with an open failure. */
export async function chainFailed(
  engine: Engine,
  run: Run,
  message: DetectMessage,
  { connection, error, side }: PageTrouble,
): Promise<void> {
  const { kind } = error;
  const types = await typesConcerned(engine, run, message.chain, error);
  if (types.length > 0) {
    if (!run.dryRun) await suspendActorTypes(engine, types, { error, metBy: 'list', runId: run.id });
    return countAndEnd(engine, run, message.chain);
  }
  if (dispositionOf(kind) === 'suspend') {
    if (!run.dryRun) await suspendConnection(engine, connection, error, run.id);
    return countAndEnd(engine, run, message.chain);
  }
  const { attempt } = message;
  const waitMs = plannedWaitMs(attempt, engine.runtime.random(), error.retryAfterMs);
  const planned = nextWait({ attempt, spends: spendsAttempt(kind), waitMs, kind }, engine.runtime.nowMs());
  if (planned.next === 'message') {
    await engine.runs.noteWaiting(run.tenantId, run.id, { kind, side, attempt, until: planned.until });
    return engine.queue.send([{ ...message, attempt: planned.attempt }], { delayMs: waitMs });
  }
  const failure = failureOf({
    tenantId: run.tenantId,
    id: chainFailureId(run.connectionId, message.chain),
    connectionId: run.connectionId,
    runId: run.id,
    kind,
    reason: 'changes-not-listed',
    explanation: error.explanation,
    attempts: attempt,
    at: engine.runtime.now(),
  });
  if (!run.dryRun) await engine.failures.open(failure);
  await countAndEnd(engine, run, message.chain);
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

/** The page was read: whatever was waited out is over, and a list read from its start closes the chain's open failure. */
export async function chainRecovered(engine: Engine, run: Run, message: DetectMessage): Promise<void> {
  if (message.attempt > 1) await engine.runs.noteWaiting(run.tenantId, run.id, undefined);
  if (message.page > 0 || parseChain(message.chain).kind !== 'changes' || run.dryRun) return;
  await resumeListed(engine, run, message.chain);
  const failure = await engine.failures.get(run.tenantId, chainFailureId(run.connectionId, message.chain));
  if (failure) await engine.failures.close(run.tenantId, failure.id);
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
