/**
 * Begins a sweep of a connection, or leaves the one under way to go on. Always true: by itself a new one begins only once
 * every chain of the last that is worked with has ended, so that one that takes several days comes to its end; one that a
 * person asks for goes through all links of its scope, so each chain of it that is not one of today is begun anew, beside
 * the others that are under way. A crash before its run starts leaves it at its beginning, from where the next run goes on.
 * Attacked by test/sync/sweep.test.ts and test/features/runs/asked-sweep.test.ts.
 */
import { type ConnectionSetup, withoutSetAside } from '../../core/model/connection-setup.ts';
import type { Run, RunScope } from '../../core/model/run.ts';
import { noSweepProgress, type Sweep, type SweepProgress, sinceWhen } from '../../core/model/sweep.ts';
import type { Engine } from '../engine.ts';
import { chainsOf } from './chains.ts';

function among<Of>(all: Readonly<Record<string, Of>>, chains: readonly string[]): [string, Of][] {
  return Object.entries(all).filter(([chain]) => chains.includes(chain));
}

/** The chains that begin anew, beside those of the last sweep that go on; the whole of it is named by when it was begun. */
function sweepOf(begunAt: string, anew: readonly string[], last: Sweep | undefined, atWork: readonly string[]): Sweep {
  const others = atWork.filter((chain) => !anew.includes(chain));
  const goesOn = among(last?.underWay ?? {}, others);
  const carried = goesOn.map(([chain, progress]): [string, SweepProgress] => [
    chain,
    { ...progress, begunAt, since: sinceWhen(progress) },
  ]);
  return {
    begunAt,
    underWay: Object.fromEntries([
      ...carried,
      ...anew.map((chain): [string, SweepProgress] => [chain, noSweepProgress(begunAt)]),
    ]),
    // Of one that goes on, what has ended belongs to it still.
    ended: Object.fromEntries(goesOn.length > 0 ? among(last?.ended ?? {}, others) : []),
  };
}

export async function beginSweep(
  engine: Engine,
  setup: ConnectionSetup,
  { scope, trigger }: Pick<Run, 'scope' | 'trigger'>,
): Promise<void> {
  const { tenantId, id } = setup.connection;
  const { sweep: last } = await engine.connections.activity(tenantId, id);
  // What is set aside, or synchronised no more, keeps nobody waiting.
  const working = withoutSetAside(setup, engine.runtime.nowMs());
  const chainsIn = (which: RunScope) => chainsOf(working, { kind: 'sweep', scope: which, dryRun: false });
  const atWork = chainsIn({ kind: 'connection' });
  const begunAt = engine.runtime.now();
  const isAsked = trigger.by === 'user';
  if (!isAsked && atWork.some((chain) => last?.underWay[chain])) return;
  const isOfToday = (chain: string) => {
    const progress = last?.underWay[chain];
    return progress !== undefined && sinceWhen(progress).slice(0, 10) === begunAt.slice(0, 10);
  };
  const anew = chainsIn(scope).filter((chain) => !isOfToday(chain));
  if (anew.length === 0) return;
  const begun = await engine.connections.beginSweep(tenantId, id, sweepOf(begunAt, anew, last, atWork), last);
  // Somebody else has begun one since: by itself that one goes on; it may not have what a person asked for.
  if (!begun && isAsked) await beginSweep(engine, setup, { scope, trigger });
}
