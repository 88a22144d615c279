/**
 * A system that asks for patience is left alone by everybody. Always true: what one worker is told is kept where every
 * worker reads it before it calls, and until then nobody calls. A crash before it is kept costs one more call that is
 * refused. Attacked by test/sync/throttled.test.ts.
 */

import { asSyncError, SyncError } from '../../core/errors.ts';
import type { BySide } from '../../core/model/by-side.ts';
import type { ConnectionSetup } from '../../core/model/connection-setup.ts';
import { type Side, sides } from '../../core/model/side.ts';
import { type Breaker, isOutage } from '../../core/timing/breaker.ts';
import { calmMs } from '../../core/timing/caps.ts';
import type { Throttle } from '../../core/timing/throttle.ts';
import type { RecordBatch, RecordSystem, WriteAnswer } from '../../ports/record-system.ts';
import type { ConnectionEnd } from '../../ports/throttles.ts';
import type { Engine } from '../engine.ts';
import { type HeededCall, heedingBreaker, stillOpen } from './heed-breaker.ts';

/** The wait that stands, as a call would meet it; nothing once it is over. */
function stillThrottled({ runtime }: Engine, throttle: Throttle | undefined): SyncError | undefined {
  const retryAfterMs = throttle ? throttle.untilMs - runtime.nowMs() : 0;
  if (!throttle || retryAfterMs <= 0) return undefined;
  const heededUntilMs = throttle.untilMs;
  return new SyncError('throttled', 'The system has asked for patience.', { retryAfterMs, heededUntilMs });
}

/** What is kept of both systems for everybody to heed. */
export interface Heeded {
  readonly throttles: BySide<Throttle | undefined>;
  readonly breakers: BySide<Breaker | undefined>;
}

/** Why a side is not to be called now, by anybody; nothing if it may be. */
export function whyNotCalled(engine: Engine, { throttles, breakers }: Heeded, side: Side): SyncError | undefined {
  return stillThrottled(engine, throttles[side]) ?? stillOpen(engine, breakers[side]);
}

/** Keeps what a system asked for; the error then carries the wait that everybody heeds. Other errors stay as they are. */
async function keptForAll(engine: Engine, end: ConnectionEnd, error: unknown): Promise<unknown> {
  if (!(error instanceof SyncError) || error.kind !== 'throttled') return error;
  const nowMs = engine.runtime.nowMs();
  const [{ untilMs }] = await Promise.all([
    engine.throttles.note(end, nowMs, error.retryAfterMs),
    engine.inHand.keepCalm(end, nowMs + calmMs),
  ]);
  const { explanation } = error;
  return new SyncError('throttled', error.message, {
    cause: error,
    retryAfterMs: untilMs - nowMs,
    heededUntilMs: untilMs,
    ...(explanation !== undefined && { explanation }),
  });
}

function outagesOf(errors: readonly SyncError[], asked: number): number {
  return asked > 0 ? errors.filter(isOutage).length / asked : 0;
}

function readOutages({ records, missing, failed }: RecordBatch): number {
  const asked = records.length + missing.length + failed.length;
  return outagesOf(
    failed.map(({ error }) => error),
    asked,
  );
}

function writeOutages(answers: readonly WriteAnswer[]): number {
  return outagesOf(
    answers.flatMap((answer) => (answer.outcome === 'failed' ? [answer.error] : [])),
    answers.length,
  );
}

/**
 * The system as workers call it: once it has asked for patience, or its breaker has opened, nothing more is sent for that
 * time. `breaker`: as it was read, half open if it stands.
 */
export function heedingSystem(
  engine: Engine,
  end: ConnectionEnd,
  system: RecordSystem,
  breaker: Breaker | undefined,
): RecordSystem {
  let untilMs = 0;
  const kept = async (error: unknown): Promise<unknown> => {
    const heeded = await keptForAll(engine, end, error);
    if (heeded instanceof SyncError && heeded.kind === 'throttled') untilMs = heeded.heededUntilMs ?? untilMs;
    return heeded;
  };
  const unlessOpen = heedingBreaker(engine, end, system, breaker);
  const heeding =
    (heeded: HeededCall): HeededCall =>
    async (send, how) => {
      const standing = stillThrottled(engine, { untilMs });
      if (standing) throw standing;
      try {
        return await heeded(send, how);
      } catch (failure) {
        throw await kept(failure);
      }
    };
  const call = heeding(unlessOpen.call);
  const open = heeding(unlessOpen.open);
  const answerKept = async (answer: WriteAnswer): Promise<WriteAnswer> => {
    if (answer.outcome !== 'failed' || answer.error.kind !== 'throttled') return answer;
    return { outcome: 'failed', error: asSyncError(await kept(answer.error)) };
  };
  return {
    capabilities: () => open(() => system.capabilities()),
    describe: (type) => call(() => system.describe(type)),
    listItems: (listName, language) => call(() => system.listItems(listName, language)),
    start: (table) => call(() => system.start(table)),
    listChanges: (request) => call(() => system.listChanges(request)),
    get: (type, keys, fields) => call(() => system.get(type, keys, fields), { share: readOutages }),
    whichExist: (type, keys) => call(() => system.whichExist(type, keys)),
    search: (request) => call(() => system.search(request)),
    async update(type, writes, fields, callsAtOnce) {
      const atOnce = Math.min(callsAtOnce ?? 1, writes.length);
      const answers = await call(() => system.update(type, writes, fields, callsAtOnce), {
        share: writeOutages,
        atOnce,
      });
      const heeded: WriteAnswer[] = [];
      for (const answer of answers) heeded.push(await answerKept(answer));
      return heeded;
    },
    access: (type) => call(() => system.access(type)),
    wholeNames: (type, changes, fields) => call(() => system.wholeNames(type, changes, fields)),
    callCount: () => system.callCount(),
  };
}

/** After work with both systems: a wait that was over when it began, and was not renewed, is done with. */
export async function forgetPassedThrottles(
  engine: Engine,
  { setup, throttles }: { readonly setup: ConnectionSetup; readonly throttles: BySide<Throttle | undefined> },
): Promise<void> {
  const { tenantId, id: connectionId } = setup.connection;
  for (const side of sides) {
    const throttle = throttles[side];
    if (throttle) await engine.throttles.clear({ tenantId, connectionId, side }, throttle);
  }
}
