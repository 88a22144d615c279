/**
 * Meets links with a mapping that is another one than at the last activation. Always true: the fingerprint is stored after
 * the run is, so a crash in between compares twice, never not at all. Attacked by
 * test/features/connections/activate-connection.test.ts and test/sync/drift.test.ts.
 */
import { mappedFields, mappingFingerprint } from '../../core/mapping/mapped-fields.ts';
import type { ActorTypeSetup, ConnectionSetup } from '../../core/model/connection-setup.ts';
import type { RunTrigger } from '../../core/model/run.ts';
import type { Engine } from '../engine.ts';
import { startRun } from './start-run.ts';

const mostTries = 5;

/**
 * Kept though the type changes at once, as when the engine sets it aside: without it the next activation would not know
 * that the mapping had changed. If the mapping itself was changed, it differs from this one, as it should. False: it
 * changes all the time.
 */
async function keepActivated(engine: Engine, read: ActorTypeSetup, activatedFingerprint: string): Promise<boolean> {
  let type: ActorTypeSetup | undefined = read;
  for (let tries = 0; type && tries < mostTries; tries += 1) {
    if (await engine.connections.noteActorType(type, { activatedFingerprint })) return true;
    const now = await engine.connections.getSetup(read.tenantId, read.connectionId);
    type = now?.actorTypes.find(({ actorType }) => actorType === read.actorType);
  }
  return type === undefined;
}

/**
 * Starts a compare run over each actor type whose mapping, directions or list pairs differ from those of the last
 * activation. False: a type was changed all the time meanwhile, and is compared again by whoever comes next.
 */
export async function compareChanged(engine: Engine, setup: ConnectionSetup, trigger: RunTrigger): Promise<boolean> {
  const { tenantId, id: connectionId } = setup.connection;
  for (const type of setup.actorTypes) {
    const activatedFingerprint = mappingFingerprint(setup, type.actorType);
    if (type.activatedFingerprint === activatedFingerprint) continue;
    const isMapped = mappedFields(setup, type.actorType).length > 0;
    if (type.activatedFingerprint !== undefined && isMapped) {
      const scope = { kind: 'actor-type', actorType: type.actorType } as const;
      await startRun(engine, { tenantId, connectionId, kind: 'compare', scope, trigger });
    }
    if (!(await keepActivated(engine, type, activatedFingerprint))) return false;
  }
  return true;
}
