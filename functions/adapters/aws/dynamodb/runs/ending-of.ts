/**
 * The write that ends a run. Always true: a run that has ended stays as it ended, and one that is done, or stopped by a
 * brake, has nothing detecting and no chunk open. One write, so a crash leaves the run before it or after it. Attacked by
 * test/contract/stores-runs-suite.ts.
 */
import { type Run, type RunReason, type RunState, runMoves, runStates } from '../../../../core/model/run.ts';
import type { Condition, Write } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { attributesOf } from '../table/stored-item.ts';

interface Ending {
  readonly state: RunState;
  readonly at: string;
  readonly reason?: RunReason | undefined;
  readonly expiresAtMs: number;
}

export function endingOf(
  run: Pick<Run, 'tenantId' | 'id'>,
  { state, at, reason, expiresAtMs }: Ending,
): Extract<Write, { readonly update: unknown }> {
  const expires = Math.ceil(expiresAtMs / 1000);
  return {
    update: keys.run(run.tenantId, run.id),
    set: attributesOf({ state, endedAt: at, lastProgressAt: at, expires, reason }),
    remove: ['waiting', 'gsi3pk', 'gsi3sk'],
    when: mayEnd(state),
  };
}

const complete: readonly RunState[] = ['done', 'done-with-failures', 'stopped-by-brake'];

/** From every state that may move there; complete only when nothing is left to detect or to look at. */
function mayEnd(state: RunState): Condition {
  const from = runStates.filter((candidate) => runMoves[candidate].includes(state));
  const isComplete = complete.includes(state);
  return isComplete
    ? { oneOf: { state: from }, equals: { open: 0 }, absent: ['detecting'] }
    : { oneOf: { state: from } };
}
