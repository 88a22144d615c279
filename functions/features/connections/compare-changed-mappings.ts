import type { ConnectionSetup } from '../../core/model/connection-setup.ts';
import { isEngineStopped } from '../../core/model/tenant.ts';
import { compareChanged } from '../../sync/runs/compare-changed.ts';
import type { Application } from '../application.ts';
import { changedAtOnce } from '../expect-revision.ts';

/** So that existing links meet the mapping that somebody activated, or that a refresh changed. */
export async function compareChangedMappings(app: Application, setup: ConnectionSetup, caller: string): Promise<void> {
  // Starting the engine makes up for it.
  if (isEngineStopped(await app.tenants.get(setup.connection.tenantId))) return;
  if (!(await compareChanged(app, setup, { by: 'activation', caller }))) throw changedAtOnce('actor type');
}
