/**
 * A system whose calls fail or take too long is left alone by everybody. Always true: once five of the last ten calls of
 * this instance were bad nobody calls that system while its breaker is open; then one call is let through, and the others
 * wait for what it finds out: it closes the breaker, or opens it for twice as long. Calls are counted in memory, so those
 * that are well ask nothing of storage. A crash leaves a breaker that is half open by its time, whoever was to probe. Attacked by
 * test/sync/breaker.test.ts.
 */

import { asSyncError, SyncError } from '../../core/errors.ts';
import {
  type Breaker,
  isOutage,
  isTripped,
  type LastCalls,
  openedBreaker,
  probedBreaker,
  slowCallMs,
  withCall,
} from '../../core/timing/breaker.ts';
import type { RecordSystem } from '../../ports/record-system.ts';
import type { ConnectionEnd } from '../../ports/throttles.ts';
import type { Engine } from '../engine.ts';

/** The calls of one opened system. */
interface Watched {
  last: LastCalls;
  /** Operations under way. */
  open: number;
}

/** For as long as its instance keeps a system open. */
const watched = new WeakMap<RecordSystem, Watched>();

function leftAlone({ runtime }: Engine, untilMs: number): SyncError {
  const retryAfterMs = untilMs - runtime.nowMs();
  return new SyncError('transient', 'The system fails or is slow, and is left alone.', {
    retryAfterMs,
    heededUntilMs: untilMs,
  });
}

/** Why nobody calls a system now, while its breaker is open; half open, one may. */
export function stillOpen(engine: Engine, breaker: Breaker | undefined): SyncError | undefined {
  return breaker && breaker.untilMs > engine.runtime.nowMs() ? leftAlone(engine, breaker.untilMs) : undefined;
}

/** A person has found the system well: the next call sees for itself, however long it was to be left alone. */
export async function letProbe(engine: Engine, end: ConnectionEnd): Promise<void> {
  const breaker = (await engine.breakers.get(end.tenantId, end.connectionId))[end.side];
  const nowMs = engine.runtime.nowMs();
  if (breaker && breaker.untilMs > nowMs) await engine.breakers.replace(end, breaker, { ...breaker, untilMs: nowMs });
}

/** Of a breaker that is half open: the one who is to probe gets it as it stands meanwhile; anybody else has to wait. */
async function takeProbe(engine: Engine, end: ConnectionEnd, breaker: Breaker): Promise<Breaker> {
  const probed = probedBreaker(breaker, engine.runtime.nowMs());
  if (await engine.breakers.replace(end, breaker, probed)) return probed;
  throw leftAlone(engine, probed.untilMs);
}

interface Operation<Answer> {
  /** How large a part of what it was asked for came to nothing because the system is down, 0 to 1. */
  readonly share?: (answer: Answer) => number;
  /** Calls that it makes side by side, at most. */
  readonly atOnce?: number;
}

export type HeededCall = <Answer>(send: () => Promise<Answer>, how?: Operation<Answer>) => Promise<Answer>;

export interface HeedingBreaker {
  readonly call: HeededCall;
  /** What is asked to open a system: mostly answered from memory, so nobody waits for what it finds out. */
  readonly open: HeededCall;
}

/** `breaker`: as it was read; it is not open, but may be half open. */
export function heedingBreaker(
  engine: Engine,
  end: ConnectionEnd,
  system: RecordSystem,
  breaker: Breaker | undefined,
): HeedingBreaker {
  const { runtime, telemetry } = engine;
  const calls = watched.get(system) ?? { last: [], open: 0 };
  watched.set(system, calls);
  let halfOpen = breaker;
  let probe: Promise<void> | undefined;
  let openUntilMs = 0;

  /** The answer at hand counts, whatever becomes of this. */
  const keep = async (before: Breaker | undefined, after: Breaker | undefined): Promise<void> => {
    try {
      const kept = await engine.breakers.replace(end, before, after);
      if (kept && after && !before) telemetry.count('BreakerOpened', 1, { side: end.side });
    } catch (failure) {
      telemetry.failure('breaker-not-kept', asSyncError(failure), { tenantId: end.tenantId });
    }
  };

  const note = async (isBad: boolean): Promise<void> => {
    const before = halfOpen;
    halfOpen = undefined;
    calls.last = before ? [] : withCall(calls.last, isBad);
    if (before ? isBad : isTripped(calls.last)) {
      const after = openedBreaker(before, runtime.nowMs());
      openUntilMs = after.untilMs;
      calls.last = [];
      await keep(before, after);
    } else if (before) await keep(before, undefined);
  };

  const counted: HeededCall = async (send, how) => {
    const [beganMs, made, openBefore] = [runtime.nowMs(), system.callCount(), calls.open + 1];
    calls.open = openBefore;
    let error: SyncError | undefined;
    let outage = 0;
    try {
      const answer = await send();
      outage = how?.share?.(answer) ?? 0;
      return answer;
    } catch (failure) {
      error = asSyncError(failure);
      outage = isOutage(error) ? 1 : 0;
      throw failure;
    } finally {
      // What an operation takes is the time of its calls, and of those made beside them.
      const beside = Math.max(openBefore, calls.open) * (how?.atOnce ?? 1);
      calls.open -= 1;
      const count = system.callCount() - made;
      const callMs = count > 0 ? ((runtime.nowMs() - beganMs) * beside) / count : 0;
      const isBad = outage >= 0.5 || callMs > slowCallMs;
      // Neither what was answered from memory nor a defect of ours says anything of the system.
      if (isBad || (count > 0 && error?.kind !== 'defect')) await note(isBad);
    }
  };

  const probing: HeededCall = async (send, how) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    probe = promise;
    try {
      if (halfOpen) halfOpen = await takeProbe(engine, end, halfOpen);
      return await counted(send, how);
    } finally {
      probe = undefined;
      resolve();
    }
  };

  return {
    open: counted,
    async call(send, how) {
      while (probe) await probe;
      if (openUntilMs > runtime.nowMs()) throw leftAlone(engine, openUntilMs);
      return halfOpen ? probing(send, how) : counted(send, how);
    },
  };
}
