/**
 * Starts a dry run that plans by a proposed mapping. Always true: the proposal is stored before its run, which alone reads
 * it; one at a time goes through an actor type. A crash in between leaves a proposal that nobody reads, until it expires.
 * Attacked by test/features/mappings/dry-run.test.ts.
 */
import { SyncError } from '../../core/errors.ts';
import { fieldsInUse } from '../../core/mapping/fields-in-use.ts';
import type { WholeSetup } from '../../core/model/connection-setup.ts';
import { type Proposal, withProposal } from '../../core/model/proposal.ts';
import { isDetecting, type Run } from '../../core/model/run.ts';
import type { Engine } from '../engine.ts';
import { finishIfComplete } from './finish-run.ts';
import { liveRunInSlot, passSlotOn } from './slots.ts';
import { newRun, startDetecting } from './start-run.ts';

interface Proposing extends Pick<Proposal, 'actorType' | 'mapping'> {
  readonly setup: WholeSetup;
  readonly caller: string;
}

/** SyncError `conflict` while another proposal is tried on that actor type. A type that nothing is linked of is done with at once. */
export async function startProposed(engine: Engine, { setup, caller, actorType, mapping }: Proposing): Promise<Run> {
  const { tenantId, id: connectionId } = setup.connection;
  const run: Run = {
    ...(await newRun(engine, {
      tenantId,
      connectionId,
      kind: 'compare',
      scope: { kind: 'actor-type', actorType },
      trigger: { by: 'user', caller },
      dryRun: true,
    })),
    proposed: true,
  };
  const busy = await liveRunInSlot(engine, run);
  if (busy !== undefined) {
    throw new SyncError(
      'conflict',
      `Another mapping of this type is being tried (run ${busy}): wait for it, or cancel it.`,
    );
  }
  const type = setup.actorTypes.find((one) => one.actorType === actorType);
  // The set-up that the run reads has the fields of the saved mapping alone.
  const described = type && fieldsInUse({ ...type, ...mapping });
  const proposal = { tenantId, runId: run.id, actorType, mapping, described };
  const [{ items: linked }] = await Promise.all([
    engine.links.list(tenantId, { connectionId, actorType }, { limit: 1 }),
    engine.proposals.put(proposal, run.createdAt),
  ]);
  const only = linked.length > 0 ? undefined : [];
  const started = await startDetecting(engine, run, { setup: withProposal(setup, proposal), ifBusy: 'skip', only });
  if (!started) throw new SyncError('conflict', 'Another mapping of this type is being tried: wait for it.');
  if (isDetecting(started)) return started;
  await passSlotOn(engine, started);
  await finishIfComplete(engine, started);
  return (await engine.runs.get(tenantId, started.id)) ?? started;
}
