/**
 * Before an act. Always true: an act is done only by a link that has taken its part of the day's allowance, or of the
 * answer that a person gave; while a brake stands, by nobody else. What was taken once is free for that link, so a crash
 * or another plan takes nothing twice. Attacked by test/property/brake.test.ts and test/sync/brake.test.ts.
 */
import { SyncError } from '../../core/errors.ts';
import { type ActKind, limitOf } from '../../core/model/brake.ts';
import type { Link } from '../../core/model/link.ts';
import type { Side } from '../../core/model/side.ts';
import { hourlyRetryMs, instantAfter, spendsAttempt } from '../../core/timing/retry.ts';
import type { RecordAccess } from '../../ports/record-system.ts';
import type { Engine } from '../engine.ts';
import type { LinkWait } from '../look/link-verdict.ts';
import type { Look } from '../look/look.ts';
import type { ActVerdict } from './act-verdict.ts';

/** What a day's allowance is kept for, where that is not all acts of the kind, and what takes from it in place of the link. */
interface ActPart {
  readonly of: string;
  readonly taker: string;
}

export async function takeAct(
  { engine, context, chunk, facts }: Look,
  link: Link,
  kind: ActKind,
  part?: ActPart,
): Promise<ActVerdict> {
  const { tenantId, connectionId } = link;
  const { connection, brakes } = context.setup;
  const brake = brakes.find((one) => one.kind === kind);
  if (!brake) {
    const day = engine.runtime.now().slice(0, 10);
    const purse = { tenantId, connectionId, kind, of: part ? `${day}.${part.of}` : day };
    const taker = part?.taker ?? link.id;
    // Of many links of a message with the same taker one asks.
    return facts.once(`${purse.kind} ${purse.of} ${taker}`, async () => {
      const limit = limitOf(kind, connection.allowances, await facts.linkCount());
      return (await engine.brakes.take(purse, taker, limit)) ? 'taken' : 'allowance';
    });
  }
  const { answer } = brake;
  if (answer?.runId !== chunk.runId) return 'braked';
  if (answer.kind === 'drop') return 'dropped';
  const taken = await engine.brakes.take({ tenantId, connectionId, kind, of: answer.runId }, link.id, answer.limit);
  return taken ? 'taken' : 'allowance';
}

/** Our rights on the records of one side of the link; a wait that sets the type aside where they cannot be read at all. */
export async function readAccess({ facts }: Look, link: Link, side: Side): Promise<RecordAccess | LinkWait> {
  const { type } = link.ends[side];
  const access = await facts.access(side, type);
  if (access.read) return access;
  const error = new SyncError('misconfigured', `Our user may not read records of type ${type} in the ${side}.`, {
    recordType: type,
    explanation: `The user of the connection has no right to read records of type ${type}.`,
  });
  return { verdict: 'wait', spends: spendsAttempt(error), error };
}

/** When a link with something withheld is looked at again by itself: its values may be there again. */
export function withheldUntil({ runtime }: Engine): string {
  return instantAfter(runtime.nowMs(), hourlyRetryMs);
}
