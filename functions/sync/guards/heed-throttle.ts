/**
 * A system that asks for patience is left alone by everybody. Always true: what one worker is told is kept where every
 * worker reads it before it calls, and until then nobody calls. A crash before it is kept costs one more call that is
 * refused. Attacked by test/sync/throttled.test.ts.
 */

import { SyncError } from '../../core/errors.ts';
import type { BySide } from '../../core/model/by-side.ts';
import type { ConnectionSetup } from '../../core/model/connection-setup.ts';
import { sides } from '../../core/model/side.ts';
import { calmMs } from '../../core/timing/caps.ts';
import type { Throttle } from '../../core/timing/throttle.ts';
import type { RecordSystem, WriteAnswer } from '../../ports/record-system.ts';
import type { ConnectionEnd } from '../../ports/throttles.ts';
import type { Engine } from '../engine.ts';

/** The wait that stands, as a call would meet it; nothing once it is over. */
export function stillThrottled({ runtime }: Engine, throttle: Throttle | undefined): SyncError | undefined {
  const retryAfterMs = throttle ? throttle.untilMs - runtime.nowMs() : 0;
  if (!throttle || retryAfterMs <= 0) return undefined;
  const heededUntilMs = throttle.untilMs;
  return new SyncError('throttled', 'The system has asked for patience.', { retryAfterMs, heededUntilMs });
}

/** Keeps what a system asked for; the error then carries the wait that everybody heeds. Other errors stay as they are. */
export async function keptForAll(engine: Engine, end: ConnectionEnd, error: unknown): Promise<unknown> {
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

/** The system as workers call it: once it has asked for patience, nothing more is sent for that time. */
export function heedingThrottle(engine: Engine, end: ConnectionEnd, system: RecordSystem): RecordSystem {
  let untilMs = 0;
  const kept = async (error: unknown): Promise<unknown> => {
    const heeded = await keptForAll(engine, end, error);
    if (heeded instanceof SyncError) untilMs = heeded.heededUntilMs ?? untilMs;
    return heeded;
  };
  const call = async <Answer>(send: () => Promise<Answer>): Promise<Answer> => {
    const standing = stillThrottled(engine, { untilMs });
    if (standing) throw standing;
    try {
      return await send();
    } catch (failure) {
      throw await kept(failure);
    }
  };
  const answerKept = async (answer: WriteAnswer): Promise<WriteAnswer> => {
    if (answer.outcome !== 'failed' || answer.error.kind !== 'throttled') return answer;
    const error = await kept(answer.error);
    return error instanceof SyncError ? { outcome: 'failed', error } : answer;
  };
  return {
    capabilities: () => call(() => system.capabilities()),
    describe: (type) => call(() => system.describe(type)),
    listItems: (listName) => call(() => system.listItems(listName)),
    start: (table) => call(() => system.start(table)),
    listChanges: (request) => call(() => system.listChanges(request)),
    get: (type, keys, fields) => call(() => system.get(type, keys, fields)),
    search: (request) => call(() => system.search(request)),
    async update(type, writes, fields) {
      const answers = await call(() => system.update(type, writes, fields));
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
