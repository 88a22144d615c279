import { resumeActorTypes } from '../../sync/guards/resume-actor-types.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { type ActorTypeView, actorTypeView } from '../mappings/actor-types.ts';
import { savedErp, testedEnds } from '../systems/connection-ends.ts';
import { liveSetup, refuseMoved, refuseSuspended } from '../systems/live-setup.ts';
import { refreshSetup } from '../systems/refresh-setup.ts';
import { tenantOf } from '../tenants/tenant-of.ts';
import { compareChangedMappings } from './compare-changed-mappings.ts';
import { resumeTrail } from './trail-on-connection.ts';

/** Asks both systems again what they offer; mapped fields that are gone are marked *missing in ERP*. */
export async function refreshMetadata(app: Application, caller: Caller, id: string): Promise<ActorTypeView[]> {
  const { tenantId } = caller;
  const saved = await liveSetup(app, tenantId, id);
  const setup = { ...saved, connection: await refuseMoved(app, saved.connection) };
  refuseSuspended(setup.connection);
  const tenant = await tenantOf(app, tenantId);
  const ends = await testedEnds(app, tenant, await savedErp(app, setup.connection));
  const refreshed = await refreshSetup(app, caller, setup, ends);
  await resumeActorTypes(app, refreshed.actorTypes, resumeTrail(app, caller, setup.connection));
  if (setup.connection.state === 'active') await compareChangedMappings(app, refreshed, caller.caller);
  return refreshed.actorTypes.map((type) => actorTypeView({ ...type, suspended: undefined }));
}
