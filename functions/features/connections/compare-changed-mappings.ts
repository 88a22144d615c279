import { mappedFields, mappingFingerprint } from '../../core/mapping/mapped-fields.ts';
import type { ActorTypeSetup, ConnectionSetup } from '../../core/model/connection-setup.ts';
import { isEngineStopped } from '../../core/model/tenant.ts';
import { startRun } from '../../sync/runs/start-run.ts';
import type { Application } from '../application.ts';
import { changedAtOnce } from '../expect-revision.ts';

const mostTries = 5;

/**
 * Kept though the type changes at once, as when the engine sets it aside: without it the next activation would not know
 * that the mapping had changed. If the mapping itself was changed, it differs from this one, as it should.
 */
async function keepActivated(app: Application, read: ActorTypeSetup, activatedFingerprint: string): Promise<void> {
  let type: ActorTypeSetup | undefined = read;
  for (let tries = 0; type && tries < mostTries; tries += 1) {
    if (await app.connections.replaceActorType({ ...type, activatedFingerprint })) return;
    const now = await app.connections.getSetup(read.tenantId, read.connectionId);
    type = now?.actorTypes.find(({ actorType }) => actorType === read.actorType);
  }
  if (type) throw changedAtOnce('actor type');
}

/**
 * Starts a compare run over each actor type whose mapping, directions or list pairs differ from those of the last
 * activation, so that existing links meet the new mapping. The fingerprint is stored after the run is: a crash in
 * between compares twice, never not at all.
 */
export async function compareChangedMappings(app: Application, setup: ConnectionSetup, caller: string): Promise<void> {
  const { tenantId, id } = setup.connection;
  // Starting the engine makes up for it.
  if (isEngineStopped(await app.tenants.get(tenantId))) return;
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
    await keepActivated(app, type, activatedFingerprint);
  }
}
