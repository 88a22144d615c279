/**
 * Begins a sweep of a connection, or leaves the one under way to go on. Always true: a new one begins only once every
 * chain of the last that is worked with has ended, so that one that takes several days comes to its end. A crash before its run starts leaves
 * it at its beginning, from where the next run goes on. Attacked by test/sync/sweep.test.ts.
 */
import { type ConnectionSetup, withoutSetAside } from '../../core/model/connection-setup.ts';
import type { RunScope } from '../../core/model/run.ts';
import { noSweepProgress } from '../../core/model/sweep.ts';
import type { Engine } from '../engine.ts';
import { chainsOf } from './chains.ts';

export async function beginSweep(engine: Engine, setup: ConnectionSetup, scope: RunScope): Promise<void> {
  const { tenantId, id } = setup.connection;
  const { sweep: last } = await engine.connections.activity(tenantId, id);
  // What is set aside, or synchronised no more, keeps nobody waiting.
  const atWork = withoutSetAside(setup, engine.runtime.nowMs());
  const chainsIn = (which: RunScope) => chainsOf(atWork, { kind: 'sweep', scope: which, dryRun: false });
  if (chainsIn({ kind: 'connection' }).some((chain) => last?.underWay[chain])) return;
  const begunAt = engine.runtime.now();
  const underWay = Object.fromEntries(chainsIn(scope).map((chain) => [chain, noSweepProgress(begunAt)]));
  // Where somebody else has begun one since, that one goes on.
  await engine.connections.beginSweep(tenantId, id, { begunAt, underWay, ended: {} }, last);
}
