/**
 * Keeps what a tenant has in hand within its caps. Always true: no system is asked for a message that does not count, so no
 * tenant and no connection holds more workers than it may; what may not stay is sent anew before it is acknowledged, with how often
 * it was put off and received, so nothing of it is lost and no attempt is spent. A crash leaves an entry that
 * expires, or a message twice. Attacked by test/sync/caps.test.ts.
 */

import { asSyncError } from '../../core/errors.ts';
import { mayEnter, putOffMs } from '../../core/timing/caps.ts';
import type { Entered } from '../../ports/in-hand.ts';
import type { WorkMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';

/** It comes again later; this receive of it was no death of a worker. */
async function putOff(engine: Engine, message: WorkMessage, receiveCount: number): Promise<void> {
  const { times = 0, receives = 0 } = message.putOff ?? {};
  const { interactive, lane } = message;
  const next = { ...message, putOff: { times: times + 1, receives: receives + receiveCount - 1 } };
  await engine.queue.send([next], { delayMs: putOffMs(times, interactive, engine.runtime.random()) });
  engine.telemetry.count('MessagesPutOff', 1, { lane });
}

/** The message counts as in hand from now on; nothing if it may not be worked on yet. */
async function enter(engine: Engine, message: WorkMessage): Promise<Entered | undefined> {
  const { tenantId, connectionId, interactive } = message;
  const nowMs = engine.runtime.nowMs();
  const asking = { tenantId, connectionId, interactive, id: engine.runtime.newId() };
  const entered = await engine.inHand.enter(asking, nowMs, nowMs + engine.settings.leaseMs);
  if (mayEnter(asking, entered.beside)) return entered;
  await engine.inHand.leave(entered);
  return undefined;
}

/** What is left behind expires; the work is done and must not come again for it. */
async function leave(engine: Engine, entered: Entered): Promise<void> {
  try {
    await engine.inHand.leave(entered);
  } catch (failure) {
    engine.telemetry.failure('not-left', asSyncError(failure), { tenantId: entered.asking.tenantId });
  }
}

/** A message that is worked on: with how often it was received in all, and whether it may be. */
export interface Held<Message extends WorkMessage> {
  readonly message: Message;
  readonly receives: number;
  /** To be waited for before anything but storage is asked, and nothing done if it is false. */
  readonly mayBegin: Promise<boolean>;
}

/**
 * Does the work of a message if the caps allow it now, else puts it off. What a person waits for is mostly let in, so its
 * work reads from storage while that is asked; other work, of which much may come at once, begins after it.
 */
export async function holdInHand(
  engine: Engine,
  message: WorkMessage,
  receiveCount: number,
  work: (held: Held<WorkMessage>) => Promise<void>,
): Promise<void> {
  const entering = enter(engine, message);
  const mayBegin = entering.then((entered) => entered !== undefined);
  if (message.interactive || (await mayBegin)) {
    const receives = receiveCount + (message.putOff?.receives ?? 0);
    try {
      await work({ message: { ...message, putOff: undefined }, receives, mayBegin });
    } finally {
      const entered = await entering;
      if (entered) await leave(engine, entered);
    }
  }
  if (!(await mayBegin)) await putOff(engine, message, receiveCount);
}
