/**
 * Slots and what ends with them. Always true: at most one run detects in a slot, and the one that waits for it starts its
 * chains once it has it. A crash may leave the slot with a run that has ended, or the next run without its messages: the
 * redelivered message, the next trigger and the dispatcher's help pass it on again. Attacked by
 * test/crash/every-port-call.test.ts.
 */

import { hasEnded, isDetecting, type Run } from '../../core/model/run.ts';
import type { Engine } from '../engine.ts';
import { detectMessage } from './chains.ts';
import { finishIfComplete } from './finish-run.ts';
import { isPassing } from './passing.ts';

/**
 * One run at a time detects the changes of a connection; compare and resync runs queue by their scope, and apart where nothing depends
 * on them: no such run answers a trigger that needs more.
 */
export function slotOf(
  run: Pick<Run, 'kind' | 'scope' | 'dryRun' | 'trigger' | 'noBlanks' | 'toOthers' | 'proposed'>,
): string {
  const scope = run.kind !== 'sync' && run.scope.kind === 'actor-type' ? `:${run.scope.actorType}` : '';
  const variant = `${run.noBlanks ? ':no-blanks' : ''}${run.toOthers ? ':to-others' : ''}`;
  return `${run.kind}${variant}${scope}${isPassing(run) ? ':passing' : ''}${run.dryRun ? ':dry' : ''}${run.proposed ? ':proposed' : ''}`;
}

/** The first page of every chain of a run that has its slot. */
export async function startChains(engine: Engine, run: Run): Promise<void> {
  await engine.queue.send(Object.keys(run.chains).map((chain) => detectMessage(run, chain, 0)));
}

interface SlotOfRun {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly slot: string;
  readonly runId: string;
}

/** Gives the slot to the run that waits for it and starts that run's chains; safe to repeat. */
async function passOn(engine: Engine, slot: SlotOfRun): Promise<Run | undefined> {
  const next = await engine.runs.releaseSlot(slot.tenantId, slot.connectionId, slot.slot, slot.runId);
  if (next) await startChains(engine, next);
  return next;
}

export async function passSlotOn(engine: Engine, run: Run): Promise<void> {
  const { tenantId, connectionId, id: runId } = run;
  await passOn(engine, { tenantId, connectionId, slot: slotOf(run), runId });
}

/** The run that detects in this run's slot now; one that ended before it could pass its slot on (a crash) gives it up here. */
export async function liveRunInSlot(engine: Engine, run: Run): Promise<string | undefined> {
  const { tenantId, connectionId } = run;
  const slot = slotOf(run);
  const runId = await engine.runs.runInSlot(tenantId, connectionId, slot);
  if (runId === undefined) return undefined;
  const inSlot = await engine.runs.get(tenantId, runId);
  if (inSlot && !hasEnded(inSlot.state)) return runId;
  return (await passOn(engine, { tenantId, connectionId, slot, runId }))?.id;
}

/** Ends a chain; with the last one the run has detected everything: its slot goes on, and a run without open chunks ends. */
export async function endChain(engine: Engine, run: Run, chain: string): Promise<void> {
  const after = await engine.runs.endChain(run.tenantId, run.id, chain);
  if (!after || isDetecting(after)) return;
  const polled = after.trigger.by === 'schedule' && after.kind !== 'sweep';
  await Promise.all([
    passSlotOn(engine, after),
    polled && engine.connections.notePolled(run.tenantId, run.connectionId, engine.runtime.now()),
  ]);
  await finishIfComplete(engine, after);
}
