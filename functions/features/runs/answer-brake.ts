/**
 * A person's answer to a brake. Always true: the answer is stored with the run that carries it out, and while that run
 * goes on there is no other answer; once it has ended or stalled, a brake that still stands can be answered again. A crash
 * after it leaves a run without its message, which the dispatcher helps on. Attacked by test/sync/brake.test.ts.
 */
import { SyncError } from '../../core/errors.ts';
import { notActiveText } from '../../core/explain/not-active.ts';
import { type ActKind, type Brake, type BrakeAnswer, limitOf } from '../../core/model/brake.ts';
import type { ConnectionSetup } from '../../core/model/connection-setup.ts';
import { hasEnded, type Run } from '../../core/model/run.ts';
import { isStalled } from '../../core/timing/stalled-or-abandoned.ts';
import type { Engine } from '../../sync/engine.ts';
import { countLinks } from '../../sync/guards/message-facts.ts';
import { startChains } from '../../sync/runs/slots.ts';
import { newRun } from '../../sync/runs/start-run.ts';
import { changedAtOnce } from '../expect-revision.ts';
import { found } from '../found.ts';

interface Asked {
  readonly tenantId: string;
  readonly caller: string;
  /** The run that was stopped. */
  readonly runId: string;
  readonly answer: BrakeAnswer['kind'];
  /** Of the brakes that it was stopped by; all where none is named. */
  readonly kinds?: readonly ActKind[] | undefined;
}

async function refuseSecondAnswer(engine: Engine, { tenantId, answer }: Brake): Promise<void> {
  if (!answer) return;
  const run = await engine.runs.get(tenantId, answer.runId);
  if (!run || hasEnded(run.state) || isStalled(run, engine.runtime.nowMs(), engine.settings)) return;
  throw new SyncError('conflict', `The brake has an answer (${answer.kind}), which run ${run.id} carries out.`);
}

/** The set-up of the connection, and its brakes that the run was stopped by and the answer is to. */
async function standing(
  engine: Engine,
  { tenantId, runId, kinds }: Asked,
): Promise<{ setup: ConnectionSetup; brakes: readonly Brake[] }> {
  const run = found(await engine.runs.get(tenantId, runId), 'sync run', runId);
  if (run.state !== 'stopped-by-brake') {
    throw new SyncError('conflict', `The run is ${run.state}: only one that a brake has stopped can be answered.`);
  }
  if (run.children) {
    throw new SyncError(
      'conflict',
      'It is a run over all connections: answer those of its runs that a brake has stopped.',
    );
  }
  const setup = found(await engine.connections.getSetup(tenantId, run.connectionId), 'connection', run.connectionId);
  const { state } = setup.connection;
  if (state !== 'active') throw new SyncError('conflict', notActiveText(state));
  const endedAt = run.endedAt ?? '';
  const brakes = setup.brakes.filter((brake) => brake.at <= endedAt);
  if (brakes.length === 0) throw new SyncError('conflict', 'The brake that stopped this run stands no more.');
  const answered = brakes.filter(({ kind }) => kinds?.includes(kind) !== false);
  if (answered.length > 0) return { setup, brakes: answered };
  const others = brakes.map(({ kind }) => kind).join(', ');
  throw new SyncError('conflict', `No brake of that kind stopped this run; those that did are on ${others}.`);
}

/** The run that carries the answer out: it looks at all that is due. */
export async function answerBrake(engine: Engine, asked: Asked): Promise<Run> {
  const { tenantId, caller, answer } = asked;
  const { setup, brakes } = await standing(engine, asked);
  for (const brake of brakes) await refuseSecondAnswer(engine, brake);
  const { id: connectionId, allowances } = setup.connection;
  const asNew = await newRun(engine, {
    tenantId,
    connectionId,
    kind: 'sync',
    scope: { kind: 'connection' },
    trigger: { by: 'brake', caller },
  });
  const run: Run = { ...asNew, chains: { due: { page: 0 } } };
  const links = await countLinks(engine, tenantId, connectionId);
  const answered = brakes.map((brake): Brake => {
    const limit = brake.withheld + limitOf(brake.kind, allowances, links);
    return { ...brake, answer: { kind: answer, runId: run.id, at: run.createdAt, caller, limit } };
  });
  if (!(await engine.brakes.answer(answered, run))) throw changedAtOnce('brake');
  await startChains(engine, run);
  return run;
}
