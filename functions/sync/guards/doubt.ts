/**
 * What would stop a connection, a type of it or a list for long is believed only when it is met twice in a row. Always true:
 * of one odd answer, given while a system was restarted, moved or changed, nothing is left but a short wait; a refused
 * sign-in is not doubted, for nobody sends a refused password twice. The doubt goes with the message, so a crash leaves it
 * there. Attacked by test/sync/doubt.test.ts.
 */
import type { ErrorKind, SyncError } from '../../core/errors.ts';
import { plannedWaitMs } from '../../core/timing/retry.ts';
import type { WorkMessage } from '../../ports/work-queue.ts';
import type { Engine } from '../engine.ts';
import type { LinkVerdict } from '../look/link-verdict.ts';

/** What a system, or something in front of it, may answer by an accident of timing, and what rests for an hour or a day then. */
const doubtfulOfMany: ReadonlySet<ErrorKind> = new Set(['misconfigured', 'missing', 'stale']);

/** Whether what was met over a page of a list is not believed yet. */
export function isDoubted({ doubted }: Pick<WorkMessage, 'doubted'>, { kind, listTrouble }: SyncError): boolean {
  return !doubted && (doubtfulOfMany.has(kind) || kind === 'forbidden' || listTrouble === 'clock-stepped-back');
}

/**
 * Whether the next try still doubts. Who was put off heard nothing new: a system that asks for patience, or is left alone,
 * after each odd answer would else be asked for ever.
 */
export function stillDoubted(
  { doubted }: Pick<WorkMessage, 'doubted'>,
  error: SyncError | undefined,
): true | undefined {
  return doubted && error?.heededUntilMs !== undefined ? true : undefined;
}

/** It spends no attempt: the next meeting decides. */
export function doubtMs({ runtime }: Pick<Engine, 'runtime'>): number {
  return plannedWaitMs(1, runtime.random());
}

/** Verdicts with the trouble that is more than one link's put off for once, so that nobody concludes from it. */
export function doubtOnce(
  engine: Pick<Engine, 'runtime'>,
  { doubted }: Pick<WorkMessage, 'doubted'>,
  verdicts: ReadonlyMap<string, LinkVerdict>,
): ReadonlyMap<string, LinkVerdict> {
  if (doubted) return verdicts;
  const waitMs = doubtMs(engine);
  const isOdd = (one: LinkVerdict) =>
    one.verdict === 'wait' && !one.own && one.error !== undefined && doubtfulOfMany.has(one.error.kind);
  return new Map(
    [...verdicts].map(([linkId, one]) => [
      linkId,
      isOdd(one) ? { ...one, verdict: 'wait', spends: false, waitMs, doubted: true } : one,
    ]),
  );
}
