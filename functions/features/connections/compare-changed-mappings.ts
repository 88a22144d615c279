import { mappedFields, mappingFingerprint } from '../../core/mapping/mapped-fields.ts';
import type { ConnectionSetup } from '../../core/model/connection-setup.ts';
import { startRun } from '../../sync/runs/start-run.ts';
import type { Application } from '../application.ts';

/**
 * Starts a compare run over each actor type whose mapping, directions or list pairs differ from those of the last
 * activation, so that existing links meet the new mapping. The fingerprint is stored after the run is: a crash in
 * between compares twice, never not at all.
 */
export async function compareChangedMappings(app: Application, setup: ConnectionSetup, caller: string): Promise<void> {
  const { tenantId, id } = setup.connection;
  for (const type of setup.actorTypes) {
    const activatedFingerprint = mappingFingerprint(setup, type.actorType);
    if (type.activatedFingerprint === activatedFingerprint) continue;
    const isMapped = mappedFields(setup, type.actorType).length > 0;
    if (type.activatedFingerprint !== undefined && isMapped) {
      await startRun(app, {
        tenantId,
        connectionId: id,
        kind: 'compare',
        scope: { kind: 'actor-type', actorType: type.actorType },
        trigger: { by: 'activation', caller },
      });
    }
    // A mapping that changed again meanwhile differs from any fingerprint, and is compared by its own activation.
    await app.connections.replaceActorType({ ...type, activatedFingerprint });
  }
}
